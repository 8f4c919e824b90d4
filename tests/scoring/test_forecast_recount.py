"""A forecast's sums, categories, slips and changes are those of a plain recount by the words of docs/metrics.md."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from math import prod

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom

from models.deal import ForecastCategory
from models.forecast import Forecast, Step, Waterfall
from models.history import Change
from models.known_deals import Selection
from models.pipeline import StageKind
from models.timeline import DealHistory, PastMove, PastRevision
from tests.factories import MONDAY, days
from tests.models.test_stage_flow import PIPELINE, STAGES
from tests.pasts import a_past
from tests.recount import plain_quartiles
from tests.scoring.test_forecasting import (
    KINDS,
    NOW,
    OF_ONE,
    SPRING,
    as_known,
    forecasts,
    is_open,
    naive_sum,
    naive_worth,
    written,
)


@given(written())
@settings(max_examples=40)
def test_weighted_sums_categories_and_slips_are_those_of_a_plain_recount(histories: list[DealHistory]) -> None:
    known = as_known(histories, NOW)
    known = [*known[:1], *(replace(each, forecast="omitted") for each in known[1:2]), *known[2:]]
    chances = {known[0].deal_id: 0.7, known[-1].deal_id: 0.4} if known else {}

    found = replace(forecasts(known), chances=chances).forecast(SPRING, Selection(), at=NOW)

    standing = [deal for deal in known if is_open(deal)]
    assert promises_add_up(found, standing, chances, dict(zip(BELIEVED, plain_rates(known), strict=True)))
    late, lasting = plain_slips(known)
    if not late or not found.slip:
        assert not found.slip
    else:
        drawn, slip = len(late) / (len(late) + 10), found.slip
        told = [None if each is None else each * drawn for each in plain_quartiles(late, lasting)]
        assert [slip.low, slip.median, slip.count] == pytest.approx([told[0], told[1], len(late)])
        assert slip.high == pytest.approx(max(told[2] or 0.0, slip.median))


def promises_add_up(
    found: Forecast, standing: Sequence[DealHistory], chances: Mapping[int, float], rates: Mapping[str, float]
) -> bool:
    """Amount × the stage's rate, and amount × the model's chance or else that rate, by stages and by categories."""
    stages: dict[str, list[Decimal]] = {name: [Decimal(0), Decimal(0)] for name in rates}
    categories = dict.fromkeys(ForecastCategory, Decimal(0))
    for deal in standing:
        stage = next(each.name for each in STAGES if each.id == deal.standing.stage_id)
        by_model = chances.get(deal.deal_id, rates[stage])
        suggested = "commit" if by_model >= 0.7 else "best_case" if by_model >= 0.4 else "pipeline"
        categories[ForecastCategory(deal.forecast or suggested)] += naive_worth(deal)
        if deal.forecast != "omitted":
            stages[stage][0] += naive_worth(deal) * Decimal(rates[stage])
            stages[stage][1] += naive_worth(deal) * Decimal(by_model)
    room = Decimal("0.006") * len(standing)
    return (
        all(
            abs(each.by_stage - by_stage) <= room and abs(each.by_model - by_model) <= room
            for each, (by_stage, by_model) in ((found.stages[name], stages[name]) for name in stages)
        )
        and {name: each.amount for name, each in found.categories.items()} == categories
    )


BELIEVED = {"Lead": 0.15, "Demo": 0.375, "Offer": 0.6}
"""What is believed of three stages without any past."""


def plain_rates(known: Sequence[DealHistory]) -> list[float]:
    """The win rates of the open stages, drawn to what is believed by weights that count as much as what was seen is
    likely under them (beta-binomial)."""
    seen = []
    for name, belief in BELIEVED.items():
        stage = next(each.id for each in STAGES if each.name == name)
        ends = [
            KINDS[deal.standing.stage_id]
            for deal in known
            if not is_open(deal)
            and deal.standing.closed_at
            and stage in [each.to_stage_id for each in plain_moves(deal)]
        ]
        seen.append((sum(each is not StageKind.LOST for each in ends), len(ends), belief))
    likely = {
        weight: prod(betabinom.pmf(won, count, each * weight, (1 - each) * weight) for won, count, each in seen)
        for weight in (2, 4, 8, 16, 32, 64, 128, 256)
    }
    return [
        sum(part * (won + each * weight) / (count + weight) for weight, part in likely.items()) / sum(likely.values())
        for won, count, each in seen
    ]


def plain_moves(deal: DealHistory) -> list[PastMove]:
    kept: list[PastMove] = []
    for move in deal.moves:
        kept = kept[:-1] if move.change is Change.UNDONE else [*kept, move]
    return kept


def plain_slips(known: Sequence[DealHistory]) -> tuple[list[float], list[float]]:
    """By how many days deals were won after the first close date that they had while open, and open ones at least."""
    late: list[float] = []
    lasting: list[float] = []
    for deal in known:
        moments = sorted({each.at for each in deal.moves} | {each.at for each in deal.revisions})
        as_it_was = [deal.as_of(moment) for moment in moments if moment >= deal.moves[0].at]
        dues = [each.close_date for each in as_it_was if each.close_date and is_open(each)]
        closed_at = deal.standing.closed_at
        if dues and KINDS[deal.standing.stage_id] is not StageKind.LOST:
            (late if closed_at else lasting).append(float(((closed_at or NOW).date() - dues[0]).days))
    return late, lasting


def test_a_win_that_went_on_to_after_sales_is_still_won() -> None:
    found = forecasts([a_past(PIPELINE, ("Lead", 1), ("Won", 40), ("Care", 44))]).forecast(SPRING, Selection(), at=NOW)

    assert (found.won, found.total.count) == (Step(1, Decimal(1000)), 0)


def test_a_young_team_s_deals_are_weighted_by_what_is_believed_of_their_stages() -> None:
    early, late = a_past(PIPELINE, ("Lead", 1), amount=1000), a_past(PIPELINE, ("Offer", 1), amount=1000)

    stages = forecasts([early, late]).forecast(SPRING, Selection(), at=NOW).stages

    assert [stages[name].by_stage for name in ("Lead", "Demo", "Offer")] == [150, 0, 600]


@pytest.mark.parametrize(("won", "lost", "rate"), [(1, 0, 0.231), (2, 0, 0.34), (2, 1, 0.269), (3, 0, 0.479)])
def test_the_first_deals_that_are_closed_move_a_win_rate_step_by_step(won: int, lost: int, rate: float) -> None:
    """Of a stage of which 15 % are believed to be won."""
    closed = [a_past(PIPELINE, ("Lead", 1), (end, 20)) for end in ["Won"] * won + ["Lost"] * lost]

    found = forecasts([*closed, a_past(PIPELINE, ("Lead", 1))]).forecast(SPRING, Selection(), at=NOW)

    assert float(found.stages["Lead"].by_stage) / 1000 == pytest.approx(rate, abs=0.001)


WON_A_WEEK_AGO = a_past(PIPELINE, ("Lead", 1), ("Won", 45))
LOST_BEFORE_IT_WAS_DUE = replace(a_past(PIPELINE, ("Lead", 1), ("Lost", 50)), close_date=date(2026, 9, 1))

SHRUNK = replace(a_past(PIPELINE, ("Lead", 1)), revisions=(PastRevision(NOW, "amount", "1500 USD", "1000 USD"),))
GROWN = replace(a_past(PIPELINE, ("Lead", 1)), revisions=(PastRevision(NOW, "amount", "900 USD", "1000 USD"),))


@example(histories=[SHRUNK, SHRUNK, GROWN], day=1, selection=Selection()).via("two have shrunk and one has grown")
@example(histories=[WON_A_WEEK_AGO], day=32, selection=Selection()).via("is no change of this week")
@example(histories=[LOST_BEFORE_IT_WAS_DUE], day=32, selection=Selection()).via("is no change of this period")
@given(histories=written(), day=st.integers(0, 60), selection=st.sampled_from([OF_ONE, Selection()]))
@settings(max_examples=60)
def test_each_change_of_a_week_is_that_of_a_plain_recount(
    histories: list[DealHistory], day: int, selection: Selection
) -> None:
    """In a week in which one of the deals was moved or written anew, where there are any."""
    written_at = [each.at for deal in histories for each in deal.revisions]
    moments = sorted([*written_at, *(each.at for deal in histories for each in deal.moves[1:])])
    at = moments[day % len(moments)] + days(3) if len(moments) > 2 else MONDAY + days(20 + day)

    assert forecasts(histories).forecast(SPRING, selection, at=at).changes == plain_changes(histories, selection, at)


def plain_changes(histories: Sequence[DealHistory], selection: Selection, at: datetime) -> Waterfall:
    """Each step of a deal that is due in the period or was a week before, or was closed meanwhile though due or won in
    the period."""
    runs = at >= SPRING.start

    def is_due(deal: DealHistory) -> bool:
        day = deal.close_date
        return runs if day is None else day <= SPRING.last and (runs or day >= SPRING.first)

    def is_meant(deal: DealHistory) -> bool:
        return selection.has(deal) and deal.forecast != "omitted"

    def of(step: Step) -> dict[str, Decimal]:
        return {"USD": step.amount, "EUR": step.apart.get("EUR", Decimal(0))}

    total = dict.fromkeys(vars(Waterfall()), Step())
    for history in histories:
        then, now = (as_known([history], moment) for moment in (at - days(7), at))
        was = [deal for deal in then if is_open(deal) and is_due(deal) and is_meant(deal)]
        stands = [deal for deal in now if is_open(deal) and is_due(deal) and is_meant(deal)]
        closed = [deal for deal in now if not is_open(deal) and is_meant(deal) and deal.standing.closed_at]
        went = [
            deal
            for deal in closed
            if (closed_at := deal.standing.closed_at)
            and at - days(7) < closed_at
            and (is_due(deal) or (KINDS[deal.standing.stage_id] is not StageKind.LOST and SPRING.has(closed_at)))
        ]
        worth = naive_sum(now)
        if was:
            before = naive_sum(was)
            total["before"] += before
            by = {code: each - of(before)[code] for code, each in of(worth).items() if each != of(before)[code]}
            for name, sign in (("grown", 1), ("shrunk", -1)):
                if part := {code: each for code, each in by.items() if each * sign > 0}:
                    total[name] += Step(1, part.pop("USD", Decimal(0)), part)
        elif stands or went:
            total["joined" if then else "new"] += worth
        if stands:
            total["now"] += worth
        elif was or went:
            kind, day = KINDS[now[0].standing.stage_id], now[0].close_date
            is_late = kind is StageKind.OPEN and day is not None and day > SPRING.last
            way = "slipped" if is_late else "lost" if kind is StageKind.LOST else "won"
            is_gone = not is_meant(now[0]) or (kind is StageKind.OPEN and not is_late)
            total["left" if is_gone else way] += Step(
                1, -worth.amount, {code: -each for code, each in worth.apart.items()}
            )
    return Waterfall(**total)
