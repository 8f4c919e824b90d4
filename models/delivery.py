"""The ledger by which each scheduled post appears once: claimed before posting, settled after."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, Select, String, Text, UniqueConstraint, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, enum_column
from models.schedule import Schedule, ScheduleKind
from models.workspace import InWorkspace, Workspace

LEASE = timedelta(minutes=2)
"""How long a claim of a post holds; a process that took longer is taken for dead."""

WORK = frozenset({ScheduleKind.RESCORE, ScheduleKind.RETRAIN, ScheduleKind.PACE, ScheduleKind.RENEW})
WORK_LEASE = timedelta(minutes=30)
"""How long a claim of work without a post holds. Training takes minutes on a slow machine."""


def lease_of(kind: ScheduleKind) -> timedelta:
    return WORK_LEASE if kind in WORK else LEASE


def key_of(delivery_id: int) -> str:
    """What the post carries in its message metadata, so that it is recognised after a crash."""
    return f"sluice-{delivery_id}"


class DeliveryState(StrEnum):
    """`claimed`: somebody is at it, or died over it, and it may have been posted; `owed`: it was surely not posted, and
    waits; `let_go`: too late or nothing to say; `failed`: it cannot be posted, and `error` says why; `unknown`: it may
    have been posted, and cannot be looked for, for what `error` says."""

    CLAIMED = "claimed"
    OWED = "owed"
    POSTED = "posted"
    FAILED = "failed"
    LET_GO = "let_go"
    UNKNOWN = "unknown"


OPEN = (DeliveryState.CLAIMED, DeliveryState.OWED)
IS_OPEN = text("state IN ('claimed', 'owed')")
"""Literally, as only then the database sees that its index of the open ones will do. An index of all would keep what
was open once until it is vacuumed, and each tick would read that."""


class Delivery(InWorkspace, Base):
    """One post of one kind to one target for one period (a local date in ISO form)."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "target", "number", "period"),
        Index("ix_delivery_free_at", "free_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ScheduleKind] = mapped_column(enum_column(ScheduleKind))
    target: Mapped[str] = mapped_column(String(32))
    number: Mapped[int] = mapped_column(default=1)
    """Which of a channel's digests."""
    period: Mapped[str] = mapped_column(String(32))
    state: Mapped[DeliveryState] = mapped_column(enum_column(DeliveryState))
    attempts: Mapped[int]
    """How often it was claimed. Who holds it knows the number, and has lost it when it has grown."""
    due_at: Mapped[datetime]
    free_at: Mapped[datetime]
    """While it is open, anybody may claim it from then on: a lease has run out, or a wait is over."""
    as_of: Mapped[datetime]
    """The post tells how things stood then; before there is one, when it was claimed for the first time."""
    settled_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(String(32), default="")
    ts: Mapped[str] = mapped_column(String(32), default="")
    error: Mapped[str] = mapped_column(Text, default="")

    def take_over(self, *, at: datetime) -> None:
        """Claim it anew, so that whoever held it before holds it no longer."""
        self.state, self.attempts, self.free_at = DeliveryState.CLAIMED, self.attempts + 1, at + lease_of(self.kind)

    def owe(self, *, until: datetime) -> None:
        """Leave it to whoever looks then; to be said of what was surely not posted."""
        self.state, self.free_at = DeliveryState.OWED, until

    def leave_alone(self, *, until: datetime) -> None:
        """Nobody knows whether it was posted; whoever claims it then is to look."""
        self.free_at = until

    def settle(self, *, channel: str, ts: str, as_of: datetime, at: datetime) -> None:
        self.state, self.channel, self.ts, self.settled_at = DeliveryState.POSTED, channel, ts, at
        self.as_of = as_of

    def let_go(self, why: str, *, at: datetime) -> None:
        self.state, self.error, self.settled_at = DeliveryState.LET_GO, why, at

    def end(self, state: DeliveryState, error: str, *, at: datetime) -> None:
        """As failed or unknown, for what `error` says."""
        self.state, self.error, self.settled_at = state, error, at


class Deliveries:
    """The ledger of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def claim(self, kind: ScheduleKind, target: str, period: str, *, at: datetime, number: int = 1) -> Delivery | None:
        """The right to post this, to be committed before posting; None when there is, or was, one of that period."""
        try:
            with self._session.begin_nested():
                fresh = Delivery(
                    workspace_id=self._workspace.id,
                    kind=kind,
                    target=target,
                    number=number,
                    period=period,
                    state=DeliveryState.CLAIMED,
                    attempts=1,
                    due_at=at,
                    free_at=at + lease_of(kind),
                    as_of=at,
                )
                self._session.add(fresh)
        except IntegrityError:
            return None
        return fresh

    def owe(self, kind: ScheduleKind, target: str, period: str, *, at: datetime, number: int = 1) -> Delivery | None:
        """A post that is to be made as soon as somebody looks. None when there is, or was, one of that period, unless
        it was let go."""
        owed = self.claim(kind, target, period, at=at, number=number) or self._let_go(kind, target, period, number)
        if owed is not None:
            owed.owe(until=at)
            owed.due_at, owed.settled_at, owed.error = at, None, ""
            self._session.flush()
        return owed

    def get(self, delivery_id: int) -> Delivery:
        return self._session.scalars(self._where(Delivery.id == delivery_id)).one()

    def is_claimed(self, kind: ScheduleKind, target: str, period: str, number: int = 1) -> bool:
        """Whether there is, or was, a post of that period."""
        return self._session.scalar(self._where(*_to(kind, target, number), Delivery.period == period)) is not None

    def latest(self, kind: ScheduleKind, target: str, number: int = 1) -> Delivery | None:
        newest = self._where(*_to(kind, target, number))
        return self._session.scalar(newest.order_by(Delivery.id.desc()).limit(1))

    def last_posted(self, schedule: Schedule) -> Delivery | None:
        """The latest one of a schedule that its target has heard."""
        posted = self._where(*_to(schedule.kind, schedule.target, schedule.number))
        posted = posted.where(Delivery.state == DeliveryState.POSTED).order_by(Delivery.id.desc())
        return self._session.scalar(posted.limit(1))

    def before(self, delivery: Delivery) -> Delivery | None:
        """The one to the same target that was claimed before this one."""
        return self._session.scalar(self._earlier(delivery).limit(1))

    def last_posted_before(self, delivery: Delivery) -> Delivery | None:
        """The latest one before this that the same target has heard."""
        posted = self._earlier(delivery).where(Delivery.state == DeliveryState.POSTED)
        return self._session.scalar(posted.limit(1))

    def _let_go(self, kind: ScheduleKind, target: str, period: str, number: int) -> Delivery | None:
        gone = self._where(*_to(kind, target, number), Delivery.period == period)
        return self._session.scalar(gone.where(Delivery.state == DeliveryState.LET_GO).with_for_update())

    def _earlier(self, delivery: Delivery) -> Select[Delivery]:
        same = self._where(*_to(delivery.kind, delivery.target, delivery.number), Delivery.id < delivery.id)
        return same.order_by(Delivery.id.desc())

    def _where(self, *conditions: ColumnElement[bool]) -> Select[Delivery]:
        return select(Delivery).where(Delivery.workspace_id == self._workspace.id, *conditions)


def _to(kind: ScheduleKind, target: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return (Delivery.kind == kind, Delivery.target == target, Delivery.number == number)


def held(session: Session, team_id: str, delivery_id: int, attempt: int) -> Delivery | None:
    """What was claimed by that attempt, if nobody has taken it over; nobody will until the transaction ends. Told the
    team's id only, as each post notes its outcome here, and would have to read the workspace for no more than that."""
    mine = select(Delivery).where(
        Delivery.workspace_id == team_id,
        Delivery.id == delivery_id,
        Delivery.attempts == attempt,
        Delivery.state == DeliveryState.CLAIMED,
    )
    return session.scalar(mine.with_for_update())


def ledger(
    session: Session,
    *,
    since: datetime,
    states: Collection[DeliveryState] = (),
    kinds: Collection[ScheduleKind] = (),
    target: str = "",
    team_id: str = "",
) -> Sequence[Delivery]:
    """What has been due since then, of all workspaces, for whoever runs the bot; narrowed by whatever is given."""
    wanted = select(Delivery).where(Delivery.due_at >= since).order_by(Delivery.due_at, Delivery.id)
    if states:
        wanted = wanted.where(Delivery.state.in_(states))
    if kinds:
        wanted = wanted.where(Delivery.kind.in_(kinds))
    if target:
        wanted = wanted.where(Delivery.target == target)
    if team_id:
        wanted = wanted.where(Delivery.workspace_id == team_id)
    return session.scalars(wanted).all()
