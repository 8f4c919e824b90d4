"""Big deals that call for help beyond their owner: what is the matter, who was told of it, and who is on it.

Who says that they are on it is trusted until the deal moves to another stage: nobody is told further of what was the
matter by then, however long it takes. What begins to be the matter later is told, and may be taken anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, enum_column
from models.deal import Deal
from models.delivery import Delivery, DeliveryState
from models.member import Member
from models.working_days import WorkingDays
from models.workspace import InWorkspace, Workspace, day_in

SHARPLY = 0.2
"""A chance that fell by as much within a week."""

STANDS = timedelta(days=30)
"""For so long after somebody was told of a fall it is looked at whether the chance has risen again."""

_DAY = timedelta(days=1)


class Cause(StrEnum):
    STALLED = "stalled"
    CLOSE_DATE_PASSED = "close_date_passed"
    SCORE_FELL = "score_fell"


@dataclass(frozen=True)
class Fall:
    """By how much the chance of a deal fell within a week, and when that was first told to somebody, or is."""

    by: float
    told_at: datetime


@dataclass(frozen=True)
class Alarm:
    """One thing that is the matter with a deal, and for how many working days its owner could have known.

    `by` is how much the chance has fallen within a week.
    """

    deal: Deal
    cause: Cause
    waited: int
    by: float = 0.0

    def is_a_manager_s(self, after: int) -> bool:
        """Whether the owner had as many working days to see to it. What nobody owns is told at once, as is a fall that
        its owner does not hear of."""
        owner = self.deal.owner
        if self.cause is Cause.SCORE_FELL and owner is not None and (owner.is_muted or not owner.user_id):
            return True
        return owner is None or self.waited >= after

    def began_after(self, moment: datetime, *, at: datetime) -> bool:
        """Whether it began on a later working day than that; a deal that was snoozed meanwhile stalled all along."""
        wait = self.deal.wait(at) if self.cause is Cause.STALLED else None
        return (wait.overdue if wait else self.waited) < _days_of(self.deal).waited(moment, at)


def alarms_of(deals: Iterable[Deal], falls: Mapping[int, Fall], *, at: datetime) -> list[Alarm]:
    """What is the matter with open deals; `falls` are those of their chances. A snooze of its owner's hides nothing but
    that a deal is quiet."""
    found = []
    for deal in deals:
        if not deal.is_open:
            continue
        if deal.is_stalled(at):
            found.append(Alarm(deal, Cause.STALLED, _stalled_for(deal, at)))
        zone = deal.owner.time_zone if deal.owner else "UTC"
        if deal.close_date is not None and deal.close_date < day_in(zone, at):
            passed = datetime.combine(deal.close_date + _DAY, time(), tzinfo=ZoneInfo(zone))
            found.append(Alarm(deal, Cause.CLOSE_DATE_PASSED, _days_of(deal).waited(passed, at)))
        if (fall := falls.get(deal.id)) is not None:
            found.append(Alarm(deal, Cause.SCORE_FELL, _days_of(deal).waited(fall.told_at, at), fall.by))
    return found


def _stalled_for(deal: Deal, at: datetime) -> int:
    """For how many working days: not longer than since a snooze ended or the next step became overdue."""
    wait = deal.wait(at)
    over = wait.overdue if wait else 0
    step, zone = deal.next_step, ZoneInfo(deal.owner.time_zone if deal.owner else "UTC")
    held = [deal.snoozed_until] if deal.snoozed_until else []
    if step and step.due:
        held.append(datetime.combine(step.due + _DAY, time(), tzinfo=zone))
    return min([over, *(_days_of(deal).waited(until, at) for until in held)])


def _days_of(deal: Deal) -> WorkingDays:
    return deal.owner.working_days if deal.owner else WorkingDays("", "UTC")


class AlarmTold(InWorkspace, Base):
    """That one post told of something that was the matter with a deal."""

    __tablename__ = "alarm_told"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    cause: Mapped[Cause] = mapped_column(enum_column(Cause))
    at: Mapped[datetime]


class Taking(InWorkspace, Base):
    """Somebody said that they are on it, while the deal stood in a stage; never changed."""

    __tablename__ = "taking"

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]

    by: Mapped[Member] = relationship(lazy="selectin")


class Alarms:
    """Who was told of one workspace's deals, and who is on them; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def take(self, deal: Deal, *, by: Member, at: datetime) -> Taking:
        """Somebody is on it; whoever was first since a post last told what is the matter."""
        known = self.takings([deal]).get(deal.id)
        if known is not None and not self._is_told_after(known):
            return known
        taking = Taking(
            workspace_id=self._workspace.id, deal_id=deal.id, stage_id=deal.stage_id, by_id=by.id, by=by, at=at
        )
        self._session.add(taking)
        self._session.flush()
        return taking

    def takings(self, deals: Sequence[Deal]) -> dict[int, Taking]:
        """Who said last that they are on which of the deals, by their ids, since these entered their stage."""
        known = {deal.id: deal for deal in deals}
        mine = select(Taking).where(Taking.workspace_id == self._workspace.id, Taking.deal_id.in_(known))
        return {
            each.deal_id: each
            for each in self._session.scalars(mine.order_by(Taking.at, Taking.id))
            if (deal := known[each.deal_id]).stage_id == each.stage_id and each.at >= deal.entered_stage_at
        }

    def untaken(self, alarms: Sequence[Alarm], *, at: datetime) -> list[Alarm]:
        """Those that nobody is on."""
        takings = self.takings([each.deal for each in alarms])
        return [
            each
            for each in alarms
            if (taking := takings.get(each.deal.id)) is None or each.began_after(taking.at, at=at)
        ]

    def told(self, target: str, *, since: datetime) -> set[tuple[int, Cause]]:
        """What a person or channel has heard since a moment: of which deal, and what was the matter."""
        query = (
            select(AlarmTold.deal_id, AlarmTold.cause)
            .join(Delivery, AlarmTold.delivery_id == Delivery.id)
            .where(
                AlarmTold.workspace_id == self._workspace.id,
                AlarmTold.at >= since,
                Delivery.workspace_id == self._workspace.id,
                Delivery.target == target,
                Delivery.state == DeliveryState.POSTED,
            )
        )
        return {(deal_id, cause) for deal_id, cause in self._session.execute(query)}

    def _is_told_after(self, taking: Taking) -> bool:
        later = select(AlarmTold.id).where(
            AlarmTold.workspace_id == self._workspace.id,
            AlarmTold.deal_id == taking.deal_id,
            AlarmTold.at > taking.at,
        )
        return self._session.scalar(later.limit(1)) is not None

    def falls_told(self, *, at: datetime) -> dict[int, list[datetime]]:
        """When somebody was told of the latest falls, earliest first, by the deals that have stood in their stage since
        then."""
        query = (
            select(AlarmTold.deal_id, AlarmTold.at)
            .join(Delivery, AlarmTold.delivery_id == Delivery.id)
            .join(Deal, AlarmTold.deal_id == Deal.id)
            .where(
                AlarmTold.workspace_id == self._workspace.id,
                AlarmTold.cause == Cause.SCORE_FELL,
                AlarmTold.at > at - STANDS,
                AlarmTold.at >= Deal.entered_stage_at,
                Deal.workspace_id == self._workspace.id,
                Delivery.workspace_id == self._workspace.id,
                Delivery.state == DeliveryState.POSTED,
            )
            .order_by(AlarmTold.at)
        )
        told: dict[int, list[datetime]] = {}
        for deal_id, when in self._session.execute(query):
            told.setdefault(deal_id, []).append(when)
        return told

    def note(self, alarms: Sequence[Alarm], *, delivery_id: int, at: datetime) -> None:
        """What a post is about to tell, in parts if need be; an earlier attempt at the same post told nothing."""
        before = AlarmTold.workspace_id == self._workspace.id, AlarmTold.delivery_id == delivery_id, AlarmTold.at != at
        self._session.execute(delete(AlarmTold).where(*before))
        self._session.add_all(
            AlarmTold(
                workspace_id=self._workspace.id,
                delivery_id=delivery_id,
                deal_id=each.deal.id,
                cause=each.cause,
                at=at,
            )
            for each in alarms
        )
        self._session.flush()
