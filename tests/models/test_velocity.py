"""Sales velocity is worked out from the deals of one currency, won and lost in one period."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from moneyed import Money

from models.known_deals import known_before
from models.period import Period
from models.pricing import Pricing, Rate, Rates, Unpriced
from models.stage_flow import stays_begun
from models.timeline import DealHistory
from models.velocity import Velocity, velocity_of
from scoring.breakdown import counted
from tests.models.test_stage_flow import EVERYBODY, MARCH, PERIODS, PIPELINE, STAGES
from tests.pasts import a_past, pasts

RATES = Rates(
    [Rate("EUR", "USD", date(2026, 3, 1), Decimal("1.1")), Rate("EUR", "USD", date(2026, 3, 20), Decimal("1.3"))]
)
PRICING = Pricing("USD", "UTC", date(2026, 4, 30), RATES)
BY_ID = {stage.id: stage for stage in STAGES}


def velocity(*histories: DealHistory, period: Period = MARCH) -> Velocity:
    known = known_before(histories, period.end, EVERYBODY)
    return velocity_of(known, BY_ID, counted(period, known, is_cohort=False).closed_at, pricing=PRICING)


def test_it_is_open_deals_times_win_rate_times_average_amount_by_average_cycle() -> None:
    found = velocity(
        a_past(PIPELINE, ("Lead", -20), ("Won", 10), amount=3000),  # 30 days
        a_past(PIPELINE, ("Lead", 0), ("Won", 10), ("Care", 12), amount=1000),  # 10 days
        a_past(PIPELINE, ("Lead", 0), ("Lost", 4)),
        a_past(PIPELINE, ("Lead", 0), ("Lost", 4)),
        *(a_past(PIPELINE, ("Lead", 0)) for _ in range(4)),
    )

    assert (found.open, found.opportunities, found.win_rate, found.cycle_days) == (4, 8, 0.5, 20)
    assert found.average_amount == Money(2000, "USD")
    assert found.a_day == Money(400, "USD")  # 8 × 0.5 × 2000 ÷ 20


def test_the_win_rate_is_of_deals_that_are_closed_and_were_closed_in_the_period() -> None:
    found = velocity(
        a_past(PIPELINE, ("Lead", -60), ("Won", -30)),
        a_past(PIPELINE, ("Lead", 0), ("Won", 3), ("Demo", 5)),
        a_past(PIPELINE, ("Lead", 0), ("Lost", 9)),
    )

    assert (found.won, found.lost, found.open, found.win_rate) == (0, 1, 1, 0)
    assert found.a_day is None


def test_other_currencies_count_at_the_rate_of_the_day_of_winning() -> None:
    dollars = a_past(PIPELINE, ("Lead", 0), ("Won", 10), amount=500)
    open_deals = [a_past(PIPELINE, ("Lead", 0)), a_past(PIPELINE, ("Lead", 0), currency="EUR")]
    early, late = (a_past(PIPELINE, ("Lead", 0), ("Won", day), amount=100, currency="EUR") for day in (2, 20))

    found = velocity(dollars, *open_deals, early, late)

    assert (found.open, found.won, found.unpriced) == (2, 3, ())
    assert found.won_amount == Money(500 + 110 + 130, "USD")


def test_a_won_deal_without_a_rate_is_none_worth_nothing() -> None:
    dollars = a_past(PIPELINE, ("Lead", 0), ("Won", 10), amount=500)
    yen = a_past(PIPELINE, ("Lead", 0), ("Won", 10), amount=9000, currency="JPY")

    found = velocity(dollars, yen)

    assert (found.won, found.won_priced, found.unpriced) == (2, 1, (Unpriced(1, Money(9000, "JPY")),))
    assert found.average_amount == Money(500, "USD")


def test_a_won_deal_without_an_amount_is_none_worth_nothing() -> None:
    found = velocity(
        a_past(PIPELINE, ("Lead", 0), ("Won", 10), amount=500),
        a_past(PIPELINE, ("Lead", 0), ("Won", 10), amount=None),
    )

    assert (found.won, found.won_priced, found.average_amount) == (2, 1, Money(500, "USD"))


def test_deals_won_on_the_day_they_began_have_a_cycle_under_a_day_and_no_velocity() -> None:
    at_once, next_day = (a_past(PIPELINE, ("Lead", 5), ("Won", day), amount=100) for day in (5.1, 6))

    quick, slower = velocity(at_once, at_once, next_day), velocity(next_day, a_past(PIPELINE, ("Lead", 0)))

    assert (quick.is_within_a_day, quick.a_day) == (True, None)
    assert (slower.is_within_a_day, slower.a_day) == (False, Money(200, "USD"))  # 2 × 1 × 100 ÷ 1


def test_of_what_was_closed_the_moment_it_began_nobody_knows_the_cycle() -> None:
    """So comes what a file brings without a date of creation."""
    dated = a_past(PIPELINE, ("Lead", 0), ("Won", 15), amount=100)
    undated = [a_past(PIPELINE, ("Lead", 9), (end, 9), amount=100) for end in ("Won", "Won", "Lost")]
    known = known_before([dated, *undated], MARCH.end, EVERYBODY)

    found, alone = velocity(dated, *undated), velocity(*undated)

    assert (found.won, found.cycle_days, found.undated) == (3, 15, 3)
    assert (alone.cycle_days, alone.a_day, alone.undated) == (None, None, 3)
    assert next(stays.ended for stays in stays_begun(known, STAGES, MARCH).values()) == (15,)


def test_what_was_begun_and_closed_within_the_period_was_worked_on() -> None:
    """A team of short cycles has hardly anything open when a period ends."""
    quick = [a_past(PIPELINE, ("Lead", day), ("Won", day + 2), amount=5000) for day in (3, 13)]
    closed_before = a_past(PIPELINE, ("Lead", -20), ("Lost", -10))

    found = velocity(*quick, closed_before)

    assert (found.open, found.opportunities) == (0, 2)
    assert found.a_day == Money(5000, "USD")  # 2 × 1 × 5000 ÷ 2


def test_nothing_won_has_no_velocity() -> None:
    found = velocity(a_past(PIPELINE, ("Lead", 0)))

    assert (found.win_rate, found.average_amount, found.cycle_days, found.a_day) == (None,) * 4


@given(pasts(PIPELINE), PERIODS)
def test_the_formula_holds(histories: list[DealHistory], period: Period) -> None:
    found = velocity(*histories, period=period)

    if found.a_day is not None:
        assert found.win_rate is not None
        assert found.average_amount is not None
        assert found.cycle_days is not None
        expected = found.opportunities * found.win_rate * float(found.average_amount.amount) / found.cycle_days
        assert float(found.a_day.amount) == pytest.approx(expected)
        assert found.a_day.amount >= Decimal(0)
