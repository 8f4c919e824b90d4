"""What is to be posted or done now, in all workspaces: found by index, claimed in one short transaction.

What is claimed is due again for nobody else: its delivery stands in the ledger, and its schedule has moved on. On
PostgreSQL rows that another process is claiming are passed over; on SQLite there is one writer at a time.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import Nullable, Row, and_, bindparam, desc, literal, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, lazyload

from models.delivery import IS_OPEN, WORK, Delivery, DeliveryState, key_of, lease_of
from models.schedule import UNKNOWN_ZONE, Schedule, ScheduleKind


@dataclass(frozen=True)
class Due:
    """A schedule whose moment has come, or a delivery that was left behind (`is_begun`); not claimed yet."""

    id: int
    team_id: str
    kind: ScheduleKind
    is_begun: bool


@dataclass(frozen=True)
class Errand:
    """A delivery that this process has claimed, as plain values, for no transaction stays open while it is posted."""

    team_id: str
    delivery_id: int
    attempt: int
    kind: ScheduleKind
    target: str
    number: int
    time_zone: str
    as_of: datetime
    due_at: datetime
    free_at: datetime
    """Until then it is ours."""
    window: timedelta
    is_unsure: bool
    """Whether somebody may have posted it already: look before posting."""

    @property
    def key(self) -> str:
        return key_of(self.delivery_id)


_DUE = union_all(
    select(Delivery.id, Delivery.workspace_id, Delivery.kind, literal(1).label("is_begun"), Delivery.free_at).where(
        IS_OPEN, Delivery.free_at <= bindparam("at")
    ),
    select(Schedule.id, Schedule.workspace_id, Schedule.kind, literal(0), Schedule.next_due_at).where(
        Schedule.paused_because == "", Schedule.next_due_at <= bindparam("at")
    ),
).order_by(desc("is_begun"), "free_at", "id")
"""In one statement, as each tick asks it."""

_TO_TAKE = (
    select(Schedule)
    .where(Schedule.id.in_(bindparam("ids", expanding=True)))
    .where(Schedule.paused_because == "", Schedule.next_due_at <= bindparam("at"))
    .order_by(Schedule.next_due_at, Schedule.id)
    .options(lazyload("*"))
    .with_for_update(skip_locked=True)
)
_TO_TAKE_OVER = (
    select(Delivery, Nullable(Schedule))
    .outerjoin(
        Schedule,
        and_(
            Schedule.workspace_id == Delivery.workspace_id,
            Schedule.kind == Delivery.kind,
            Schedule.target == Delivery.target,
            Schedule.number == Delivery.number,
        ),
    )
    .where(Delivery.id.in_(bindparam("ids", expanding=True)), IS_OPEN, Delivery.free_at <= bindparam("at"))
    .order_by(Delivery.id)
    .options(lazyload("*"))
    .with_for_update(skip_locked=True, of=Delivery)
)
_LEDGER = Delivery.metadata.tables[Delivery.__tablename__]
_ENTER = {
    "sqlite": sqlite.insert(_LEDGER).on_conflict_do_nothing().returning(*_LEDGER.columns),
    "postgresql": postgresql.insert(_LEDGER).on_conflict_do_nothing().returning(*_LEDGER.columns),
}
"""Passes over periods that the ledger has already. Of the table and not of its class, as a burst has hundreds."""


def everything_due(session: Session, at: datetime) -> list[Due]:
    """Whatever can be claimed at the moment, what was begun first, then the longest due."""
    return [
        Due(each, team_id, kind, bool(is_begun))
        for each, team_id, kind, is_begun, _ in session.execute(_DUE, {"at": at})
    ]


def claimed(session: Session, dues: Collection[Due], at: datetime) -> list[Errand]:
    """As much of it as nobody else has claimed meanwhile; to be committed before anything is posted."""
    begun = [due.id for due in dues if due.is_begun]
    come = [due.id for due in dues if not due.is_begun]
    return [*(_taken_over(session, begun, at) if begun else ()), *(_taken(session, come, at) if come else ())]


def _taken(session: Session, schedule_ids: Sequence[int], at: datetime) -> list[Errand]:
    schedules = session.scalars(_TO_TAKE, {"ids": schedule_ids, "at": at}).all()
    entries = [entry for schedule in schedules for entry in _entries(schedule, at)]
    if not entries:
        return []
    fresh = session.execute(_ENTER[session.get_bind().dialect.name], entries).all()
    ours = {(each.workspace_id, each.kind, each.target, each.number): each for each in schedules}
    return [
        _errand(each, ours[each.workspace_id, each.kind, each.target, each.number], is_unsure=False)
        for each in fresh
        if each.state is DeliveryState.CLAIMED
    ]


def _entries(schedule: Schedule, at: datetime) -> Iterable[dict[str, Any]]:
    """Moves the schedule on. The newest of its moments is claimed. Older ones, and a newest one that is too late to be
    said, are let go and noted; work without a post is never too late. Where nobody knows its zone, it is paused."""
    try:
        moments = schedule.take_moments(at)
    except ZoneInfoNotFoundError:
        schedule.pause(UNKNOWN_ZONE)
        return ()
    newest = moments[-1]
    is_too_late = schedule.kind not in WORK and at - newest > schedule.window
    # By period, of which several moments may have one: that of a month whose day was changed. The newest one counts.
    entries = {schedule.period(moment): _entry(schedule, moment, at) for moment in moments}
    for entry in entries.values():
        if entry["due_at"] != newest or is_too_late:
            entry |= {"state": DeliveryState.LET_GO, "error": "late", "settled_at": at}
    return entries.values()


def _entry(schedule: Schedule, moment: datetime, at: datetime) -> dict[str, Any]:
    return {
        "workspace_id": schedule.workspace_id,
        "kind": schedule.kind,
        "target": schedule.target,
        "number": schedule.number,
        "period": schedule.period(moment),
        "state": DeliveryState.CLAIMED,
        "attempts": 1,
        "due_at": moment,
        "free_at": at + lease_of(schedule.kind),
        "as_of": at,
        "settled_at": None,
        "error": "",
    }


def _taken_over(session: Session, delivery_ids: Sequence[int], at: datetime) -> list[Errand]:
    errands = []
    for delivery, schedule in session.execute(_TO_TAKE_OVER, {"ids": delivery_ids, "at": at}).all():
        is_unsure = delivery.state is DeliveryState.CLAIMED
        delivery.take_over(at=at)
        if schedule is None:
            delivery.let_go("no longer scheduled", at=at)
        else:
            errands.append(_errand(delivery, schedule, is_unsure=is_unsure))
    session.flush()
    return errands


def _errand(delivery: Delivery | Row[Any], schedule: Schedule, *, is_unsure: bool) -> Errand:
    return Errand(
        team_id=delivery.workspace_id,
        delivery_id=delivery.id,
        attempt=delivery.attempts,
        kind=delivery.kind,
        target=delivery.target,
        number=delivery.number,
        time_zone=schedule.time_zone,
        as_of=delivery.as_of,
        due_at=delivery.due_at,
        free_at=delivery.free_at,
        window=schedule.window,
        is_unsure=is_unsure,
    )
