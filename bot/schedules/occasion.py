"""What a scheduled post is made from: for whom it is, as of when, and the team's deals at that moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from bot.outlook import Outlook
from bot.reply import Reply
from bot.say import Say
from models.deals import Deals
from models.member import Member
from models.members import Members
from models.open_deals import OpenDeals
from models.schedule import AT_ONCE, Schedule
from models.working_days import WorkingDays, country_of
from models.workspace import Workspace, day_in
from scoring.scorer import Scorers
from scoring.stage_news import StageNews


@dataclass(frozen=True)
class Occasion:
    """One scheduled post to one target, in one transaction that only reads: what a Turn is to an interaction."""

    session: Session
    workspace: Workspace
    target: str
    schedule: Schedule | None
    """None when it was removed meanwhile."""
    period: str
    """What it is for, as the ledger has it."""
    time_zone: str
    now: datetime
    since: datetime | None
    """As of when the target heard of this before; None for the first time."""
    scorers: Scorers
    delivery_id: int
    stage_news: StageNews

    @property
    def is_asked_for(self) -> bool:
        """Whether somebody wants it at once, beside its appointments."""
        return self.period.startswith(AT_ONCE)

    @cached_property
    def deals(self) -> Deals:
        return Deals(self.session, self.workspace)

    @cached_property
    def open_deals(self) -> OpenDeals:
        return OpenDeals(self.session, self.workspace)

    @cached_property
    def members(self) -> Members:
        return Members(self.session, self.workspace)

    @cached_property
    def member(self) -> Member | None:
        """The person it is for; None for a channel."""
        return self.members.by_user_id(self.target)

    @property
    def working_days(self) -> WorkingDays:
        """Those of the person, or for a channel those of the country that its time is told by."""
        if self.member:
            return self.member.working_days
        return WorkingDays(country_of(self.time_zone), self.time_zone)

    @property
    def is_at_work(self) -> bool:
        return self.working_days.has(day_in(self.time_zone, self.now))

    @property
    def say(self) -> Say:
        """In the language of the person, or of the workspace for a channel."""
        return Say(self.member.reads if self.member else self.workspace.locale, self.time_zone)

    @cached_property
    def outlook(self) -> Outlook:
        return Outlook(self.session, self.workspace, self.scorers, self.now)


Composer = Callable[[Occasion], Reply | None]
"""Makes the message of an occasion; None when there is nothing to say."""
