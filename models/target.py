"""What a team means to reach: so many of something, by a person, a team or all, in each day, week, month or quarter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from models.base import Base, enum_column
from models.errors import TargetNotFound, TargetOutOfRange
from models.member import Member
from models.money import MAX_AMOUNT
from models.period import Unit
from models.pipeline import Pipeline, Stage
from models.workspace import InWorkspace, Workspace, one_at_a_time


class Measure(StrEnum):
    """What is counted; docs/metrics.md says of each what belongs to it."""

    AMOUNT = "amount"
    WON = "won"
    NEW = "new"
    ENTERED = "entered"
    MEETING = "meeting"
    CALL = "call"
    EMAIL = "email"


class Scope(StrEnum):
    """Of whom: of everybody, of a manager and who reports to them, of one person."""

    WORKSPACE = "workspace"
    TEAM = "team"
    REP = "rep"


@dataclass(frozen=True)
class Aim:
    """What a target is about, whatever its goal; `unit` is the period that it is for, `DAYS` one day."""

    measure: Measure
    unit: Unit
    scope: Scope = Scope.WORKSPACE
    member_id: int | None = None
    stage_id: int | None = None
    pipeline_id: int | None = None
    """None for all pipelines."""


class Target(InWorkspace, Base):
    """A goal from a day on, never changed afterwards: another one follows it, and one without a goal ends it.

    Of money, the goal is in `currency`; otherwise that is empty.
    """

    __tablename__ = "target"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure: Mapped[Measure] = mapped_column(enum_column(Measure))
    unit: Mapped[Unit] = mapped_column(enum_column(Unit))
    scope: Mapped[Scope] = mapped_column(enum_column(Scope))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    pipeline_id: Mapped[int | None] = mapped_column(ForeignKey("pipeline.id"))
    goal: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(String(3), default="")
    since: Mapped[date]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    member: Mapped[Member | None] = relationship(foreign_keys=[member_id], lazy="selectin")
    stage: Mapped[Stage | None] = relationship(lazy="selectin")
    pipeline: Mapped[Pipeline | None] = relationship(lazy="selectin")

    @property
    def stage_now(self) -> Stage | None:
        """A retired stage counts as the one that took it over."""
        return (self.stage.retired_into or self.stage) if self.stage else None

    @property
    def aim(self) -> Aim:
        stage_id = self.stage_now.id if self.stage_now else None
        return Aim(self.measure, self.unit, self.scope, self.member_id, stage_id, self.pipeline_id)


class Targets:
    """The targets of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def on(self, day: date) -> Sequence[Target]:
        """Those that hold on a day, in the order in which they are shown."""
        holding = (latest_on(day, targets) for targets in self.by_aim().values())
        return sorted((each for each in holding if each is not None), key=_order)

    def by_aim(self) -> Mapping[Aim, Sequence[Target]]:
        """All that were ever set, by what they are about, in the order in which they hold."""
        mine = select(Target).where(Target.workspace_id == self._workspace.id).order_by(Target.since, Target.id)
        with_stages = mine.options(selectinload(Target.stage).selectinload(Stage.retired_into))
        found: dict[Aim, list[Target]] = {}
        for target in self._session.scalars(with_stages):
            found.setdefault(target.aim, []).append(target)
        return found

    def set(self, aim: Aim, goal: Decimal, *, currency: str, since: date, by: Member | None, at: datetime) -> Target:
        """Hold this goal from a day on; what held before holds for the days before. Raises TargetOutOfRange."""
        if not (goal.is_finite() and 0 < goal <= MAX_AMOUNT):
            raise TargetOutOfRange(f"{goal:f}")
        return self._write(aim, goal, currency=currency, since=since, by=by, at=at)

    def remove(self, aim: Aim, *, since: date, by: Member | None, at: datetime) -> None:
        """Have no such goal from a day on. Raises TargetNotFound."""
        if latest_on(since, self.by_aim().get(aim, ())) is None:
            raise TargetNotFound
        self._write(aim, None, currency="", since=since, by=by, at=at)

    def _write(
        self, aim: Aim, goal: Decimal | None, *, currency: str, since: date, by: Member | None, at: datetime
    ) -> Target:
        one_at_a_time(self._session, self._workspace)
        target = Target(
            workspace_id=self._workspace.id,
            measure=aim.measure,
            unit=aim.unit,
            scope=aim.scope,
            member_id=aim.member_id,
            stage_id=aim.stage_id,
            pipeline_id=aim.pipeline_id,
            goal=goal,
            currency=currency,
            since=since,
            set_at=at,
            set_by_id=by.id if by else None,
        )
        self._session.add(target)
        self._session.flush()
        self._session.refresh(target)
        return target


def latest_on(day: date, targets: Iterable[Target]) -> Target | None:
    """Of targets with one aim the one that holds on a day: of those that begin by then, the latest, and of several of
    one day the one that was set last. None where that one has ended it."""
    begun = [each for each in targets if each.since <= day]
    latest = max(begun, key=lambda each: (each.since, each.id), default=None)
    return latest if latest is not None and latest.goal is not None else None


_SCOPES, _MEASURES, _UNITS = list(Scope), list(Measure), list(Unit)


def _order(target: Target) -> tuple[int, int, int, int, int, int]:
    return (
        _SCOPES.index(target.scope),
        target.member_id or 0,
        _MEASURES.index(target.measure),
        target.pipeline_id or 0,
        target.stage_id or 0,
        _UNITS.index(target.unit),
    )
