"""What the bot is made of (`Services`, one a process), and what one interaction may use (`Turn`)."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.faults import NotOfTeam
from bot.gong import ring
from bot.grammar import mention_of
from bot.outlook import Outlook
from bot.people import People
from bot.say import Say
from bot.watch import Watch
from models.aftercare import Aftercare
from models.alarm import Alarms
from models.commission import Commissions
from models.database import Database
from models.deals import Deals
from models.delivery import Deliveries
from models.errors import MemberNotFound
from models.exchange import ExchangeRates
from models.funnel import Funnel
from models.member import Member
from models.members import Members, Profile
from models.open_deals import OpenDeals
from models.pipeline import Pipeline
from models.pipelines import Pipelines
from models.receipt import Receipts
from models.schedule import Schedules
from models.target import Targets
from models.to_do import ToDo
from models.workspace import Workspace, workspace_of
from scoring.scorer import Scorers

_log = logging.getLogger("sluice")

P = ParamSpec("P")
T = TypeVar("T")

A_MOMENT = 1.0
"""Seconds after which whoever waits for an answer or a form sees that it is coming; Slack waits for three."""


class AlreadyDone(Exception):
    """Slack told us this before; it has had its effect."""


@dataclass(frozen=True)
class Turn:
    """One interaction of one person, in one transaction. It has no Slack client: nothing is said before the commit."""

    session: Session
    workspace: Workspace
    member: Member
    now: datetime
    say: Say
    scorers: Scorers
    channel: str = ""
    """Where it was said, a Slack channel id; empty for what comes from nowhere in particular."""
    response_url: str = ""
    """Where it can be answered later; empty where nothing can be clicked or filled in."""
    mentioned: Mapping[str, Profile] = field(default_factory=dict)
    """The people who were mentioned, by Slack id; they need not be members yet."""
    channels: Mapping[str, str] = field(default_factory=dict)
    """The Slack ids of the channels that were mentioned, by how they are written: `#sales`."""

    @cached_property
    def deals(self) -> Deals:
        return Deals(self.session, self.workspace)

    @cached_property
    def open_deals(self) -> OpenDeals:
        return OpenDeals(self.session, self.workspace)

    @cached_property
    def to_do(self) -> ToDo:
        return ToDo(self.session, self.workspace)

    @cached_property
    def members(self) -> Members:
        return Members(self.session, self.workspace)

    @cached_property
    def pipelines(self) -> Pipelines:
        return Pipelines(self.session, self.workspace)

    @cached_property
    def pipeline(self) -> Pipeline:
        """The pipeline that new deals go to."""
        return self.pipelines.default()

    @cached_property
    def schedules(self) -> Schedules:
        return Schedules(self.session, self.workspace)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self.session, self.workspace)

    @cached_property
    def funnel(self) -> Funnel:
        return Funnel(self.session, self.workspace)

    @cached_property
    def alarms(self) -> Alarms:
        return Alarms(self.session, self.workspace)

    @cached_property
    def aftercare(self) -> Aftercare:
        return Aftercare(self.session, self.workspace)

    @cached_property
    def exchange_rates(self) -> ExchangeRates:
        return ExchangeRates(self.session, self.workspace)

    @cached_property
    def commissions(self) -> Commissions:
        return Commissions(self.session, self.workspace)

    @cached_property
    def targets(self) -> Targets:
        return Targets(self.session, self.workspace)

    @cached_property
    def outlook(self) -> Outlook:
        return Outlook(self.session, self.workspace, self.scorers, self.now)

    @property
    def can_ask(self) -> bool:
        """Whether a form may be the answer, which asks for what was not said."""
        return bool(self.response_url)

    @property
    def today(self) -> date:
        """The date where the person is."""
        return self.now.astimezone(ZoneInfo(self.say.time_zone)).date()

    def is_first(self, key: str) -> bool:
        """Whether this happens for the first time."""
        return Receipts(self.session, self.workspace).is_first(key, at=self.now)

    def person(self, text: str) -> Member:
        """The member whom a mention, a name or "me" means. Raises MemberNotFound."""
        if text.strip().lower() in ("me", "myself", "我"):
            return self.member
        user_id = mention_of(text)
        if not user_id:
            return self.members.named(text.strip().removeprefix("@"))
        if user_id in self.mentioned:
            return self.members.seen(self.mentioned[user_id], at=self.now)
        known = self.members.by_user_id(user_id)
        if known is None:
            raise MemberNotFound(user_id)
        return known


@dataclass(frozen=True)
class Services:
    """The shared parts of the process, built once in `__main__` and passed along."""

    database: Database
    people: People
    scorers: Scorers
    turns: Executor
    """Runs what people type and click, which may take longer than Slack waits."""
    later: Executor
    """Runs what is too slow to be waited for, such as drawing a picture."""
    heavy: Executor
    """Runs what takes up to minutes, such as training, one thing after the other."""
    clock: Callable[[], datetime]
    shows_tables: bool = True
    """Whether this Slack draws tables; the one on your own machine does not."""
    languages: dict[str, str] = field(default_factory=dict)
    """Which language somebody has chosen, by Slack id, as of their latest turn."""
    changed: Callable[[str, Collection[str]], None] = lambda _team_id, _user_ids: None
    """Told after each turn whose Home tabs show what it changed: the team, and the people by their Slack ids."""

    def in_time(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do this now; done within a moment, or else it goes on while Slack is told that it was heard."""
        begun = self.turns.submit(work, *args, **kwargs)
        begun.add_done_callback(_log_fault)
        wait([begun], timeout=A_MOMENT)
        return begun

    def afterwards(self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do this once the person has been answered; what goes wrong then has nobody to be told but the log."""
        self.later.submit(work, *args, **kwargs).add_done_callback(_log_fault)

    def at_length(self, work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do this in its turn, after whatever else takes minutes."""
        self.heavy.submit(work, *args, **kwargs).add_done_callback(_log_fault)

    def voice(self, user_id: str, *, at_once: bool = False) -> Say:
        """How to speak with a person, before or after a turn; `at_once` without asking Slack what is not known yet."""
        profile = self.people.at_hand(user_id) if at_once else self.people.profile(user_id)
        return Say(self.languages.get(user_id) or profile.locale or "en", profile.time_zone or "UTC")

    @contextmanager
    def turn(
        self,
        team_id: str,
        user_id: str,
        *,
        once: str,
        channel: str = "",
        response_url: str = "",
        mentioned: Collection[str] = (),
        channels: Mapping[str, str] | None = None,
    ) -> Iterator[Turn]:
        """One transaction for one interaction: commits on leaving, rolls back on any error.

        `once` identifies the interaction; raises AlreadyDone when it was carried out before, and NotOfTeam for
        somebody of another team, with whom a channel is shared.
        """
        profile = self.people.profile(user_id)  # asks Slack, so before the transaction
        if not _is_of(profile, team_id):
            raise NotOfTeam
        asked = {each: self.people.known(each) for each in mentioned}
        known = {each: found for each, found in asked.items() if found and _is_of(found, team_id)}
        now = self.clock()
        with self.database.begin() as session:
            workspace = workspace_of(session, team_id, at=now, locale=profile.locale, time_zone=profile.time_zone)
            if not Receipts(session, workspace).is_first(once, at=now):
                raise AlreadyDone
            member = Members(session, workspace).seen(profile, at=now)
            self.languages[user_id] = member.language
            watch = Watch(session)
            yield Turn(
                session=session,
                workspace=workspace,
                member=member,
                now=now,
                say=self.voice(user_id),
                scorers=self.scorers,
                channel=channel,
                response_url=response_url,
                mentioned=known,
                channels=channels or {},
            )
            Schedules(session, workspace).heed(channel, member, at=now)
            viewers = watch.viewers(member)
            watch.outdate_others(Members(session, workspace), but=viewers)
            ring(session, workspace, watch.won, at=now)
        if viewers:
            self.changed(team_id, viewers)

    @contextmanager
    def looking(self, team_id: str, user_id: str) -> Iterator[Turn]:
        """What a member may look at, in one transaction that changes nothing."""
        voice, now = self.voice(user_id), self.clock()
        with self.database.reading() as session:
            workspace = session.get_one(Workspace, team_id)
            member = Members(session, workspace).by_user_id(user_id)
            if member is None:
                raise MemberNotFound(user_id)
            say = replace(voice, locale=member.language or voice.locale)
            yield Turn(session=session, workspace=workspace, member=member, now=now, say=say, scorers=self.scorers)


def _is_of(profile: Profile, team_id: str) -> bool:
    return not profile.teams or team_id in profile.teams


def _log_fault(done: Future[T]) -> None:
    if not done.cancelled() and (fault := done.exception()) is not None:
        _log.error("what was begun could not be done or said", exc_info=fault)
