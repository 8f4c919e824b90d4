"""What a scheduled post is made from: for whom it is, as of when, and the team's deals at that moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from bot.reply import Reply
from bot.say import Say
from models.deal import Deal
from models.deals import Deals
from models.member import Member
from models.members import Members
from models.score import Estimate
from models.timeline import Timelines
from models.workspace import Workspace
from scoring.scorer import Scorers, estimates_of


@dataclass(frozen=True)
class Occasion:
    """One scheduled post to one target, in one transaction that only reads: what a Turn is to an interaction."""

    session: Session
    workspace: Workspace
    target: str
    time_zone: str
    now: datetime
    since: datetime | None
    """As of when the target heard of this before; None for the first time."""
    scorers: Scorers

    @cached_property
    def deals(self) -> Deals:
        return Deals(self.session, self.workspace)

    @cached_property
    def members(self) -> Members:
        return Members(self.session, self.workspace)

    @cached_property
    def member(self) -> Member | None:
        """The person it is for; None for a channel."""
        return self.members.by_user_id(self.target)

    @property
    def say(self) -> Say:
        """In the language of the person, or of the workspace for a channel."""
        return Say(self.member.locale if self.member else self.workspace.locale, self.time_zone)

    def estimates(self, deals: Sequence[Deal]) -> dict[int, Estimate]:
        """How likely each open deal is to move forward, by the deal's id."""
        histories = Timelines(self.session, self.workspace).of([deal.id for deal in deals])
        at = max([self.now, *(history.created_at for history in histories)])  # another process's clock may be ahead
        scorer = self.scorers.scorer_for(self.session, self.workspace, at=at)
        return estimates_of(histories, scorer, at=at)


Composer = Callable[[Occasion], Reply | None]
"""Makes the message of an occasion; None when there is nothing to say."""
