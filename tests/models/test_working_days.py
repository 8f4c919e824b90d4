"""Working days are those between weekends and public holidays, where the person is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.working_days import WorkingDays, country_of

FRIDAY = datetime(2026, 3, 6, 9, tzinfo=UTC)
MOMENTS = st.integers(0, 24 * 365 * 10).map(lambda hours: datetime(2019, 1, 1, tzinfo=UTC) + timedelta(hours=hours))
CALENDARS = st.sampled_from(
    [WorkingDays("", "UTC"), WorkingDays("DE", "Europe/Berlin"), WorkingDays("CN", "Asia/Shanghai")]
)


def test_from_friday_to_monday_one_working_day_passes() -> None:
    days = WorkingDays("US", "America/New_York")

    assert days.waited(FRIDAY, FRIDAY + timedelta(hours=10)) == 0
    assert days.waited(FRIDAY, FRIDAY + timedelta(days=2)) == 0
    assert days.waited(FRIDAY, FRIDAY + timedelta(days=3)) == 1
    assert days.waited(FRIDAY + timedelta(days=3), FRIDAY) == 0


def test_a_day_begins_at_midnight_of_the_zone() -> None:
    sunday_evening = datetime(2026, 3, 8, 16, tzinfo=UTC)

    assert WorkingDays("CN", "Asia/Shanghai").waited(FRIDAY, sunday_evening) == 1
    assert WorkingDays("DE", "Europe/Berlin").waited(FRIDAY, sunday_evening) == 0


@pytest.mark.parametrize(
    ("country", "day", "is_worked"),
    [
        ("DE", date(2026, 5, 1), False),
        ("US", date(2026, 5, 1), True),
        ("AE", date(2026, 3, 7), False),
        ("", date(2026, 12, 25), True),
        ("CN", date(2026, 10, 10), True),  # a Saturday that is worked for the national holiday
        ("CN", date(2026, 10, 6), False),
    ],
)
def test_each_country_has_its_own_free_days(country: str, day: date, *, is_worked: bool) -> None:
    assert WorkingDays(country, "UTC").has(day) is is_worked


@given(CALENDARS, MOMENTS, MOMENTS)
def test_waiting_is_counting_the_days_one_by_one(calendar: WorkingDays, since: datetime, until: datetime) -> None:
    since, until = sorted((since, since + (until - since) / 4))
    zone = ZoneInfo(calendar.time_zone)
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    between = [first + timedelta(days=number + 1) for number in range((last - first).days)]

    assert calendar.waited(since, until) == sum(calendar.has(day) for day in between)


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Berlin", "DE"), ("Asia/Calcutta", "IN"), ("America/New_York", "US"), ("UTC", ""), ("Etc/UTC", "")],
)
def test_a_time_zone_tells_the_country(zone: str, country: str) -> None:
    assert country_of(zone) == country
