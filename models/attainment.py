"""How far a target is reached, whether that is on pace, and how it was in the periods before."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.activity import Activity, ActivityKind
from models.exchange import ExchangeRates
from models.history import Change
from models.known_deals import KnownDeal, Selection, known_before
from models.member import Member
from models.money import rounded
from models.period import Period, Unit, as_far_as, whole_unit
from models.pipeline import StageKind
from models.pipelines import Pipelines
from models.pricing import Lot, Pricing, Unpriced
from models.target import Aim, Measure, Scope, Target, Targets, latest_on
from models.timeline import DealHistory, StageFacts, stays_in
from models.timelines import Timelines
from models.working_days import WorkingDays, country_of
from models.workspace import Workspace, day_in

OPENS, CLOSES = time(9), time(18)
"""A working day's hours, as far as pace goes."""
PERIODS = 6
"""As many periods before the running one are looked back at."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LoggedActivity:
    """A call, an email or a meeting: what, by whom and when."""

    kind: ActivityKind
    by_id: int | None
    at: datetime


@dataclass(frozen=True)
class Reached:
    """How much of something there was in a period; `unpriced` won deals have no rate, `no_amount` have none."""

    period: Period
    done: Decimal
    unpriced: tuple[Unpriced, ...] = ()
    no_amount: int = 0


@dataclass(frozen=True)
class Past:
    """What one period before came to, and the goal that held then; None where there was none."""

    reached: Reached
    goal: Decimal | None

    @property
    def share(self) -> float | None:
        return float(self.reached.done / self.goal) if self.goal else None


@dataclass(frozen=True)
class Progress:
    """Where a target stands: `elapsed` is the share of the period's working time that is over, of which a free period
    has none."""

    target: Target
    goal: Decimal
    reached: Reached
    elapsed: Decimal
    pasts: tuple[Past, ...] = ()
    """Oldest first."""
    is_free: bool = False
    stage_pipeline: str = ""
    """The name of the pipeline that its stage is in, where there are several."""

    @property
    def share(self) -> float:
        return float(self.reached.done / self.goal)

    @property
    def expected(self) -> Decimal:
        """What an even pace would have brought by now."""
        return self.goal * self.elapsed

    @property
    def behind(self) -> Decimal:
        """How much is missing to an even pace; nothing or less when on pace. Of what is counted, whole ones only: half
        a meeting is not missed."""
        gap = self.expected - self.reached.done
        return gap if self.target.measure is Measure.AMOUNT else round(gap, _PLACES) // 1

    @property
    def is_reached(self) -> bool:
        return self.reached.done >= self.goal

    @property
    def is_on_pace(self) -> bool:
        return self.behind <= 0


@dataclass(frozen=True)
class Record:
    """What happened in some time, out of which every measure is counted."""

    histories: Sequence[DealHistory]
    stages: Mapping[int, StageFacts]
    activities: Sequence[LoggedActivity]
    pricing: Pricing

    def reached(self, aim: Aim, period: Period, people: frozenset[int] | None) -> Reached:
        """How much of what a target is about there was in a period, as it was known at the period's end.

        `people` are those whose it is, None for everybody's.
        """
        if aim.measure in _ACTIVITIES:
            kind = _ACTIVITIES[aim.measure]
            done = sum(
                each.kind is kind and period.has(each.at) and (people is None or each.by_id in people)
                for each in self.activities
            )
            return Reached(period, Decimal(done))
        histories = (
            self.histories if aim.pipeline_id is None else stays_in(aim.pipeline_id, self.histories, self.stages)
        )
        deals = known_before(histories, period.end, Selection(owner_ids=people))
        if aim.measure is Measure.AMOUNT:
            return self._amount(wins(deals, self.stages, period), period)
        counted = {
            Measure.NEW: lambda: sum(period.has(deal.began_at) for deal in deals),
            Measure.WON: lambda: len(wins(deals, self.stages, period)),
            Measure.ENTERED: lambda: sum(
                move.to_stage_id == aim.stage_id and period.has(move.at) for deal in deals for move in deal.moves
            ),
        }[aim.measure]()
        return Reached(period, Decimal(counted))

    def _amount(self, deals: Iterable[KnownDeal], period: Period) -> Reached:
        won = list(deals)
        worth = self.pricing.sum_of(lots_of_won(won, self.pricing))
        return Reached(period, worth.amount, worth.unpriced, sum(deal.fields.amount is None for deal in won))


_PLACES = 9
"""To so many places a third of three is one, though no decimal is a third."""
_ACTIVITIES = {
    Measure.MEETING: ActivityKind.MEETING,
    Measure.CALL: ActivityKind.CALL,
    Measure.EMAIL: ActivityKind.EMAIL,
}
_WON = frozenset((Change.WON,))
_MOVES = {
    Measure.AMOUNT: _WON,
    Measure.WON: _WON,
    Measure.NEW: frozenset((Change.CREATED, Change.TRANSFERRED)),
    Measure.ENTERED: frozenset(Change),
}
"""Which moves say that something of a measure happened, whatever came of it."""


def wins(deals: Iterable[KnownDeal], stages: Mapping[int, StageFacts], period: Period) -> list[KnownDeal]:
    """The deals that were won in a period and stand so at its end: a win that was reopened is none."""
    won = (StageKind.WON, StageKind.AFTER_SALES)
    return [
        deal for deal in deals if deal.closed_at and period.has(deal.closed_at) and stages[deal.stage_id].kind in won
    ]


def worth_of_won(deal: KnownDeal, pricing: Pricing) -> Decimal | None:
    """In the workspace's currency at the rate of the day it was won, not rounded; None without an amount or a rate."""
    if (closed_at := deal.closed_at) is None:
        return None
    return pricing.worth_when_closed(deal.fields.amount, deal.fields.currency, closed_at)


def lots_of_won(deals: Iterable[KnownDeal], pricing: Pricing) -> list[Lot]:
    """Of won deals that have an amount, each on the day it was won."""
    return [
        Lot(1, deal.fields.currency, deal.fields.amount, day_in(pricing.time_zone, deal.closed_at))
        for deal in deals
        if deal.fields.amount is not None and deal.closed_at is not None
    ]


def read_record(
    session: Session,
    workspace: Workspace,
    *,
    since: datetime,
    at: datetime,
    measures: Collection[Measure] = tuple(Measure),
) -> Record:
    """What happened since a moment as far as it counts for these measures, and what the deals that moved had been
    through before; priced as of `at`."""
    timelines = Timelines(session, workspace)
    changes = {change for each in measures for change in _MOVES.get(each, ())}
    kinds = [_ACTIVITIES[each] for each in measures if each in _ACTIVITIES]
    activities = select(Activity.kind, Activity.by_id, Activity.at).where(
        Activity.workspace_id == workspace.id, Activity.kind.in_(kinds), Activity.at >= since
    )
    return Record(
        histories=timelines.moved_since(since, changes) if changes else [],
        stages=timelines.stages(),
        activities=[LoggedActivity(*each) for each in session.execute(activities)] if kinds else [],
        pricing=ExchangeRates(session, workspace).pricing(at=at, since=day_in(workspace.time_zone, since)),
    )


def progress(
    session: Session,
    workspace: Workspace,
    members: Sequence[Member],
    *,
    at: datetime,
    looking_back: int = 0,
    of: Callable[[Target], bool] = lambda _: True,
) -> list[Progress]:
    """Where each target that holds now stands, and the periods before; without those whose goal has no rate."""
    today = day_in(workspace.time_zone, at)
    targets = Targets(session, workspace)
    holding = [each for each in targets.on(today) if of(each)]
    if not holding:
        return []
    periods = {
        unit: _periods(unit, today, workspace.time_zone, looking_back) for unit in {each.unit for each in holding}
    }
    measures = {unit: {each.measure for each in holding if each.unit is unit} for unit in periods}
    records = {
        unit: read_record(session, workspace, since=periods[unit][0].start, at=at, measures=asked)
        for unit, asked in measures.items()
    }
    history = targets.by_aim()
    of_goals = _pricing_of_goals(session, workspace, [each for target in holding for each in history[target.aim]], at)
    names = Pipelines(session, workspace).names_to_tell() if any(each.stage for each in holding) else {}
    return [
        _progress(
            *(target, goal, history[target.aim], record, of_goals),
            stage_pipeline=names.get(target.stage.pipeline_id, "") if target.stage else "",
            periods=periods[target.unit],
            members=members,
            at=at,
            looking_back=looking_back,
        )
        for target in holding
        for record in [records[target.unit]]
        if (goal := goal_of(target, of_goals)) is not None
    ]


def _progress(
    target: Target,
    goal: Decimal,
    history: Sequence[Target],
    record: Record,
    of_goals: Pricing,
    *,
    stage_pipeline: str,
    periods: Sequence[Period],
    members: Sequence[Member],
    at: datetime,
    looking_back: int,
) -> Progress:
    *before, whole = periods
    people = people_of(target.scope, target.member_id, members)
    reached = record.reached(target.aim, as_far_as(whole, at), people)
    pasts = [
        Past(record.reached(target.aim, each, people), goal_of(latest_on(each.last, history), of_goals))
        for each in before
    ]
    counting = [
        each for each in pasts if each.reached.done or each.reached.unpriced or not is_free(each.reached.period)
    ]
    return Progress(
        target=target,
        goal=goal,
        reached=reached,
        elapsed=elapsed(whole, at),
        is_free=is_free(whole),
        stage_pipeline=stage_pipeline,
        pasts=tuple(counting[max(len(counting) - looking_back, 0) :]),
    )


def _pricing_of_goals(session: Session, workspace: Workspace, targets: Iterable[Target], at: datetime) -> Pricing:
    """By which goals are told in the workspace's currency; one may have been set long before any period told."""
    foreign = [each.since for each in targets if each.currency not in ("", workspace.currency)]
    if not foreign:
        return Pricing.without_rates(workspace, at=at)
    return ExchangeRates(session, workspace).pricing(at=at, since=min(foreign))


def goal_of(target: Target | None, pricing: Pricing) -> Decimal | None:
    """The goal, of money in the workspace's currency of today at the rate of the day that it was set for; never
    nothing, even where it is less than a coin."""
    if target is None or target.goal is None or target.measure is not Measure.AMOUNT:
        return target.goal if target else None
    lot = lot_of(target, pricing.today)
    worth = None if lot is None else pricing.worth_of_lot(lot)
    return None if worth is None else rounded(worth, pricing.currency) or worth


def lot_of(target: Target, today: date) -> Lot | None:
    """The goal as money of the day whose rate it counts at."""
    return None if target.goal is None else Lot(1, target.currency, target.goal, min(target.since, today))


def people_of(scope: Scope, member_id: int | None, members: Iterable[Member]) -> frozenset[int] | None:
    """Whose deals and activities count; None for everybody's."""
    if scope is Scope.WORKSPACE or member_id is None:
        return None
    if scope is Scope.REP:
        return frozenset((member_id,))
    return frozenset((member_id, *(each.id for each in members if each.manager_id == member_id)))


def heads_of(members: Iterable[Member]) -> dict[int, int]:
    """Of each person the manager whose team they are in, today: their own where somebody reports to them, else that of
    whom they report to. Who has neither is in none."""
    every = list(members)
    leading = {each.manager_id for each in every if each.manager_id is not None}
    heads = {each.id: each.id if each.id in leading else each.manager_id for each in every}
    return {member_id: head for member_id, head in heads.items() if head is not None}


def elapsed(period: Period, at: datetime) -> Decimal:
    """The share of a period's working time that is over, by the public holidays of the country of its zone; none of a
    period without a working day."""
    local = at.astimezone(ZoneInfo(period.zone))
    worked = _worked(period)
    over = sum(day < local.date() for day in worked) + (_of_day(local.time()) if local.date() in worked else Decimal())
    return Decimal(over) / len(worked) if worked else Decimal()


def is_free(period: Period) -> bool:
    """Whether nobody works in it: a weekend's day, a public holiday."""
    return not _worked(period)


def _worked(period: Period) -> list[date]:
    calendar = WorkingDays(country_of(period.zone), period.zone)
    days = (period.first + _DAY * number for number in range(period.days))
    return [day for day in days if calendar.has(day)]


def _of_day(clock: time) -> Decimal:
    minutes, opens, closes = (each.hour * 60 + each.minute for each in (clock, OPENS, CLOSES))
    return Decimal(min(max(minutes - opens, 0), closes - opens)) / (closes - opens)


def _periods(unit: Unit, today: date, zone: str, before: int) -> list[Period]:
    """The whole periods up to the one that has a day, oldest first; so many before it in which people work."""
    periods = [whole_unit(unit, today, zone)]
    while before:
        periods.insert(0, periods[0].before())
        before -= not is_free(periods[0])
    return periods
