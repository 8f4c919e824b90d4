"""A time that somebody asks a report of is understood as they mean it: it lies behind us."""

from datetime import UTC, date, datetime

import pytest

from models.period import Unit
from models.reading_errors import PeriodNotUnderstood
from models.reading_periods import find_period

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
"""A Tuesday."""


def days_of(text: str) -> tuple[Unit, str, str]:
    found = find_period(text, now=NOW, zone="UTC")
    assert found is not None
    period, rest = found
    assert rest == ""
    return period.unit, period.first.isoformat(), period.last.isoformat()


@pytest.mark.parametrize(
    ("text", "unit", "first", "last"),
    [
        ("this week", Unit.WEEK, "2026-11-23", "2026-11-24"),
        ("Last Week", Unit.WEEK, "2026-11-16", "2026-11-22"),
        ("this month", Unit.MONTH, "2026-11-01", "2026-11-24"),
        ("last month", Unit.MONTH, "2026-10-01", "2026-10-31"),
        ("previous quarter", Unit.QUARTER, "2026-07-01", "2026-09-30"),
        ("current quarter", Unit.QUARTER, "2026-10-01", "2026-11-24"),
        ("last year", Unit.YEAR, "2025-01-01", "2025-12-31"),
        ("2025", Unit.YEAR, "2025-01-01", "2025-12-31"),
        ("Q3", Unit.QUARTER, "2026-07-01", "2026-09-30"),
        ("q4 2025", Unit.QUARTER, "2025-10-01", "2025-12-31"),
        ("March", Unit.MONTH, "2026-03-01", "2026-03-31"),
        ("december", Unit.MONTH, "2025-12-01", "2025-12-31"),
        ("Feb 2024", Unit.MONTH, "2024-02-01", "2024-02-29"),
        ("2026-02", Unit.MONTH, "2026-02-01", "2026-02-28"),
        ("last 30 days", Unit.DAYS, "2026-10-26", "2026-11-24"),
        ("90d", Unit.DAYS, "2026-08-27", "2026-11-24"),
        ("past 2 weeks", Unit.DAYS, "2026-11-11", "2026-11-24"),
        ("last 3 months", Unit.DAYS, "2026-08-25", "2026-11-24"),
        ("last 12 months", Unit.DAYS, "2025-11-25", "2026-11-24"),
        ("past 2 years", Unit.DAYS, "2024-11-25", "2026-11-24"),
        ("today", Unit.DAYS, "2026-11-24", "2026-11-24"),
        ("yesterday", Unit.DAYS, "2026-11-23", "2026-11-23"),
        ("YTD", Unit.YEAR, "2026-01-01", "2026-11-24"),
        ("quarter to date", Unit.QUARTER, "2026-10-01", "2026-11-24"),
        ("H1 2025", Unit.DAYS, "2025-01-01", "2025-06-30"),
        ("h2", Unit.DAYS, "2026-07-01", "2026-11-24"),
        ("去年下半年", Unit.DAYS, "2025-07-01", "2025-12-31"),
        ("上半年", Unit.DAYS, "2026-01-01", "2026-06-30"),
        ("昨天", Unit.DAYS, "2026-11-23", "2026-11-23"),
        ("过去12个月", Unit.DAYS, "2025-11-25", "2026-11-24"),
        ("from 1 March to 15 March", Unit.DAYS, "2026-03-01", "2026-03-15"),
        ("from 2026-01-10 to today", Unit.DAYS, "2026-01-10", "2026-11-24"),
        ("2026-01-01..2026-03-31", Unit.DAYS, "2026-01-01", "2026-03-31"),
        ("本月", Unit.MONTH, "2026-11-01", "2026-11-24"),
        ("上个月", Unit.MONTH, "2026-10-01", "2026-10-31"),
        ("上周", Unit.WEEK, "2026-11-16", "2026-11-22"),
        ("上季度", Unit.QUARTER, "2026-07-01", "2026-09-30"),
        ("今年", Unit.YEAR, "2026-01-01", "2026-11-24"),
        ("去年", Unit.YEAR, "2025-01-01", "2025-12-31"),
        ("最近30天", Unit.DAYS, "2026-10-26", "2026-11-24"),
        ("2026年第3季度", Unit.QUARTER, "2026-07-01", "2026-09-30"),
        ("第二季度", Unit.QUARTER, "2026-04-01", "2026-06-30"),
        ("2025年12月", Unit.MONTH, "2025-12-01", "2025-12-31"),
        ("3月", Unit.MONTH, "2026-03-01", "2026-03-31"),
        ("从2026年1月5日到2026年2月3日", Unit.DAYS, "2026-01-05", "2026-02-03"),
    ],
)
def test_a_time_is_understood(text: str, unit: Unit, first: str, last: str) -> None:
    assert days_of(text) == (unit, first, last)


@pytest.mark.parametrize(
    "text", ["Q1 2030", "2031", "from 2026-03-01 to 2026-02-01", "last 0 days", "last 9999 days", "2027-01"]
)
def test_a_time_that_is_still_to_come_or_is_none_is_refused(text: str) -> None:
    with pytest.raises(PeriodNotUnderstood):
        find_period(text, now=NOW, zone="UTC")


@pytest.mark.parametrize("text", ["", "for @bob", "source website", "marching band", "pipeline Q5", "来源 今日头条"])
def test_words_that_name_no_time_are_left_alone(text: str) -> None:
    assert find_period(text, now=NOW, zone="UTC") is None


def test_what_stands_around_a_time_is_left() -> None:
    found = find_period("pipeline Retail last quarter for bob", now=NOW, zone="UTC")

    assert found is not None
    assert found[1] == "pipeline Retail for bob"


def test_today_is_the_day_of_the_zone() -> None:
    late = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)

    found = find_period("this month", now=late, zone="Europe/Berlin")

    assert found is not None
    assert (found[0].first, found[0].end) == (date(2026, 11, 1), late)
