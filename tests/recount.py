"""The figures of docs/metrics.md counted anew by its words alone, from the moves and revisions as they were written."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.activity import Revision
from models.cohorts import Cohort
from models.deal import Deal
from models.funnel_figures import CohortView, Part, Quartiles, Ratio, Snapshot
from models.history import Change, StageChange
from models.leaks import Leaks
from models.period import Period
from models.pipeline import Stage, StageKind
from models.stage_flow import StageFlow
from models.timeline import StageFacts

Rate = Callable[[str, date], Decimal | None]
"""How much of the team's currency one of a currency is on a day."""
DAY = timedelta(days=1)
WON = (StageKind.WON, StageKind.AFTER_SALES)


@dataclass(frozen=True)
class Step:
    at: datetime
    change: Change
    stage: Stage
    reason: str


@dataclass(frozen=True)
class Told:
    """A deal as it was known right before a moment, by what it did in a pipeline while it was there."""

    steps: Sequence[Step]
    owner_id: int | None
    amount: Decimal | None
    currency: str
    left_at: datetime | None = None
    """When it had gone to another pipeline."""

    @property
    def kind(self) -> StageKind:
        return self.steps[-1].stage.kind

    @property
    def is_open(self) -> bool:
        return self.kind is StageKind.OPEN

    @property
    def is_won(self) -> bool:
        return self.kind in WON

    @property
    def closed_at(self) -> datetime | None:
        """When it was won or lost, if it stands so."""
        closings = [each.at for each in self.steps if each.change in (Change.WON, Change.LOST)]
        return None if self.is_open or not closings else closings[-1]

    def began_in(self, period: Period) -> bool:
        return period.start <= self.steps[0].at < period.end

    def was_open_in(self, period: Period) -> bool:
        """At any time of it, which has the moment at which it is closed."""
        ends = [*(each.at for each in self.steps[1:]), period.end]
        return any(
            each.stage.kind is StageKind.OPEN and each.at < period.end and end >= period.start
            for each, end in zip(self.steps, ends, strict=True)
        )

    def was_closed_in(self, period: Period) -> bool:
        return self.closed_at is not None and period.start <= self.closed_at < period.end


def told_before(
    session: Session,
    pipeline_id: int,
    end: datetime,
    *,
    owners: frozenset[int] | None = None,
    gone_since: datetime | None = None,
) -> list[Told]:
    """The deals that were in a pipeline right before a moment, and those that had gone to another one since some other
    moment."""
    stages = {each.id: each for each in session.scalars(select(Stage))}
    found = []
    for deal in session.scalars(select(Deal).order_by(Deal.id)):
        kept: list[StageChange] = []
        written = select(StageChange).where(StageChange.deal_id == deal.id).order_by(StageChange.at, StageChange.id)
        for move in session.scalars(written):
            if move.at < end:
                kept = kept[:-1] if move.change is Change.UNDONE else [*kept, move]
        visits: list[list[Step]] = []
        for move in kept:
            stage = stages[stages[move.to_stage_id].retired_into_id or move.to_stage_id]
            if not visits or move.change is Change.TRANSFERRED:
                visits.append([])
            if not visits[-1] or visits[-1][-1].stage is not stage:
                visits[-1].append(Step(move.at, move.change, stage, move.reason))
        fields = _fields_before(session, deal, end)
        for place, steps in enumerate(visits):
            left_at = visits[place + 1][0].at if place + 1 < len(visits) else None
            is_there = left_at is None or (gone_since is not None and gone_since <= left_at != steps[0].at)
            if is_there and steps[0].stage.pipeline_id == pipeline_id and (owners is None or fields[0] in owners):
                found.append(Told(steps, *fields, left_at))
    return found


def _fields_before(session: Session, deal: Deal, end: datetime) -> tuple[int | None, Decimal | None, str]:
    owner_id, amount, currency = deal.owner_id, deal.amount, deal.currency
    later = select(Revision).where(Revision.deal_id == deal.id, Revision.at >= end).order_by(Revision.id.desc())
    for each in session.scalars(later):
        if each.field == "owner":
            owner_id = int(each.old) if each.old else None
        if each.field == "amount":
            number, _, currency = each.old.partition(" ")
            amount = Decimal(number) if number else None
    return owner_id, amount, currency


def worth(deal: Told, rate: Rate, day: date) -> Decimal | None:
    one = rate(deal.currency, day)
    return None if deal.amount is None or one is None else deal.amount * one


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def assert_snapshot(found: Snapshot, told: Sequence[Told], rate: Rate) -> None:
    """Of what was known right before the period's end, also of deals that had gone elsewhere within it."""
    period = found.period
    for flow in found.flows:
        assert flow == _flow(flow, told, period)
        gone = flow.forward + flow.back + flow.lost + flow.elsewhere
        assert flow.at_start + flow.entered == gone + flow.still_there
        if flow.stage.is_open:
            ended, lasting = _stays(flow.stage.id, told, period)
            assert_quartiles(found.days[flow.stage.id], ended, lasting)
    ever_there, told = told, [each for each in told if each.left_at is None]
    closed = [each for each in told if each.was_closed_in(period)]
    won = [each for each in closed if each.is_won]
    assert found.begun == sum(each.began_in(period) for each in told)
    assert (found.won, found.lost) == (len(won), len(closed) - len(won))
    losses = sum(flow.lost for flow in found.flows)
    lost_elsewhere = [each for each in ever_there if each.left_at and each.was_closed_in(period) and not each.is_won]
    assert found.reopened == losses - found.lost - len(lost_elsewhere)
    assert_ratio(found.win_rate, len(won), len(closed))
    velocity = found.velocity
    worths = [worth(each, rate, each.closed_at.date()) for each in won if each.closed_at]
    priced = [each for each in worths if each is not None]
    cycles = [
        (each.closed_at - each.steps[0].at) / DAY
        for each in won
        if each.closed_at and each.closed_at > each.steps[0].at
    ]
    assert velocity.undated == sum(each.closed_at == each.steps[0].at for each in closed)
    assert velocity.open == sum(each.is_open for each in told)
    assert velocity.opportunities == sum(each.was_open_in(period) or each.was_closed_in(period) for each in told)
    assert (velocity.won, velocity.lost) == (found.won, found.lost)
    assert velocity.won_amount.amount == cents(sum(priced, Decimal()))
    assert velocity.won_priced == len(priced)
    assert sum(each.count for each in velocity.unpriced) == sum(each.amount is not None for each in won) - len(priced)
    if cycles:
        assert velocity.cycle_days == pytest.approx(sum(cycles) / len(cycles))
    if priced and cycles and sum(cycles) >= len(cycles):
        average = float(velocity.won_amount.amount) / len(priced)
        expected = velocity.opportunities * len(won) / len(closed) * average / (sum(cycles) / len(cycles))
        assert velocity.a_day is not None
        assert float(velocity.a_day.amount) == pytest.approx(expected)
    else:
        assert velocity.a_day is None


def _flow(flow: StageFlow, told: Sequence[Told], period: Period) -> StageFlow:
    here = flow.stage.id
    counts: Counter[str] = Counter()
    for deal in told:
        before = [each.stage.id for each in deal.steps if each.at < period.start]
        counts["at_start"] += before[-1:] == [here]
        counts["still_there" if deal.left_at is None else "elsewhere"] += deal.steps[-1].stage.id == here
        for place, step in enumerate(deal.steps):
            if not period.start <= step.at < period.end:
                continue
            counts["entered"] += step.stage.id == here
            if not place:
                continue
            origin = deal.steps[place - 1].stage
            is_back = step.change in (Change.BACK, Change.REOPENED)
            way = "lost" if step.change is Change.LOST else "back" if is_back else "forward"
            counts[way] += origin.id == here
            is_past = origin.position < flow.stage.position < step.stage.position and flow.stage.is_open
            is_past = is_past and _was_there(flow.stage.inserted_at, step.at)
            counts["skipped"] += is_past and way == "forward" and origin.kind is StageKind.OPEN
    names = ("at_start", "entered", "forward", "back", "lost", "elsewhere", "skipped", "still_there")
    return StageFlow(flow.stage, **{name: counts[name] for name in names})


def _was_there(inserted_at: datetime | None, at: datetime) -> bool:
    """Whether a stage was there at a moment; one that was never put between others always was."""
    return inserted_at is None or at >= inserted_at


def _stays(here: int, told: Sequence[Told], period: Period) -> tuple[list[float], list[float]]:
    ended, lasting = [], []
    for deal in told:
        for place, step in enumerate(deal.steps):
            if step.stage.id == here and period.start <= step.at < period.end:
                left_at = deal.steps[place + 1].at if place + 1 < len(deal.steps) else deal.left_at
                if left_at == deal.steps[0].at:
                    continue  # nobody knows when it began
                if left_at is not None:
                    ended.append((left_at - step.at) / DAY)
                else:
                    lasting.append((period.end - step.at) / DAY)
    return ended, lasting


def assert_quartiles(found: Quartiles, ended: Sequence[float], lasting: Sequence[float]) -> None:
    assert (found.ended, found.lasting) == (len(ended), len(lasting))
    assert [found.low, found.median, found.high] == plain_quartiles(ended, lasting)


def plain_quartiles(ended: Sequence[float], lasting: Sequence[float]) -> list[float | None]:
    """Kaplan and Meier's estimate as a product of the shares that stay at each moment at which some leave."""
    stay, curve = 1.0, list[tuple[float, float]]()
    for day in sorted(set(ended)):
        there = sum(each >= day for each in (*ended, *lasting))
        stay *= 1 - sum(each == day for each in ended) / there
        curve.append((day, 1 - stay))
    return [next((day for day, left in curve if left >= share - 1e-9), None) for share in (0.25, 0.5, 0.75)]


def assert_ratio(found: Ratio | None, hits: int, count: int, undecided: int = 0) -> None:
    """With Wilson's interval by his formula, from where none of the undecided is a hit to where all are."""
    if not count:
        assert found is None
        return
    z, every, ends = 1.959964, count + undecided, []
    for sign, came in ((-1, hits), (1, hits + undecided)):
        share = came / every
        middle, room = share + z**2 / 2 / every, z * sqrt(share * (1 - share) / every + z**2 / 4 / every**2)
        ends.append((middle + sign * room) / (1 + z**2 / every))
    assert found is not None
    assert (found.hits, found.count) == (hits, count)
    assert [found.low, found.high] == pytest.approx(ends, abs=1e-6)


def assert_cohorts(found: CohortView, told: Sequence[Told]) -> None:
    """Of what was known right before the moment until which they are followed."""
    began = [each for each in told if each.began_in(found.period)]
    months = sorted({each.steps[0].at.date().replace(day=1) for each in began})
    assert [each.month for each in found.months] == months
    for cohort in (*found.months, found.whole):
        deals = [each for each in began if cohort.month in (None, each.steps[0].at.date().replace(day=1))]
        _assert_cohort(cohort, deals, found.stages)
    assert_ratio(found.overall, found.whole.won, found.whole.won + found.whole.lost, found.whole.open)
    for place, conversion in enumerate(found.conversions):
        decided = found.whole.decided(place)
        assert_ratio(conversion, found.whole.onward[place], decided, found.whole.reached[place] - decided)


def _assert_cohort(cohort: Cohort, deals: Sequence[Told], stages: Sequence[StageFacts]) -> None:
    lost = [each.kind is StageKind.LOST for each in deals]
    assert (cohort.deals, cohort.won, cohort.lost) == (len(deals), sum(each.is_won for each in deals), sum(lost))
    assert cohort.open == sum(each.is_open for each in deals)
    for place, stage in enumerate(stages):
        counted = [each for each in deals if _was_there(stage.inserted_at, each.steps[0].at)]
        beyond = sum(_reach(each) > stage.position for each in counted)
        dropped = sum(_reach(each) == stage.position and each.kind is StageKind.LOST for each in counted)
        assert cohort.counted[place] == len(counted)
        assert cohort.reached[place] == sum(_reach(each) >= stage.position for each in counted)
        assert (cohort.onward[place], cohort.decided(place)) == (beyond, beyond + dropped)


def _reach(deal: Told) -> int:
    """The latest stage that it was ever in; lost does not count, and a win that was reopened is none."""
    counted = [
        each.stage.position
        for each in deal.steps
        if each.stage.kind is StageKind.OPEN or (each.stage.kind in WON and deal.is_won)
    ]
    return max(counted, default=-1)


def assert_parts(found: Sequence[Part], told: Sequence[Told], period: Period, rate: Rate) -> None:
    """Of a snapshot, by owners."""
    counted = [each for each in told if each.began_in(period) or each.was_closed_in(period)]
    shown = [part for part in found if part.begun + part.won + part.lost]
    assert {part.value or None for part in shown} == {each.owner_id for each in counted}
    for part in shown:
        theirs = [each for each in counted if each.owner_id == (part.value or None)]
        closed = [each for each in theirs if each.was_closed_in(period)]
        won = [each for each in closed if each.is_won]
        worths = [worth(each, rate, each.closed_at.date()) for each in won if each.closed_at]
        assert (part.begun, part.won) == (sum(each.began_in(period) for each in theirs), len(won))
        assert part.won_amount.amount == cents(sum((each or Decimal() for each in worths), Decimal()))
        assert_ratio(part.win_rate, len(won), len(closed))


def assert_leaks(found: Leaks, told: Sequence[Told], everybody: Sequence[Told], rate: Rate) -> None:
    """Of what was known right before the period's end, also of deals that had gone elsewhere within it or the year
    before; chances of winning are those of everybody's deals that were there."""
    period = found.period
    first, last = period.first - 365 * DAY, period.first - DAY
    year = Period(period.unit, first, last, period.zone)
    days = {each.stage.id: _days(each.stage.id, told, period) for each in found.stages if each.stage.is_open}
    usual = {here: _days(here, told, year) for here in days}
    for each in found.stages:
        here = each.stage.id
        losses = [
            (deal, step)
            for deal in told
            for before, step in zip(deal.steps, deal.steps[1:], strict=False)
            if before.stage.id == here and step.change is Change.LOST and period.start <= step.at < period.end
        ]
        stand = [deal for deal, step in losses if step is deal.steps[-1] and deal.left_at is None]
        closed = [
            deal
            for deal in everybody
            if not deal.is_open
            and (deal.closed_at or deal.steps[0].at) >= period.end - 730 * DAY
            and here in [step.stage.id for step in deal.steps]
        ]
        share = sum(deal.is_won for deal in closed) / len(closed) if closed else 0.0
        worths = [worth(deal, rate, deal.steps[-1].at.date()) for deal in stand]
        expected = sum((amount * Decimal(str(share)) for amount in worths if amount is not None), Decimal())
        assert each.leak.lost == len(losses)
        assert each.leak.no_amount == sum(deal.amount is None for deal in stand)
        assert (Decimal(each.leak.value.total.amount) if each.leak.value.total else 0) == cents(expected)
        unpriced = [
            deal for deal in stand if deal.amount is not None and rate(deal.currency, deal.steps[-1].at.date()) is None
        ]
        assert sum(lot.count for lot in each.leak.value.unpriced) == len(unpriced)
        if each.stage.is_open:
            assert each.days == pytest.approx(days[here], abs=1e-6)
            for found_share, of in ((each.days_share, days), (each.usual_share, usual)):
                whole = sum(of.values())
                assert found_share == (pytest.approx(of[here] / whole) if whole else None)
    reasons, before = _reasons(told, period), _reasons(told, period.before())
    growing = {
        reason: (count, before[reason])
        for reason, count in reasons.items()
        if before and count / reasons.total() > before[reason] / before.total()
    }
    assert {each.reason: (each.lost, each.lost_before) for each in found.reasons} == growing


def _reasons(told: Sequence[Told], period: Period) -> Counter[str]:
    return Counter(
        step.reason
        for deal in told
        for step in deal.steps[1:]
        if step.change is Change.LOST and period.start <= step.at < period.end
    )


def _days(here: int, told: Sequence[Told], period: Period) -> float:
    total = 0.0
    for deal in told:
        ends = [*(step.at for step in deal.steps[1:]), deal.left_at or period.end]
        for step, end in zip(deal.steps, ends, strict=True):
            if step.stage.id == here:
                total += max(0.0, (min(end, period.end) - max(step.at, period.start)) / DAY)
    return total
