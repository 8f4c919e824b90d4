"""When a channel or a person hears what: a local time on certain days, and the next moment that it is due."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, enum_column
from models.errors import ScheduleNotFound
from models.member import Member
from models.workspace import InWorkspace, Workspace, one_at_a_time

DAILY = "mon,tue,wed,thu,fri,sat,sun"
WORKDAYS = "mon,tue,wed,thu,fri"
_NAMES = DAILY.split(",")
MONTHLY = "monthly"
QUARTERLY = "quarterly"


class ScheduleKind(StrEnum):
    """A digest goes to a channel, a nudge to an owner, an alert to a manager, the news of a bad model to an admin,
    that of a stage out of line to managers and admins;
    rescoring, retraining, pacing and renewing are work without a post."""

    DIGEST = "digest"
    NUDGE = "nudge"
    ALERT = "alert"
    MODEL = "model"
    STAGE = "stage"
    RESCORE = "rescore"
    RETRAIN = "retrain"
    PACE = "pace"
    RENEW = "renew"


class Schedule(InWorkspace, Base):
    """Something that happens at a local time on certain days; `target` is a channel id, a user id, or empty."""

    __tablename__ = "schedule"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "target"),
        Index("ix_schedule_next_due_at", "next_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ScheduleKind] = mapped_column(enum_column(ScheduleKind))
    target: Mapped[str] = mapped_column(String(32))
    local_time: Mapped[str] = mapped_column(String(5))
    """24 hours, like "09:00"."""
    time_zone: Mapped[str] = mapped_column(String(64))
    weekdays: Mapped[str] = mapped_column(String(27))
    """Like "mon,wed", or "monthly" and "quarterly": on the first working day, with a number on that day."""
    next_due_at: Mapped[datetime]
    paused_because: Mapped[str] = mapped_column(String(64), default="")
    """Empty while it goes on."""
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    set_by: Mapped[Member | None] = relationship(lazy="selectin")

    @property
    def window(self) -> timedelta:
        """How late its post may come; what is later is let go, for by then the next one is nearer than the last."""
        if self.weekdays.startswith(QUARTERLY):
            return timedelta(days=3)
        if self.weekdays.startswith(MONTHLY):
            return timedelta(days=2)
        return timedelta(hours=6) if "," in self.weekdays else timedelta(days=1)

    def period(self, moment: datetime) -> str:
        """What a post of that moment is for, where the schedule lives: a date in ISO form, "2026-03" or "2026-Q1"."""
        day = moment.astimezone(ZoneInfo(self.time_zone)).date()
        if self.weekdays.startswith(QUARTERLY):
            return f"{day.year}-Q{(day.month + 2) // 3}"
        return f"{day:%Y-%m}" if self.weekdays.startswith(MONTHLY) else day.isoformat()

    def pause(self, because: str) -> None:
        """Until it is resumed, or set anew."""
        self.paused_because = because

    def resume(self, at: datetime) -> None:
        """Go on with the next moment that comes; what was missed meanwhile is not caught up with."""
        self.paused_because = ""
        self.move_on(at)

    def moments_due(self, at: datetime) -> Sequence[datetime]:
        """The moments that have come and were not moved on from, oldest first: several after the bot was down."""
        moments = []
        moment = self.next_due_at
        while moment <= at:
            moments.append(moment)
            moment = self._next_after(moment)
        return moments

    def move_on(self, after: datetime) -> None:
        """Set the next moment that it is due, after the given one."""
        self.next_due_at = self._next_after(after)

    def relocate(self, time_zone: str, *, after: datetime) -> None:
        """Go along with somebody to another time zone: the same local time, there."""
        self.time_zone = time_zone
        self.move_on(after)

    def _next_after(self, moment: datetime) -> datetime:
        return next_due(self.local_time, self.time_zone, self.weekdays, moment)


def next_due(local_time: str, time_zone: str, weekdays: str, after: datetime) -> datetime:
    """The first moment (UTC) after `after` when a clock in the zone shows the time on one of the days.

    A time that the change of clocks leaves out is due once, as much later as the clocks jump; one that occurs twice
    is due the first time only.
    """
    zone = ZoneInfo(time_zone)
    at = time.fromisoformat(local_time)
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        if _is_one_of(weekdays, day):
            # Python's fold=0 means the first of two equal times, and in a gap the offset from before it.
            due = datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
            if due > after:
                return due
        day += timedelta(days=1)


def _is_one_of(days: str, day: date) -> bool:
    rhythm, _, number = days.partition(" ")
    if rhythm not in (MONTHLY, QUARTERLY):
        return _NAMES[day.weekday()] in days
    if rhythm == QUARTERLY and day.month % 3 != 1:
        return False
    if number:
        last = ((day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)).day
        return day.day == min(int(number), last)
    first = day.replace(day=1)
    return day == first + timedelta(days=7 - first.weekday() if first.weekday() > 4 else 0)


class Schedules:
    """The schedules of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def all(self) -> Sequence[Schedule]:
        mine = select(Schedule).where(Schedule.workspace_id == self._workspace.id)
        return self._session.scalars(mine.order_by(Schedule.kind, Schedule.id)).all()

    def get(self, kind: ScheduleKind, target: str) -> Schedule:
        """Raises ScheduleNotFound."""
        found = self.find(kind, target)
        if found is None:
            raise ScheduleNotFound(target)
        return found

    def set(
        self,
        kind: ScheduleKind,
        target: str,
        *,
        local_time: str,
        time_zone: str,
        weekdays: str,
        by: Member | None,
        at: datetime,
    ) -> Schedule:
        """One schedule a kind and target: made, or changed when there is one."""
        one_at_a_time(self._session, self._workspace)
        schedule = self.find(kind, target) or Schedule(workspace_id=self._workspace.id, kind=kind, target=target)
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

    def find(self, kind: ScheduleKind, target: str) -> Schedule | None:
        return self._session.scalar(
            select(Schedule).where(
                Schedule.workspace_id == self._workspace.id,
                Schedule.kind == kind,
                Schedule.target == target,
            )
        )

    def remove(self, kind: ScheduleKind, target: str) -> None:
        """Raises ScheduleNotFound."""
        self._session.delete(self.get(kind, target))
        self._session.flush()

    def due(self, at: datetime, *, limit: int | None = None) -> Sequence[Schedule]:
        """Those whose moment has come, the longest due first, held until the transaction ends; what another process
        holds is left to it."""
        mine = select(Schedule).where(Schedule.workspace_id == self._workspace.id, Schedule.next_due_at <= at)
        mine = mine.where(Schedule.paused_because == "")
        longest_first = mine.order_by(Schedule.next_due_at, Schedule.id).limit(limit)
        return self._session.scalars(longest_first.with_for_update(skip_locked=True)).all()
