"""A period has its first moment and not its last, and stands beside as much of an earlier one."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.period import Period, Unit, as_far_as, whole_unit

BERLIN = "Europe/Berlin"
NOON = datetime(2026, 3, 18, 11, tzinfo=UTC)
"""A Wednesday, noon in Berlin."""


def test_its_days_begin_at_midnight_of_the_zone_also_when_the_clocks_change() -> None:
    march = whole_unit(Unit.MONTH, date(2026, 3, 15), BERLIN)

    assert march.start == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert march.end == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert march.has(march.start)
    assert not march.has(march.end)


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        (Unit.WEEK, date(2026, 3, 16), date(2026, 3, 22)),
        (Unit.MONTH, date(2026, 3, 1), date(2026, 3, 31)),
        (Unit.QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
        (Unit.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_day_lies_in_a_week_month_quarter_and_year(unit: Unit, first: date, last: date) -> None:
    assert whole_unit(unit, date(2026, 3, 18), BERLIN) == Period(unit, first, last, BERLIN)


def test_a_running_month_stands_beside_as_much_of_the_month_before_and_of_last_year() -> None:
    running = as_far_as(whole_unit(Unit.MONTH, date(2026, 3, 18), BERLIN), NOON)

    assert running == Period(Unit.MONTH, date(2026, 3, 1), date(2026, 3, 18), BERLIN, time(12))
    assert running.end == NOON
    assert running.before() == Period(Unit.MONTH, date(2026, 2, 1), date(2026, 2, 18), BERLIN, time(12))
    assert running.year_before() == Period(Unit.MONTH, date(2025, 3, 1), date(2025, 3, 18), BERLIN, time(12))


def test_the_31st_day_of_a_month_stands_beside_the_whole_shorter_month_before() -> None:
    late = as_far_as(whole_unit(Unit.MONTH, date(2026, 3, 31), "UTC"), datetime(2026, 3, 31, 9, tzinfo=UTC))

    assert late.before() == Period(Unit.MONTH, date(2026, 2, 1), date(2026, 2, 28), "UTC")


def test_a_period_that_is_over_is_whole() -> None:
    february = whole_unit(Unit.MONTH, date(2026, 2, 3), BERLIN)

    assert as_far_as(february, NOON) is february
    assert february.before() == whole_unit(Unit.MONTH, date(2026, 1, 3), BERLIN)
    assert february.year_before().last == date(2025, 2, 28)


def test_a_week_stands_beside_the_one_52_weeks_before() -> None:
    week = whole_unit(Unit.WEEK, date(2026, 3, 18), BERLIN)

    assert week.before().first == date(2026, 3, 9)
    assert week.year_before() == Period(Unit.WEEK, date(2025, 3, 17), date(2025, 3, 23), BERLIN)


@given(
    st.sampled_from([unit for unit in Unit if unit is not Unit.DAYS]),
    st.dates(date(2005, 1, 1), date(2040, 1, 1)),
    st.sampled_from([BERLIN, "UTC", "America/New_York", "Asia/Shanghai"]),
)
def test_whole_periods_that_follow_each_other_share_nothing_and_leave_nothing_out(
    unit: Unit, day: date, zone: str
) -> None:
    period = whole_unit(unit, day, zone)

    assert period.before().end == period.start
    assert period.first <= day <= period.last


@given(st.dates(date(2005, 1, 1), date(2040, 1, 1)), st.integers(1, 400))
def test_some_days_stand_beside_as_many_days_right_before(first: date, length: int) -> None:
    some = Period(Unit.DAYS, first, first + timedelta(days=length - 1), "UTC")

    assert some.before().days == some.days
    assert some.before().end == some.start
