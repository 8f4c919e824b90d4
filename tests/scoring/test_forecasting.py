"""A forecast says what the raw history says, adds up, and is about as sure of itself as it may be."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money

from models.course import FOREVER, Span, held_at, spans_of
from models.database import Database
from models.deal import ForecastCategory
from models.exchange import ExchangeRates
from models.forecast import Promise, Step, Waterfall
from models.known_deals import Selection
from models.period import Period, Unit, whole_unit
from models.pipeline import StageKind, stages_from_text
from models.pipelines import Pipelines
from models.pricing import Pricing, Rate, Rates, Unpriced
from models.target import Aim, Measure, Scope, Targets
from models.timeline import DealHistory, PastRevision, StageFacts
from scoring.forecast_draws import chances_in
from scoring.forecast_spans import OPEN
from scoring.forecast_stretches import Stretches
from scoring.forecast_tries import window_of
from scoring.forecasting import ForecastPast, target_of
from tests.factories import MONDAY, a_team, days
from tests.models.test_stage_flow import PIPELINE, STAGES
from tests.pasts import a_past, pasts
from tests.scoring.funnel_law import PLAIN
from tests.scoring.simulation import STAGES as SIMULATED
from tests.scoring.truth import a_funnel

NOW = MONDAY + days(45)
SPRING = Period(Unit.QUARTER, date(2026, 4, 1), date(2026, 6, 30), "UTC")
OF_ONE = Selection(owner_ids=frozenset([1]))
OF_FEW = Selection(source="fair", owner_ids=frozenset([1]))
KINDS = {stage.id: stage.kind for stage in STAGES}


def forecasts(histories: Sequence[DealHistory], stages: Sequence[StageFacts] = STAGES) -> ForecastPast:
    pricing = Pricing("USD", "UTC", NOW.date(), Rates(()))
    return ForecastPast([list(spans_of(each)) for each in histories], {each.id: each for each in stages}, pricing, {})


@st.composite
def written(draw: st.DrawFn) -> list[DealHistory]:
    """Deals that wander at random, with amounts, close dates and categories that were written anew."""
    return [draw(_rewritten(history)) for history in draw(pasts(PIPELINE))]


@st.composite
def _rewritten(draw: st.DrawFn, history: DealHistory) -> DealHistory:
    begun, now = history.created_at, history
    for _ in range(draw(st.integers(0, 4))):
        at = begun + timedelta(hours=draw(st.integers(1, 24 * 60)))
        if now.revisions and at <= now.revisions[-1].at:
            continue
        match draw(st.sampled_from(["amount", "close_date", "forecast"])):
            case "amount":
                amount = draw(st.sampled_from([None, Decimal(50), Decimal("700.25")]))
                texts = ["" if each is None else f"{each} {now.currency}" for each in (now.amount, amount)]
                now = replace(now, amount=amount, revisions=(*now.revisions, PastRevision(at, "amount", *texts)))
            case "close_date":
                day = draw(st.sampled_from([None, date(2026, 3, 20), date(2026, 4, 20), date(2026, 8, 1)]))
                texts = [each.isoformat() if each else "" for each in (now.close_date, day)]
                now = replace(now, close_date=day, revisions=(*now.revisions, PastRevision(at, "close_date", *texts)))
            case "forecast":
                said = draw(st.sampled_from(["", "commit", "omitted"]))
                revision = PastRevision(at, "forecast", now.forecast, said)
                now = replace(now, forecast=said, revisions=(*now.revisions, revision))
    return now


def as_known(histories: Sequence[DealHistory], at: datetime) -> list[DealHistory]:
    return [history.as_of(at) for history in histories if history.created_at <= at]


def is_open(deal: DealHistory) -> bool:
    return KINDS[deal.standing.stage_id] is StageKind.OPEN


def naive_worth(deal: DealHistory) -> Decimal:
    return deal.amount if deal.amount is not None and deal.currency == "USD" else Decimal(0)


def naive_sum(deals: Iterable[DealHistory]) -> Step:
    """With what is in euros, which have no rate, apart."""
    every = list(deals)
    euros = [deal.amount for deal in every if deal.amount is not None and deal.currency == "EUR"]
    apart = {"EUR": sum(euros, Decimal(0))} if euros else {}
    return Step(len(every), sum(map(naive_worth, every), Decimal(0)), apart)


@given(written())
@settings(max_examples=60)
def test_the_sums_are_those_of_the_raw_history(histories: list[DealHistory]) -> None:
    found = forecasts(histories).forecast(SPRING, OF_ONE, at=NOW)

    mine = [deal for deal in as_known(histories, NOW) if deal.owner_id == 1]
    counted = [deal for deal in mine if is_open(deal) and deal.forecast != "omitted"]
    won = [
        deal
        for deal in mine
        if KINDS[deal.standing.stage_id] in (StageKind.WON, StageKind.AFTER_SALES)
        and deal.standing.closed_at is not None
        and SPRING.has(deal.standing.closed_at)
    ]
    assert found.total.sum_of("amount") == naive_sum(counted)
    assert found.won == naive_sum(won)
    for stage in STAGES:
        if stage.is_open:
            inside = [deal for deal in counted if deal.standing.stage_id == stage.id]
            assert found.stages[stage.name].count == len(inside)
    assert found.without_amount == sum(deal.amount is None for deal in counted)
    euros = sum(deal.amount is not None and deal.currency == "EUR" for deal in [*counted, *won])
    assert sum(each.count for each in found.unpriced) == euros


@given(written(), st.integers(0, 29))
@settings(max_examples=60)
def test_deals_that_were_closed_long_ago_are_not_missed(histories: list[DealHistory], day: int) -> None:
    since = MONDAY + days(day)
    lately = [deal for deal in histories if is_open(deal) or any(move.at >= since for move in deal.moves)]
    whole = forecasts(histories).forecast(SPRING, Selection(), at=NOW)
    found = replace(forecasts(lately), since=since).forecast(SPRING, Selection(), at=NOW)

    assert (found.won, found.changes, found.without_amount) == (whole.won, whole.changes, whole.without_amount)
    assert (found.total.count, found.total.amount) == (whole.total.count, whole.total.amount)


def test_no_period_is_looked_back_on_of_which_deals_are_missing(simulated: ForecastPast) -> None:
    quarter = whole_unit(Unit.QUARTER, date(2026, 8, 1), "UTC")
    at = quarter.start + days(30)
    since = at - days(400)
    lately = [spans for spans in simulated.deals if spans[-1].closed_at is None or spans[-1].start >= since]

    whole = simulated.forecast(quarter, Selection(), at=at)
    found = replace(simulated, deals=lately, since=since).forecast(quarter, Selection(), at=at)

    assert 0 < len(found.outcomes) < len(whole.outcomes)
    assert [each.won for each in found.outcomes] == [each.won for each in whole.outcomes[: len(found.outcomes)]]


@given(written())
@settings(max_examples=60)
def test_stages_and_categories_come_to_the_same_to_the_coin(histories: list[DealHistory]) -> None:
    found = forecasts(histories).forecast(SPRING, Selection(), at=NOW)

    said = [promise for category, promise in found.categories.items() if category is not ForecastCategory.OMITTED]
    assert sum(said, Promise()) == found.total
    due, now = found.total.sum_of("due"), found.changes.now
    assert (due.amount, due.apart.get("EUR", 0)) == (now.amount, now.apart.get("EUR", 0))
    assert found.called(ForecastCategory.PIPELINE).amount == found.won.amount + found.total.due


@given(written(), st.integers(0, 60), st.sampled_from([OF_ONE, Selection()]))
@settings(max_examples=100)
def test_what_changed_in_a_week_adds_up_exactly(histories: list[DealHistory], day: int, selection: Selection) -> None:
    at = MONDAY + days(20 + day)
    found = forecasts(histories).forecast(SPRING, selection, at=at).changes
    first = date.min if at >= SPRING.start else SPRING.first

    def pipeline(then: datetime) -> Step:
        belong = [
            deal
            for deal in as_known(histories, then)
            if is_open(deal)
            and selection.has(deal)
            and deal.forecast != "omitted"
            and (first == date.min if deal.close_date is None else first <= deal.close_date <= SPRING.last)
        ]
        return naive_sum(belong)

    steps = {name: step for name, step in vars(found).items() if name not in ("before", "now")}
    ways_out = ("slipped", "won", "lost", "left")
    assert (found.before, found.now) == (pipeline(at - days(7)), pipeline(at))
    after = sum(steps.values(), found.before)
    assert (after.amount, after.apart.get("EUR", 0)) == (found.now.amount, found.now.apart.get("EUR", 0))
    came = found.before.count + found.new.count + found.joined.count
    assert came - sum(steps[name].count for name in ways_out) == found.now.count


@given(written(), st.integers(0, 150))
@settings(max_examples=60)
def test_the_columns_tell_how_each_deal_stood_at_any_moment(histories: list[DealHistory], day: int) -> None:
    at = MONDAY + days(day)
    past = forecasts(histories)
    columns = past.columns(OF_ONE)

    known = columns.open_at(at.timestamp())

    expected = [
        place
        for place, history in enumerate(histories)
        if history.created_at <= at
        and is_open(then := history.as_of(at))
        and then.owner_id == 1
        and then.forecast != "omitted"
    ]
    assert sorted(columns.deal[known].tolist()) == expected
    assert (columns.kind[known] == OPEN).all()


def test_omitted_deals_are_in_no_range() -> None:
    omitted, open_deal = replace(a_past(PIPELINE, ("Lead", 1)), forecast="omitted"), a_past(PIPELINE, ("Lead", 1))
    columns = forecasts([omitted, open_deal]).columns(Selection())

    assert columns.deal[columns.open_at(NOW.timestamp())].tolist() == [1]


def test_the_range_reads_close_dates_as_late_as_deals_usually_are() -> None:
    """Deals close twenty days late; drawn to none while they are thirty, fifteen."""
    promised = (MONDAY + days(2)).date()
    late = [replace(a_past(PIPELINE, ("Lead", 1), ("Won", 22)), close_date=promised) for _ in range(30)]
    due = [replace(a_past(PIPELINE, ("Lead", 40)), close_date=SPRING.last - days(left)) for left in (60, 16, 14, -60)]
    columns, window = forecasts([*late, *due]).columns(Selection()), window_of(SPRING, NOW)

    in_time, still, no_more, later = Stretches(columns, window).cells(window, columns.open_at(window.at)).tolist()

    assert in_time == still != no_more == later


@pytest.mark.parametrize(
    ("chance", "category"),
    [(0.7, "commit"), (0.69, "best_case"), (0.4, "best_case"), (0.39, "pipeline"), (0.0, "pipeline")],
)
def test_a_category_is_suggested_from_the_chance(chance: float, category: str) -> None:
    deal = a_past(PIPELINE, ("Lead", 1))

    found = replace(forecasts([deal]), chances={deal.deal_id: chance}).forecast(SPRING, Selection(), at=NOW)

    assert {name for name, each in found.categories.items() if each.amount} == {category}


def test_a_deal_that_is_brought_forward_to_before_the_period_has_left_it_and_not_slipped() -> None:
    summer = Period(Unit.QUARTER, date(2026, 7, 1), date(2026, 9, 30), "UTC")
    moved = PastRevision(NOW - days(2), "close_date", "2026-08-01", "2026-06-01")
    sooner = replace(a_past(PIPELINE, ("Lead", 1)), close_date=date(2026, 6, 1), revisions=(moved,))

    found = forecasts([sooner]).forecast(summer, Selection(), at=NOW).changes

    assert found == Waterfall(before=Step(1, Decimal(1000)), left=Step(1, Decimal(-1000)))


def test_a_young_team_hears_of_no_range() -> None:
    found = forecasts([a_past(PIPELINE, ("Lead", 1))]).forecast(SPRING, Selection(), at=NOW, target=Money(9, "USD"))

    assert (found.range, found.chance, found.outcomes) == (None, None, ())
    assert found.total.count == 1


def each_third_day(**fields: object) -> list[DealHistory]:
    """For two years somebody wins a deal that was begun the day before."""
    return [a_past(PIPELINE, ("Lead", 44 - 3 * n), ("Won", 45 - 3 * n), **fields) for n in range(1, 240)]


@pytest.mark.parametrize("fields", [{"amount": None}, {"currency": "EUR"}])
def test_where_nobody_knows_what_wins_brought_there_is_no_range_and_none_that_held(fields: dict[str, object]) -> None:
    past = forecasts([*each_third_day(**fields), a_past(PIPELINE, ("Lead", 40))])

    found = past.forecast(SPRING, Selection(), at=NOW, target=Money(5000, "USD"))

    assert found.knows_no_worth
    assert (found.range, found.chance, found.outcomes) == (None, None, ())
    assert past.glance(SPRING, Selection(), at=NOW) is None
    assert not forecasts(each_third_day()).forecast(SPRING, Selection(), at=NOW).knows_no_worth


def test_wins_without_a_rate_are_not_guessed_among_those_to_come() -> None:
    summer = whole_unit(Unit.QUARTER, date(2026, 7, 1), "UTC")
    dollars, euros = each_third_day(), each_third_day(currency="EUR")

    alone, beside = (
        forecasts(each).forecast(summer, Selection(), at=NOW).range for each in (dollars, [*dollars, *euros])
    )

    assert alone is not None
    assert beside is not None
    assert float(beside.middle) == pytest.approx(float(alone.middle), rel=0.05)


def test_no_period_is_looked_back_on_whose_wins_have_no_rate_while_open_deals_have_one_today() -> None:
    past = forecasts([*each_third_day(), *each_third_day(currency="EUR")])
    rates = Rates([Rate("EUR", "USD", NOW.date(), Decimal(1))])
    rated = replace(past, pricing=Pricing("USD", "UTC", NOW.date(), rates))

    assert len(past.forecast(SPRING, Selection(), at=NOW).outcomes) > 3
    assert rated.forecast(SPRING, Selection(), at=NOW).outcomes == ()


def test_lost_deals_are_in_no_sum_of_a_forecast_and_unpriced_ones_are_told_beside_it() -> None:
    open_deal, won = a_past(PIPELINE, ("Lead", 1)), a_past(PIPELINE, ("Lead", 1), ("Won", 40))
    lost = a_past(PIPELINE, ("Lead", 1), ("Demo", 2), ("Lost", 44), amount=10**6)
    unpriced = a_past(PIPELINE, ("Lead", 1), amount=500, currency="EUR")
    won_unpriced = a_past(PIPELINE, ("Lead", 1), ("Won", 40), amount=700, currency="EUR")

    found = forecasts([open_deal, won, lost, unpriced, won_unpriced]).forecast(SPRING, Selection(), at=NOW)

    assert found.won == Step(2, Decimal(1000), {"EUR": Decimal(700)})
    assert found.called(ForecastCategory.PIPELINE).apart == {"EUR": Decimal(1200)}
    assert found.stages["Lead"].sum_of("by_stage").apart == {"EUR": found.stages["Lead"].by_stage / 2}
    assert (found.total.count, found.total.amount) == (2, Decimal(1000))
    assert sum(promise.count for promise in found.categories.values()) == 2
    assert found.unpriced == (Unpriced(2, Money(1200, "EUR")),)


def test_a_slipped_deal_a_grown_one_and_a_loss_are_told_apart() -> None:
    slipped = replace(
        a_past(PIPELINE, ("Lead", 1)),
        close_date=date(2026, 9, 1),
        revisions=(PastRevision(NOW - days(2), "close_date", "2026-05-01", "2026-09-01"),),
    )
    grown = replace(
        a_past(PIPELINE, ("Lead", 1), amount=1500),
        revisions=(PastRevision(NOW - days(2), "amount", "1000 USD", "1500 USD"),),
    )
    lost = a_past(PIPELINE, ("Lead", 1), ("Lost", 44))
    new = a_past(PIPELINE, ("Lead", 43))

    found = forecasts([slipped, grown, lost, new]).forecast(SPRING, Selection(), at=NOW).changes

    assert found == Waterfall(
        before=Step(3, Decimal(3000)),
        new=Step(1, Decimal(1000)),
        grown=Step(1, Decimal(500)),
        slipped=Step(1, Decimal(-1000)),
        lost=Step(1, Decimal(-1000)),
        now=Step(2, Decimal(2500)),
    )


def test_open_deals_count_as_late_as_they_are_so_far() -> None:
    due = [(a_past(PIPELINE, ("Lead", 1), ("Won", day)), MONDAY + days(2)) for day in (7, 12)]
    due += [(a_past(PIPELINE, ("Lead", 1)), NOW - days(40))] * 2

    slip = forecasts([replace(deal, close_date=day.date()) for deal, day in due]).forecast(SPRING, OF_ONE, at=NOW).slip

    assert slip is not None
    assert slip.count == 2
    assert [slip.low, slip.median] == pytest.approx([5 * 2 / 12, 10 * 2 / 12])


def late_wins() -> list[DealHistory]:
    """Each 20 days later than it was to be, beside losses long before they were to close."""
    won = replace(a_past(PIPELINE, ("Lead", 0), ("Won", 30)), close_date=(MONDAY + days(10)).date())
    lost = replace(a_past(PIPELINE, ("Lead", 0), ("Lost", 5)), close_date=(MONDAY + days(45)).date())
    return [*[won] * 12, *[lost] * 24]


def test_when_deals_are_lost_tells_nothing_of_how_dates_are_kept() -> None:
    slip = forecasts(late_wins()).forecast(SPRING, OF_ONE, at=NOW).slip

    assert slip is not None
    assert slip.count == 12
    assert slip.median == pytest.approx(20 * 12 / 22)


@pytest.mark.parametrize(
    ("first", "said", "is_in_time"),
    [
        (date(2026, 6, 15), date(2026, 6, 15), True),
        (date(2026, 6, 25), date(2026, 6, 25), False),
        (date(2026, 6, 1), date(2026, 6, 29), True),
        (date(2026, 6, 22), date(2026, 6, 24), False),
        (date(2026, 7, 20), date(2026, 6, 28), True),
    ],
)
def test_a_date_that_was_moved_is_not_put_off_by_the_whole_slip_again(
    first: date, said: date, is_in_time: bool
) -> None:
    moved = (PastRevision(NOW - days(2), "close_date", str(first), str(said)),) if first != said else ()
    deal = replace(a_past(PIPELINE, ("Lead", 1)), close_date=said, revisions=moved)
    columns = forecasts([*late_wins(), deal]).columns(Selection())
    past = Stretches(columns, window_of(SPRING, NOW))

    (cell,) = past.cells(past.window, columns.open_at(NOW.timestamp()))

    assert cell % 3 == (1 if is_in_time else 2)


def test_a_deal_without_a_date_is_due_in_the_running_period_and_not_in_the_next_one_too() -> None:
    past = forecasts([a_past(PIPELINE, ("Lead", 1))])
    summer = whole_unit(Unit.QUARTER, date(2026, 7, 1), "UTC")

    now, later = (past.forecast(each, Selection(), at=NOW).total.due for each in (SPRING, summer))

    assert (now, later) == (Decimal(1000), Decimal(0))


def test_a_win_before_its_time_is_told_and_so_is_a_deal_that_slips_into_the_next_period() -> None:
    early = replace(a_past(PIPELINE, ("Lead", 1), ("Won", 44)), close_date=date(2026, 9, 1))
    lost = replace(a_past(PIPELINE, ("Lead", 1), ("Lost", 44)), close_date=date(2026, 9, 1))
    put_off = replace(
        a_past(PIPELINE, ("Lead", 1)),
        close_date=date(2026, 9, 1),
        revisions=(PastRevision(NOW - days(2), "close_date", "2026-06-01", "2026-09-01"),),
    )
    past, summer = forecasts([early, lost, put_off]), Period(Unit.QUARTER, date(2026, 7, 1), date(2026, 9, 30), "UTC")
    one, none = Step(1, Decimal(1000)), Step(1, Decimal(-1000))

    spring = past.forecast(SPRING, Selection(), at=NOW).changes
    assert spring == Waterfall(before=one, joined=one, slipped=none, won=none)
    assert past.forecast(summer, Selection(), at=NOW).changes == Waterfall(
        before=Step(2, Decimal(2000)), joined=one, won=none, lost=none, now=one
    )


def test_a_stage_that_a_deal_was_in_by_mistake_counts_it_not() -> None:
    histories = [a_past(PIPELINE, ("Lead", 1), ("Won", 2 + number)) for number in range(9)]
    mistaken = a_past(PIPELINE, ("Lead", 1), ("Demo", 2), ("undo", 3), ("Lost", 4))
    never = a_past(PIPELINE, ("Lead", 1), ("Lost", 4))
    here = a_past(PIPELINE, ("Lead", 1), ("Demo", 2))

    found, expected = (
        forecasts([*histories, each, here]).forecast(SPRING, Selection(), at=NOW) for each in (mistaken, never)
    )

    assert found.total == expected.total


@pytest.fixture(scope="module")
def simulated() -> ForecastPast:
    histories = a_funnel(PLAIN, deals=900, over_days=1000, seed=3).past().histories
    return forecasts(histories, list(SIMULATED.values()))


def test_ranges_of_earlier_months_hold_about_as_often_as_they_say(simulated: ForecastPast) -> None:
    columns = simulated.columns(Selection())
    month = whole_unit(Unit.MONTH, date(2026, 9, 1), "UTC")

    found = simulated.outcomes(month, columns, at=month.start, most=20)

    held = sum(outcome.forecast.has(outcome.won) for outcome in found)
    assert len(found) == 20
    assert 12 <= held < 20


def test_the_busy_ends_of_quarters_are_foreseen_once_some_were_seen() -> None:
    firsts = [MONDAY.replace(year=year, month=month, day=1) for year in (2024, 2025) for month in range(1, 13)]
    won = [(first, 9 if first.month % 3 == 0 else 3) for first in firsts]
    begun = [(first - MONDAY) / days(1) + 2 * number for first, count in won for number in range(count)]
    past = forecasts([a_past(PIPELINE, ("Lead", day), ("Won", day + 1)) for day in begun])
    columns = past.columns(Selection())
    january = whole_unit(Unit.MONTH, date(2026, 1, 1), "UTC")

    december, november = past.outcomes(january, columns, at=january.start, most=2)

    assert december.forecast.middle > Decimal("1.3") * november.forecast.middle
    amount = past.deals[0][0].fields.amount or Decimal(0)
    assert amount > 0
    assert (december.won, november.won) == (9 * amount, 3 * amount)


def test_a_month_that_was_slack_in_earlier_years_is_foreseen_to_be_so_again() -> None:
    firsts = [MONDAY.replace(year=year, month=month, day=1) for year in (2023, 2024, 2025) for month in range(1, 13)]
    won = [(first, 3 if first.month == 8 else 12) for first in firsts]
    begun = [(first - MONDAY) / days(1) + 2 * number for first, count in won for number in range(count)]
    past = forecasts([a_past(PIPELINE, ("Lead", day), ("Won", day + 1)) for day in begun])
    september = whole_unit(Unit.MONTH, date(2025, 9, 1), "UTC")

    august, july = past.outcomes(september, past.columns(Selection()), at=september.start, most=2)

    assert august.forecast.middle < Decimal("0.9") * july.forecast.middle


def test_an_earlier_forecast_is_made_of_what_was_known_then(simulated: ForecastPast) -> None:
    month = whole_unit(Unit.MONTH, date(2026, 9, 1), "UTC")
    columns = simulated.columns(Selection())
    earlier = simulated.outcomes(month, columns, at=month.start, most=3)[-1]
    then = datetime.combine(earlier.first, MONDAY.min.time(), MONDAY.tzinfo)
    cut = [[span for span in spans if span.start <= then] for spans in simulated.deals]
    known = replace(simulated, deals=[spans for spans in cut if spans])

    found = known.forecast(whole_unit(Unit.MONTH, earlier.first, "UTC"), Selection(), at=then).range

    assert found == earlier.forecast


@given(st.sampled_from([Unit.MONTH, Unit.QUARTER]), st.integers(0, 400), st.integers(0, 99))
@settings(max_examples=8)
def test_no_stage_tells_more_within_the_period_than_in_the_end(
    simulated: ForecastPast, unit: Unit, day: int, seed: int
) -> None:
    at, dice = MONDAY + days(day), np.random.default_rng(seed)
    ids = [deal[0].fields.deal_id for deal in simulated.deals if dice.random() < 0.7]
    chances = dict(zip(ids, dice.choice([0.02, 0.3, 0.9], len(ids)).tolist(), strict=True))
    past, period = replace(simulated, chances=chances), whole_unit(unit, at.date(), "UTC")

    found = past.forecast(period, Selection(), at=at)

    columns = past.columns(Selection())
    in_stretch = chances_in(columns, window_of(period, at))
    assert in_stretch
    plain = dict.fromkeys(found.stages, Decimal(0))
    for place, deal in enumerate(past.deals):
        if (held := held_at(deal, at)) is not None and past.stages[held.stage_id].is_open:
            stage, worth = found.stages[past.stages[held.stage_id].name], held.fields.amount or Decimal(0)
            win_rate = float(stage.by_stage / stage.amount)
            at_all = min(win_rate, chances.get(held.fields.deal_id, win_rate))
            plain[past.stages[held.stage_id].name] += worth * Decimal(min(in_stretch[place], at_all))
    for name, stage in found.stages.items():
        assert stage.in_period <= min(stage.by_stage, stage.by_model)
        assert stage.in_period == pytest.approx(plain[name], abs=Decimal("0.02") * stage.count)
    assert found.total.in_period > 0


def test_of_a_period_that_is_over_is_told_what_was_forecast_as_it_began_and_what_was_won(
    simulated: ForecastPast,
) -> None:
    spring, summer = (whole_unit(Unit.QUARTER, date(2026, month, 1), "UTC") for month in (5, 8))

    told = simulated.hindsight(spring, Selection())

    then = nothing_after(simulated, spring.start).forecast(spring, Selection(), at=spring.start).range
    won = simulated.forecast(spring, Selection(), at=spring.end - timedelta(microseconds=1)).won
    (before,) = simulated.outcomes(summer, simulated.columns(Selection()), at=summer.start, most=1)
    assert told.range == then == before.forecast
    assert told.won == won
    assert told.won.amount == before.won


def test_deals_that_were_open_then_and_have_no_rate_today_are_told_beside_the_range_of_a_period_that_is_over() -> None:
    rates = Rates([Rate("EUR", "USD", MONDAY.date(), Decimal("1.25"))])
    deals = [
        a_past(PIPELINE, ("Lead", 1), ("Won", 40), amount=500, currency="EUR"),
        a_past(PIPELINE, ("Lead", 31), ("Won", 41), amount=100, currency="EUR"),
        a_past(PIPELINE, ("Lead", 1), ("Won", 42), amount=100),
    ]
    past = replace(forecasts(deals), pricing=Pricing("USD", "UTC", (MONDAY + days(200)).date(), rates))

    told = past.hindsight(whole_unit(Unit.MONTH, date(2026, 4, 1), "UTC"), Selection())

    assert told.unpriced == (Unpriced(1, Money(500, "EUR")),)
    assert told.won is not None
    assert told.won.amount == 850


def test_nothing_is_told_of_a_period_of_which_deals_are_not_read_any_more(simulated: ForecastPast) -> None:
    spring = whole_unit(Unit.QUARTER, date(2026, 5, 1), "UTC")

    told = replace(simulated, since=spring.start + days(1)).hindsight(spring, Selection())

    assert (told.won, told.range) == (None, None)


def nothing_after(past: ForecastPast, moment: datetime) -> ForecastPast:
    known = [[span for span in spans if span.start <= moment] for spans in past.deals]
    return replace(past, deals=[[*spans[:-1], replace(spans[-1], end=FOREVER)] for spans in known if spans])


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_a_forecast_stays_the_same_all_day_unless_something_happens(simulated: ForecastPast, zone: str) -> None:
    quarter = whole_unit(Unit.QUARTER, date(2026, 8, 1), zone)
    morning = quarter.start + days(40)
    past = nothing_after(simulated, morning)

    def told(at: datetime) -> tuple[object, ...]:
        found = past.forecast(quarter, Selection(), at=at)
        return found.range, found.from_new, found.slip, found.outcomes, found.total

    first, *others = (told(morning + timedelta(minutes=minutes)) for minutes in (0, 541, 1439))

    assert others == [first, first]
    assert told(morning + days(1)) != first


def test_what_is_won_today_is_in_the_range_at_once(simulated: ForecastPast) -> None:
    quarter = whole_unit(Unit.QUARTER, date(2026, 8, 1), "UTC")
    noon = quarter.start + days(40.5)
    past = nothing_after(simulated, noon)
    before = past.forecast(quarter, Selection(), at=noon).range
    place = next(place for place, spans in enumerate(past.deals) if past.stages[spans[-1].stage_id].is_open)
    *_, last = deal = past.deals[place]
    won = Span(noon, FOREVER, 4, noon, replace(last.fields, amount=Decimal(10**7)))
    past = replace(
        past, deals=[*past.deals[:place], [*deal[:-1], replace(last, end=noon), won], *past.deals[place + 1 :]]
    )

    after = past.forecast(quarter, Selection(), at=noon).range

    assert before is not None
    assert after is not None
    assert before.high < 10**7 < after.low


def test_the_range_narrows_as_the_period_passes_and_ends_at_what_was_won(simulated: ForecastPast) -> None:
    quarter = whole_unit(Unit.QUARTER, date(2026, 5, 1), "UTC")
    moments = [quarter.start, quarter.start + days(45), quarter.end]

    ranges = [simulated.forecast(quarter, Selection(), at=at).range for at in moments]

    first, second, last = (each.high - each.low for each in ranges if each)
    assert first > second > last == 0


def test_no_more_of_the_middle_comes_of_new_deals_than_it_is(simulated: ForecastPast) -> None:
    this = whole_unit(Unit.QUARTER, date(2026, 8, 1), "UTC")
    later = Period(Unit.QUARTER, date(2027, 1, 1), date(2027, 3, 31), "UTC")

    near, far = (simulated.forecast(each, OF_FEW, at=this.start + days(60)) for each in (this, later))

    assert near.range is not None
    assert far.range is not None
    assert 0 < near.from_new / near.range.middle < 0.5 < far.from_new / far.range.middle < 1


def test_a_higher_target_is_less_likely(simulated: ForecastPast) -> None:
    quarter = whole_unit(Unit.QUARTER, date(2026, 8, 1), "UTC")

    def chance(target: int) -> float:
        found = simulated.forecast(quarter, Selection(), at=quarter.start, target=Money(target, "USD"))
        assert found.chance is not None
        return found.chance

    middle = simulated.forecast(quarter, Selection(), at=quarter.start).range
    assert middle is not None
    assert chance(1) > chance(int(middle.middle)) > chance(int(middle.high) * 2)
    assert chance(int(middle.middle)) == pytest.approx(0.5, abs=0.02)


def test_a_glance_is_the_forecast_in_short(simulated: ForecastPast) -> None:
    quarter = whole_unit(Unit.QUARTER, date(2026, 8, 1), "UTC")
    at, target = quarter.start + days(30), Money(100_000, "USD")

    whole = simulated.forecast(quarter, Selection(), at=at, target=target)
    short = simulated.glance(quarter, Selection(), at=at, target=target)

    assert short is not None
    assert (short.won, short.range, short.chance) == (whole.won, whole.range, whole.chance)
    assert forecasts([]).glance(quarter, Selection(), at=at) is None


def test_the_target_is_that_of_the_people_and_period_that_are_asked_for(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        targets, since = Targets(session, team.workspace), date(2026, 1, 1)
        of_all = Aim(Measure.AMOUNT, Unit.QUARTER)
        of_bob = Aim(Measure.AMOUNT, Unit.QUARTER, Scope.REP, team.bob.id)
        targets.set(of_all, Decimal(900), currency="USD", since=since, by=team.ann, at=MONDAY)
        targets.set(of_bob, Decimal(300), currency="USD", since=since, by=team.ann, at=MONDAY)
        bob = frozenset([team.bob.id])
        month = whole_unit(Unit.MONTH, SPRING.first, "UTC")

        def target(period: Period, whose: Selection) -> Money | None:
            return target_of(session, team.workspace, team.pipeline.id, period, whose, at=MONDAY)

        assert target(SPRING, Selection()) == Money(900, "USD")
        assert target(SPRING, Selection(owner_ids=bob)) == Money(300, "USD")
        assert target(SPRING, Selection(owner_ids=bob, source="fair")) is None
        assert target(month, Selection()) is None
        rates = ExchangeRates(session, team.workspace)
        rates.keep([Rate("USD", "EUR", since, Decimal("0.5")), Rate("USD", "EUR", SPRING.first, Decimal("0.8"))])
        team.workspace.currency = "EUR"
        assert target(SPRING, Selection()) == Money(450, "EUR")  # at the rate of the day it holds from
        team.workspace.currency = "USD"

        Pipelines(session, team.workspace).add("Shop", stages_from_text("Cart, Paid:won"))
        assert target(SPRING, Selection()) is None
        targets.set(
            Aim(Measure.AMOUNT, Unit.QUARTER, pipeline_id=team.pipeline.id),
            Decimal(700),
            currency="USD",
            since=since,
            by=team.ann,
            at=MONDAY,
        )
        assert target(SPRING, Selection()) == Money(700, "USD")
