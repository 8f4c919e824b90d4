"""When a channel or a person hears what: a local time on certain days, and the next moment that it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, enum_column
from models.errors import ScheduleNotFound
from models.member import Member
from models.pipeline import Pipeline
from models.rhythm import Rhythm, next_due, rhythm_of
from models.target import Scope
from models.workspace import InWorkspace, Workspace, one_at_a_time

AT_ONCE = "now "
"""How the period of a post begins that is made beside its appointments, as somebody asked for it."""
BY_HAND = "by_hand"
"""Why a schedule is paused that somebody paused; otherwise it is what Slack said."""
UNKNOWN_ZONE = "unknown_zone"
"""Or that its time zone is not, or no longer, in the tz database of the machine."""


class ScheduleKind(StrEnum):
    """A digest goes to a channel, the news of a win too, a nudge to an owner, an alert to a manager, the news of a bad
    model to an admin, that of a stage out of line to managers and admins;
    rescoring, retraining, pacing and renewing are work without a post."""

    DIGEST = "digest"
    WIN = "win"
    NUDGE = "nudge"
    ALERT = "alert"
    MODEL = "model"
    STAGE = "stage"
    RESCORE = "rescore"
    RETRAIN = "retrain"
    PACE = "pace"
    RENEW = "renew"


@dataclass(frozen=True)
class Topic:
    """Which deals a digest is about: those of a pipeline (the default one where none is named), of everybody, of one
    person, or of that person and who reports to them."""

    pipeline_id: int | None = None
    owner_id: int | None = None
    with_team: bool = False

    @property
    def scope(self) -> Scope:
        """Of whom, as of a target."""
        if self.owner_id is None:
            return Scope.WORKSPACE
        return Scope.TEAM if self.with_team else Scope.REP


EVERYTHING = Topic()


class Schedule(InWorkspace, Base):
    """Something that happens at a local time on certain days; `target` is a channel id, a user id, or empty."""

    __tablename__ = "schedule"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "target", "number"),
        Index("ix_schedule_paused_because_next_due_at", "paused_because", "next_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ScheduleKind] = mapped_column(enum_column(ScheduleKind))
    target: Mapped[str] = mapped_column(String(32))
    number: Mapped[int] = mapped_column(default=1)
    """Which of a channel's digests; 1 where there is only one."""
    local_time: Mapped[str] = mapped_column(String(5))
    """24 hours, like "09:00"."""
    time_zone: Mapped[str] = mapped_column(String(64))
    weekdays: Mapped[str] = mapped_column(String(27))
    """Like "mon,wed", "won", or "monthly" and "quarterly": on the first working day, with a number on that day."""
    next_due_at: Mapped[datetime]
    paused_because: Mapped[str] = mapped_column(String(64), default="")
    """Empty while it goes on."""
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    pipeline_id: Mapped[int | None] = mapped_column(ForeignKey("pipeline.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    with_team: Mapped[bool] = mapped_column(default=False)
    is_quiet: Mapped[bool] = mapped_column(default=False)
    """Whether a day on which nothing happened is passed over, instead of being told in a line."""
    heeded_at: Mapped[datetime | None]
    """When somebody last used Sluice where it goes, whoever set it up opened their Home tab, or it was set up."""

    set_by: Mapped[Member | None] = relationship(foreign_keys=[set_by_id], lazy="selectin")
    pipeline: Mapped[Pipeline | None] = relationship(lazy="selectin")
    owner: Mapped[Member | None] = relationship(foreign_keys=[owner_id], lazy="selectin")

    @property
    def topic(self) -> Topic:
        """A pipeline that was named and is the default one by now counts as not named."""
        named = None if self.pipeline is None or self.pipeline.is_default else self.pipeline.id
        return Topic(named, self.owner_id, self.with_team)

    @property
    def rhythm(self) -> Rhythm:
        return rhythm_of(self.weekdays)

    @property
    def window(self) -> timedelta:
        """How late its post may come; what is later is let go, for by then the next one is nearer than the last."""
        return _WINDOWS[self.rhythm]

    def period(self, moment: datetime) -> str:
        """What a post of that moment is for, where the schedule lives: a date in ISO form, "2026-03" or "2026-Q1"."""
        day = moment.astimezone(ZoneInfo(self.time_zone)).date()
        if self.rhythm is Rhythm.QUARTERLY:
            return f"{day.year}-Q{(day.month + 2) // 3}"
        return f"{day:%Y-%m}" if self.rhythm is Rhythm.MONTHLY else day.isoformat()

    def pause(self, because: str) -> None:
        """Until it is resumed, or set anew."""
        self.paused_because = because

    def resume(self, at: datetime) -> None:
        """Go on with the next moment that comes; what was missed meanwhile is not caught up with."""
        self.paused_because, self.heeded_at = "", at
        self.move_on(at)

    def take_moments(self, at: datetime) -> Sequence[datetime]:
        """The moments that have come, oldest first: several after the bot was down. The next one is due then."""
        moments = []
        while self.next_due_at <= at:
            moments.append(self.next_due_at)
            self.next_due_at = self._next_after(self.next_due_at)
        return moments

    def move_on(self, after: datetime) -> None:
        """Set the next moment that it is due, after the given one."""
        self.next_due_at = self._next_after(after)

    def change(self, local_time: str, time_zone: str, weekdays: str, *, after: datetime) -> None:
        """Go along with somebody to another hour, zone or days."""
        self.local_time, self.time_zone, self.weekdays = local_time, time_zone, weekdays
        self.move_on(after)
        if self.paused_because == UNKNOWN_ZONE:
            self.paused_because = ""

    def _next_after(self, moment: datetime) -> datetime:
        return next_due(self.local_time, self.time_zone, self.weekdays, moment)


_WINDOWS = {
    Rhythm.DAILY: timedelta(hours=6),
    Rhythm.WEEKLY: timedelta(days=1),
    Rhythm.MONTHLY: timedelta(days=2),
    Rhythm.QUARTERLY: timedelta(days=3),
}


class Schedules:
    """The schedules of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def all(self) -> Sequence[Schedule]:
        mine = select(Schedule).where(Schedule.workspace_id == self._workspace.id)
        return self._session.scalars(mine.order_by(Schedule.kind, Schedule.id)).all()

    def get(self, kind: ScheduleKind, target: str, number: int = 1) -> Schedule:
        """Raises ScheduleNotFound."""
        found = self.find(kind, target, number)
        if found is None:
            raise ScheduleNotFound(target)
        return found

    def known(self, schedule_id: int) -> Schedule:
        """Raises ScheduleNotFound."""
        mine = select(Schedule).where(Schedule.workspace_id == self._workspace.id, Schedule.id == schedule_id)
        found = self._session.scalar(mine)
        if found is None:
            raise ScheduleNotFound(str(schedule_id))
        return found

    def digests(self, channel: str | None = None) -> Sequence[Schedule]:
        """Those of a channel, or of all."""
        mine = select(Schedule).where(Schedule.workspace_id == self._workspace.id, Schedule.kind == ScheduleKind.DIGEST)
        there = mine if channel is None else mine.where(Schedule.target == channel)
        return self._session.scalars(there.order_by(Schedule.id)).all()

    def subscribe(
        self,
        channel: str,
        *,
        topic: Topic,
        local_time: str,
        time_zone: str,
        weekdays: str,
        is_quiet: bool | None,
        by: Member | None,
        at: datetime,
    ) -> Schedule:
        """Bring a digest to a channel; one of the same topic and rhythm that goes there is changed, and stays as quiet
        as it is where nothing is said of that."""
        one_at_a_time(self._session, self._workspace)
        there = self.digests(channel)
        alike = [each for each in there if (each.topic, each.rhythm) == (topic, rhythm_of(weekdays))]
        taken = {each.number for each in there}
        number = alike[0].number if alike else min(set(range(1, len(taken) + 2)) - taken)
        schedule = self.set(
            ScheduleKind.DIGEST,
            channel,
            number,
            local_time=local_time,
            time_zone=time_zone,
            weekdays=weekdays,
            by=by,
            at=at,
        )
        self._tell_of(schedule, topic, is_quiet=schedule.is_quiet if is_quiet is None else is_quiet)
        return schedule

    def change(
        self, schedule: Schedule, *, topic: Topic, local_time: str, weekdays: str, is_quiet: bool, at: datetime
    ) -> None:
        """Have a digest come at other times, or about other deals."""
        schedule.local_time, schedule.weekdays = local_time, weekdays
        schedule.resume(at)
        self._tell_of(schedule, topic, is_quiet=is_quiet)

    def _tell_of(self, schedule: Schedule, topic: Topic, *, is_quiet: bool) -> None:
        if topic != schedule.topic:
            schedule.pipeline_id, schedule.owner_id = topic.pipeline_id, topic.owner_id
            schedule.with_team = topic.with_team
        schedule.is_quiet = is_quiet
        self._session.flush()
        self._session.refresh(schedule)

    def set(
        self,
        kind: ScheduleKind,
        target: str,
        number: int = 1,
        *,
        local_time: str,
        time_zone: str,
        weekdays: str,
        by: Member | None,
        at: datetime,
    ) -> Schedule:
        """One schedule a kind, target and number: made, or changed when there is one."""
        one_at_a_time(self._session, self._workspace)
        schedule = self.find(kind, target, number) or Schedule(
            workspace_id=self._workspace.id, kind=kind, target=target, number=number
        )
        schedule.local_time, schedule.time_zone, schedule.weekdays = local_time, time_zone, weekdays
        schedule.set_by = by
        schedule.resume(at)
        self._session.add(schedule)
        self._session.flush()
        return schedule

    def ensure(
        self, kind: ScheduleKind, target: str, *, local_time: str, time_zone: str, weekdays: str, at: datetime
    ) -> Schedule:
        """The schedule that there is; made with these values when there is none."""
        one_at_a_time(self._session, self._workspace)
        return self.find(kind, target) or self.set(
            kind, target, local_time=local_time, time_zone=time_zone, weekdays=weekdays, by=None, at=at
        )

    def heed(self, channel: str, member: Member, *, at: datetime) -> None:
        """Somebody uses Sluice in a channel, or, where that is empty, on their Home tab: they may have looked at the
        digests there, or at those that they set up."""
        whose = Schedule.target == channel if channel else Schedule.set_by_id == member.id
        mine = update(Schedule).where(Schedule.workspace_id == self._workspace.id, Schedule.kind == ScheduleKind.DIGEST)
        self._session.execute(mine.where(whose).values(heeded_at=at), execution_options={"synchronize_session": False})

    def find(self, kind: ScheduleKind, target: str, number: int = 1) -> Schedule | None:
        return self._session.scalar(
            select(Schedule).where(
                Schedule.workspace_id == self._workspace.id,
                Schedule.kind == kind,
                Schedule.target == target,
                Schedule.number == number,
            )
        )

    def remove(self, kind: ScheduleKind, target: str, number: int = 1) -> None:
        """Raises ScheduleNotFound."""
        self._session.delete(self.get(kind, target, number))
        self._session.flush()
