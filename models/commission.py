"""What somebody earns by what they won: a rate, a higher one above an amount, and shares of a deal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from moneyed import Money
from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.activity import Revision
from models.attainment import worth_of_won
from models.base import Base, enum_column
from models.deal import Deal
from models.errors import PercentOutOfRange, PlanNotFound, SharesBeyondAll
from models.exchange import ExactNumber
from models.history import StageChange
from models.known_deals import KnownDeal
from models.member import Member
from models.money import rounded
from models.period import Period, Unit, whole_unit
from models.pricing import Lot, Pricing, Unpriced
from models.wins import Amended, Won
from models.workspace import InWorkspace, Workspace, day_in, one_at_a_time

ALL = Decimal(100)
_DAY = timedelta(days=1)


class CommissionPlan(InWorkspace, Base):
    """What is paid from a day on, never changed afterwards: of those that hold on a day the one agreed on last counts,
    and one without a rate ends it. No day is paid by two: a period ends early where another plan begins.

    `rate` per cent of what is won in each period, of what is won beyond `threshold` the `accelerated` one. Without a
    member it is everybody's who has no plan of their own.
    """

    __tablename__ = "commission_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    unit: Mapped[Unit] = mapped_column(enum_column(Unit))
    rate: Mapped[Decimal | None] = mapped_column(ExactNumber)
    threshold: Mapped[Decimal | None]
    accelerated: Mapped[Decimal | None] = mapped_column(ExactNumber)
    currency: Mapped[str] = mapped_column(String(3))
    since: Mapped[date]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class DealShare(InWorkspace, Base):
    """From a moment on, so many per cent of a deal are a helper's; what is left is its owner's. The latest counts."""

    __tablename__ = "deal_share"

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    percent: Mapped[Decimal] = mapped_column(ExactNumber)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


Shares = Mapping[int, Sequence[DealShare]]
"""For a deal's id, what its helpers were given, oldest first."""


@dataclass(frozen=True)
class Terms:
    """What a plan pays, in the workspace's currency."""

    rate: Decimal
    threshold: Decimal | None = None
    accelerated: Decimal | None = None

    def of(self, won: Decimal) -> Decimal:
        """What is paid for so much won in one period, not rounded."""
        if self.threshold is None or self.accelerated is None:
            return won * self.rate / ALL
        below = min(won, self.threshold)
        return (below * self.rate + (won - below) * self.accelerated) / ALL


@dataclass(frozen=True)
class PaidPeriod:
    """A period of a plan, or as much of it as the plan holds for."""

    plan: CommissionPlan
    period: Period


@dataclass(frozen=True)
class Credit:
    """A deal won on a day of which somebody has so many per cent; `amount` is their part, None without an amount or a
    rate. With `counted_in`, a win that was taken back on the day, less than nothing: as much as that period counted; or
    one that `is_amended`, by how much more or less it came to."""

    deal_id: int
    day: date
    percent: Decimal
    amount: Decimal | None
    counted_in: Period | None = None
    is_amended: bool = False
    unpriced: Money | None = None
    """Their part in its own currency, which has no rate."""


@dataclass(frozen=True)
class Earned:
    """What somebody earned in a period: `won` is the sum of their parts, `paid` what the terms make of it, both rounded
    once, halves up, to the smallest coin."""

    credits: tuple[Credit, ...]
    won: Decimal
    paid: Decimal
    unpriced: tuple[Unpriced, ...] = ()
    """The sums of their parts that have no rate."""

    @property
    def is_least(self) -> bool:
        """Whether deals without an amount or a rate are left out of it."""
        return any(each.amount is None for each in self.credits)

    def won_by(self, day: date) -> Decimal:
        """The sum of their parts of what was won, less what was taken back, until the end of a day of the period, not
        rounded."""
        return sum((each.amount for each in self.credits if each.amount and each.day <= day), Decimal())


class Commissions:
    """The commission plans and shares of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def periods(self, member: Member, first: date | None, last: date) -> list[PaidPeriod]:
        """Those that have any of these days, or of all days before, oldest first, each whole. Raises PlanNotFound."""
        plans = select(CommissionPlan).where(CommissionPlan.workspace_id == self._workspace.id)
        latest_first = self._session.scalars(plans.order_by(CommissionPlan.id.desc())).all()
        chains = [[each for each in latest_first if each.member_id == whose] for whose in (member.id, None)]
        found, day = [], first or min((plan.since for chain in chains for plan in chain), default=last)
        while day <= last:
            plan = _holding(chains, day)
            if plan is not None:
                period = _as_long_as_held(plan, whole_unit(plan.unit, day, self._workspace.time_zone), day, chains)
                found.append(PaidPeriod(plan, period))
                day = period.last
            day += _DAY
        if not found:
            raise PlanNotFound(member.name)
        return found

    def plan_for(self, member: Member | None, day: date) -> CommissionPlan | None:
        """The latest agreed on for somebody alone, or for everybody, as it holds on a day."""
        return self._latest(member.id if member else None, day)

    def plans_on(self, day: date) -> list[CommissionPlan]:
        """Those that hold on a day, everybody's first."""
        mine = select(CommissionPlan).where(
            CommissionPlan.workspace_id == self._workspace.id, CommissionPlan.since <= day
        )
        latest = {plan.member_id: plan for plan in self._session.scalars(mine.order_by(CommissionPlan.id))}
        return sorted((plan for plan in latest.values() if plan.rate is not None), key=lambda plan: plan.member_id or 0)

    def agree(
        self, terms: Terms | None, unit: Unit, *, member: Member | None, since: date, by: Member | None, at: datetime
    ) -> None:
        """Pay by these terms from a day on, by none where they are None. Raises PercentOutOfRange."""
        for percent in (terms.rate, terms.accelerated) if terms else ():
            if percent is not None and not 0 <= percent <= ALL:
                raise PercentOutOfRange(f"{percent:f}")
        one_at_a_time(self._session, self._workspace)
        plan = CommissionPlan(
            workspace_id=self._workspace.id,
            member_id=member.id if member else None,
            unit=unit,
            rate=terms.rate if terms else None,
            threshold=terms.threshold if terms else None,
            accelerated=terms.accelerated if terms else None,
            currency=self._workspace.currency,
            since=since,
            set_at=at,
            set_by_id=by.id if by else None,
        )
        self._session.add(plan)
        self._session.flush()

    def split(self, deal: Deal, helper: Member, percent: Decimal, *, by: Member | None, at: datetime) -> None:
        """So many per cent of a deal are a helper's from now on. Raises PercentOutOfRange, SharesBeyondAll."""
        if not 0 <= percent <= ALL:
            raise PercentOutOfRange(f"{percent:f}")
        one_at_a_time(self._session, self._workspace)
        others = {who: part for who, part in self.helpers(deal).items() if who != helper.id}
        if sum(others.values(), percent) > ALL:
            raise SharesBeyondAll(deal.name, f"{ALL - sum(others.values(), Decimal()):f}")
        share = DealShare(
            workspace_id=self._workspace.id,
            deal_id=deal.id,
            member_id=helper.id,
            percent=percent,
            at=at,
            by_id=by.id if by else None,
        )
        self._session.add(share)
        self._session.flush()

    def helpers(self, deal: Deal) -> dict[int, Decimal]:
        """How many per cent of a deal are whose now, but for its owner."""
        return helpers_of(self._session.scalars(self._shares().where(DealShare.deal_id == deal.id)))

    def parts(self, deal: Deal) -> dict[int, Decimal]:
        """How many per cent of a deal are whose now, its owner's first; nobody's of one that is not split."""
        helpers = {who: part for who, part in self.helpers(deal).items() if part and who != deal.owner_id}
        if not helpers or deal.owner_id is None:
            return helpers
        return {deal.owner_id: percent_of(deal.owner_id, deal.owner_id, helpers)} | helpers

    def shares(self, *, since: datetime) -> Shares:
        """Of the deals that moved, or were given another amount, from a moment on."""
        moved, amended = (
            select(each.deal_id).where(each.workspace_id == self._workspace.id, each.at >= since)
            for each in (StageChange, Revision)
        )
        found: dict[int, list[DealShare]] = {}
        for share in self._session.scalars(self._shares().where(DealShare.deal_id.in_(moved.union(amended)))):
            found.setdefault(share.deal_id, []).append(share)
        return found

    def _shares(self) -> Select[DealShare]:
        mine = select(DealShare).where(DealShare.workspace_id == self._workspace.id)
        return mine.order_by(DealShare.at, DealShare.id)

    def _latest(self, member_id: int | None, day: date) -> CommissionPlan | None:
        mine = select(CommissionPlan).where(
            CommissionPlan.workspace_id == self._workspace.id,
            CommissionPlan.member_id == member_id,
            CommissionPlan.since <= day,
        )
        return self._session.scalar(mine.order_by(CommissionPlan.id.desc()).limit(1))


def _holding(chains: Sequence[Sequence[CommissionPlan]], day: date) -> CommissionPlan | None:
    """Of plans in chains, what goes before the rest first, the one that holds on a day."""
    latest = (next((plan for plan in chain if plan.since <= day), None) for chain in chains)
    return next((plan for plan in latest if plan is not None and plan.rate is not None), None)


def _as_long_as_held(
    plan: CommissionPlan, whole: Period, day: date, chains: Sequence[Sequence[CommissionPlan]]
) -> Period:
    first = last = day
    while first > whole.first and _holding(chains, first - _DAY) is plan:
        first -= _DAY
    while last < whole.last and _holding(chains, last + _DAY) is plan:
        last += _DAY
    return whole if (first, last) == (whole.first, whole.last) else Period(Unit.DAYS, first, last, whole.zone)


def terms_of(plan: CommissionPlan, pricing: Pricing) -> Terms | None:
    """In the workspace's currency, at the rate of the day that the plan holds from; None where there is none."""
    threshold = plan.threshold
    if threshold is not None:
        threshold = pricing.worth_of_lot(Lot(1, plan.currency, threshold, plan.since))
    if plan.rate is None or (plan.threshold is not None and threshold is None):
        return None
    return Terms(plan.rate, threshold, plan.accelerated)


def earned(won: Won, shares: Shares, terms: Terms, member_id: int, pricing: Pricing) -> Earned:
    """Of what was won in a period, by the shares as they stood at its end, less what was taken back of earlier ones, as
    it was counted at the end of each, and more or less where these came to another amount; nothing is rounded on the
    way."""
    counted = [
        *((back.deal, back.counted_in, back.at) for back in won.taken_back),
        *((deal, won.period, None) for deal in won.deals),
    ]
    credits = []
    for deal, period, taken_back_at in counted:
        helpers = helpers_of(shares.get(deal.fields.deal_id, ()), before=period.end)
        percent = percent_of(member_id, deal.fields.owner_id, helpers)
        at = taken_back_at or deal.closed_at
        if not percent or at is None:
            continue
        worth, day = worth_of_won(deal, pricing), day_in(pricing.time_zone, at)
        amount = None if worth is None else worth * percent / ALL
        if taken_back_at is None:
            unpriced = _part(deal, percent) if amount is None else None
            credits.append(Credit(deal.fields.deal_id, day, percent, amount, unpriced=unpriced))
        elif amount is not None:
            credits.append(Credit(deal.fields.deal_id, day, percent, -amount, period))
    credits += _amended(won.amended, shares, member_id, pricing)
    total = sum((each.amount for each in credits if each.amount is not None), Decimal())
    apart = [Lot(1, each.unpriced.currency.code, each.unpriced.amount, each.day) for each in credits if each.unpriced]
    total_won, paid = (rounded(each, pricing.currency) for each in (total, terms.of(total)))
    return Earned(tuple(credits), total_won, paid, pricing.unpriced(apart))


def _amended(amended: Iterable[Amended], shares: Shares, member_id: int, pricing: Pricing) -> Iterator[Credit]:
    """Whose a win was when it was counted has the difference, by the rates of the day of the win; what has no amount or
    rate now is not counted, which is told."""
    for each in amended:
        deal_id, won_at = each.deal.fields.deal_id, each.deal.closed_at
        helpers = helpers_of(shares.get(deal_id, ()), before=each.counted_in.end)
        percent = percent_of(member_id, each.deal.fields.owner_id, helpers)
        if not percent or won_at is None:
            continue
        before, now = (worth_of_won(deal, pricing) for deal in (each.deal, each.now))
        if more := (now or Decimal()) - (before or Decimal()):
            day = day_in(pricing.time_zone, each.at)
            yield Credit(deal_id, day, percent, more * percent / ALL, each.counted_in, is_amended=True)
        if now is None:
            day = day_in(pricing.time_zone, won_at)
            yield Credit(deal_id, day, percent, None, unpriced=_part(each.now, percent))


def _part(deal: KnownDeal, percent: Decimal) -> Money | None:
    """So many per cent of its amount in its own currency."""
    amount = deal.fields.amount
    return None if amount is None else Money(amount * percent / ALL, deal.fields.currency)


def helpers_of(shares: Iterable[DealShare], *, before: datetime | None = None) -> dict[int, Decimal]:
    """Whose how many per cent are by what was given, oldest first: before a moment, or until now."""
    return {each.member_id: each.percent for each in shares if before is None or each.at < before}


def percent_of(member_id: int, owner_id: int | None, helpers: Mapping[int, Decimal]) -> Decimal:
    """A helper's share, or what the helpers leave the owner."""
    if member_id != owner_id:
        return helpers.get(member_id, Decimal())
    return ALL - sum((part for who, part in helpers.items() if who != owner_id), Decimal())
