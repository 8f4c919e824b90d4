"""Dates are read as people write them, as seen from Wednesday, 11 March 2026."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import DomainError
from models.reading_dates import DateOrder, date_order, find_date, read_date
from models.reading_errors import DateNotUnderstood, DateOutOfRange

WEDNESDAY = date(2026, 3, 11)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2050, 12, 31))
QUICKLY = settings(deadline=2000)  # milliseconds; the first reading also loads the languages


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-15", date(2026, 3, 15)),
        ("2026-03-15T23:30:00Z", date(2026, 3, 15)),
        ("20260315", date(2026, 3, 15)),
        ("2026/3/15", date(2026, 3, 15)),
        ("15.03.2026", date(2026, 3, 15)),
        ("15 March", date(2026, 3, 15)),
        ("March 15", date(2026, 3, 15)),
        ("mar 15", date(2026, 3, 15)),
        ("15th of March", date(2026, 3, 15)),
        ("March 15, 2027", date(2027, 3, 15)),
        ("15-Mar-27", date(2027, 3, 15)),
        ("March 3", date(2027, 3, 3)),
        ("29 February", date(2028, 2, 29)),
        ("15", date(2026, 3, 15)),
        ("the 10th", date(2026, 4, 10)),
        ("today", WEDNESDAY),
        ("Tomorrow", date(2026, 3, 12)),
        ("in 2 weeks", date(2026, 3, 25)),
        ("two weeks", date(2026, 3, 25)),
        ("in 2 months", date(2026, 5, 11)),
        ("in a year", date(2027, 3, 11)),
        ("3 days ago", date(2026, 3, 8)),
        ("明天", date(2026, 3, 12)),
        ("后天", date(2026, 3, 13)),
        ("3月15日", date(2026, 3, 15)),
        ("3月15号", date(2026, 3, 15)),
        ("3月1日", date(2027, 3, 1)),
        ("2月29日", date(2028, 2, 29)),
        ("2027年3月15日", date(2027, 3, 15)),
        ("15号", date(2026, 3, 15)),
        ("３月１５日", date(2026, 3, 15)),
        ("两周后", date(2026, 3, 25)),
        ("三天后", date(2026, 3, 14)),
        ("3个月后", date(2026, 6, 11)),
    ],
)
def test_a_day_is_read_in_many_spellings(text: str, day: date) -> None:
    assert read_date(text, today=WEDNESDAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("friday", date(2026, 3, 13)),
        ("on Fri", date(2026, 3, 13)),
        ("wednesday", date(2026, 3, 18)),
        ("this friday", date(2026, 3, 13)),
        ("this monday", date(2026, 3, 9)),
        ("next friday", date(2026, 3, 20)),
        ("by next friday", date(2026, 3, 20)),
        ("the next fri.", date(2026, 3, 20)),
        ("friday next week", date(2026, 3, 20)),
        ("next week on friday", date(2026, 3, 20)),
        ("next friday morning", date(2026, 3, 20)),
        ("next monday", date(2026, 3, 16)),
        ("周五", date(2026, 3, 13)),
        ("本周五", date(2026, 3, 13)),
        ("下周五", date(2026, 3, 20)),
        ("下星期五", date(2026, 3, 20)),
        ("下个礼拜五", date(2026, 3, 20)),
        ("下周的周五", date(2026, 3, 20)),
        ("下周五上午", date(2026, 3, 20)),
        ("下下周一", date(2026, 3, 23)),
        ("星期天", date(2026, 3, 15)),
    ],
)
def test_a_weekday_is_the_coming_one_unless_its_week_is_named(text: str, day: date) -> None:
    assert read_date(text, today=WEDNESDAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("end of week", date(2026, 3, 13)),
        ("next week", date(2026, 3, 20)),
        ("end of month", date(2026, 3, 31)),
        ("eom", date(2026, 3, 31)),
        ("month end", date(2026, 3, 31)),
        ("next month", date(2026, 4, 30)),
        ("the end of next month", date(2026, 4, 30)),
        ("March", date(2026, 3, 31)),
        ("end of February", date(2027, 2, 28)),
        ("March 2027", date(2027, 3, 31)),
        ("end of quarter", date(2026, 3, 31)),
        ("next quarter", date(2026, 6, 30)),
        ("Q2", date(2026, 6, 30)),
        ("end of Q2", date(2026, 6, 30)),
        ("Q4 2027", date(2027, 12, 31)),
        ("this year", date(2026, 12, 31)),
        ("2027", date(2027, 12, 31)),
        ("月底", date(2026, 3, 31)),
        ("下个月", date(2026, 4, 30)),
        ("2月底", date(2027, 2, 28)),
        ("二季度", date(2026, 6, 30)),
        ("年底", date(2026, 12, 31)),
        ("明年", date(2027, 12, 31)),
    ],
)
def test_a_period_means_its_last_day(text: str, day: date) -> None:
    assert read_date(text, today=WEDNESDAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("two weeks from today", date(2026, 3, 25)),
        ("3 days from today", date(2026, 3, 14)),
        ("a year from today", date(2027, 3, 11)),
        ("in half a year", date(2026, 9, 11)),
        ("half a year from now", date(2026, 9, 11)),
        ("半年后", date(2026, 9, 11)),
    ],
)
def test_what_is_so_far_from_today_is_ahead(text: str, day: date) -> None:
    assert read_date(text, today=WEDNESDAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 March next year", date(2027, 3, 1)),
        ("next year, March 1", date(2027, 3, 1)),
        ("March next year", date(2027, 3, 31)),
        ("the end of March next year", date(2027, 3, 31)),
        ("Q1 of next year", date(2027, 3, 31)),
        ("January this year", date(2026, 1, 31)),
        ("明年3月1日", date(2027, 3, 1)),
        ("明年三月", date(2027, 3, 31)),
        ("明年的十二月", date(2027, 12, 31)),
        ("明年6月底", date(2027, 6, 30)),
        ("明年一季度", date(2027, 3, 31)),
        ("明年年底", date(2027, 12, 31)),
        ("明年末", date(2027, 12, 31)),
        ("明年上半年", date(2027, 6, 30)),
        ("2027年下半年", date(2027, 12, 31)),
        ("H1 2027", date(2027, 6, 30)),
        ("end of H2 2027", date(2027, 12, 31)),
        ("后年3月", date(2028, 3, 31)),
        ("今年1月5日", date(2026, 1, 5)),
        ("2027年第一季度", date(2027, 3, 31)),
    ],
)
def test_a_year_may_be_told_as_this_or_the_next(text: str, day: date) -> None:
    assert read_date(text, today=WEDNESDAY) == day


def test_next_week_said_on_a_saturday_is_the_week_that_begins_on_monday() -> None:
    saturday = date(2026, 3, 14)

    assert read_date("next week", today=saturday) == date(2026, 3, 20)
    assert read_date("end of week", today=saturday) == date(2026, 3, 20)


def test_a_quarter_that_is_over_is_next_years() -> None:
    assert read_date("Q1", today=date(2026, 4, 1)) == date(2027, 3, 31)
    assert read_date("Q1", today=date(2026, 3, 31)) == date(2026, 3, 31)


def test_the_31st_is_in_the_next_month_that_has_one() -> None:
    assert read_date("the 31st", today=date(2026, 4, 2)) == date(2026, 5, 31)


@pytest.mark.parametrize(
    ("locale", "order", "day"),
    [
        ("en-GB", DateOrder.DMY, date(2026, 4, 3)),
        ("en-US", DateOrder.MDY, date(2026, 3, 4)),
        ("de-DE", DateOrder.DMY, date(2026, 4, 3)),
        ("zh-CN", DateOrder.YMD, date(2026, 3, 4)),
    ],
)
def test_the_locale_tells_day_from_month(locale: str, order: DateOrder, day: date) -> None:
    assert date_order(locale) is order
    assert read_date("03/04/2026", today=date(2026, 1, 1), locale=locale) == day


@pytest.mark.parametrize("locale", ["en-GB", "en-US", "zh-CN"])
def test_a_day_above_twelve_needs_no_locale(locale: str) -> None:
    assert read_date("15/03/2026", today=WEDNESDAY, locale=locale) == date(2026, 3, 15)
    assert read_date("3/15/2026", today=WEDNESDAY, locale=locale) == date(2026, 3, 15)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "Acme",
        "next",
        "month",
        "12k",
        "1.5m",
        "12:30",
        "10am",
        "30 Feb",
        "2月30日",
        "32",
        "32.13.",
        "40 March",
        "Mar 32",
        "next friday about",
        "friday and",
        "30.13.",
        "in 99999 years",
    ],
)
def test_what_is_no_date_is_not_understood(text: str) -> None:
    with pytest.raises(DateNotUnderstood):
        read_date(text, today=WEDNESDAY)


@pytest.mark.parametrize("text", ["1999-12-31", "15 March 1900", "2056-03-12", "9999-12-31", "in 40 years"])
def test_a_date_that_no_deal_can_mean_is_out_of_range(text: str) -> None:
    with pytest.raises(DateOutOfRange):
        read_date(text, today=WEDNESDAY)


def test_the_range_reaches_thirty_years_ahead() -> None:
    assert read_date("2056-03-11", today=WEDNESDAY) == date(2056, 3, 11)


@QUICKLY
@given(DAYS, st.sampled_from(["en_US", "en_GB", "zh_CN"]), st.sampled_from(["medium", "long"]))
def test_what_babel_writes_is_read_back(day: date, locale: str, width: str) -> None:
    written = format_date(day, width, locale=locale)

    assert read_date(written, today=WEDNESDAY, locale=locale) == day


@QUICKLY
@given(DAYS, st.sampled_from(["monday", "friday", "sunday", "周三", "星期六"]))
def test_a_weekday_lies_within_the_week_after_today(today: date, weekday: str) -> None:
    assert timedelta(days=1) <= read_date(weekday, today=today) - today <= timedelta(days=7)


@QUICKLY
@given(st.text(max_size=3000), DAYS)
def test_no_text_breaks_the_reading_of_a_date(text: str, today: date) -> None:
    try:
        read_date(text, today=today)
    except DomainError:
        return


@QUICKLY
@given(st.text(alphabet="0123456789/-.: 年月日周底下monthfriday", max_size=24))
def test_no_almost_date_breaks_the_reading(text: str) -> None:
    find_date(text, today=WEDNESDAY)


@pytest.mark.parametrize(
    ("words", "day", "rest"),
    [
        ("15 March", date(2026, 3, 15), ""),
        ("15 March 12k", date(2026, 3, 15), "12k"),
        ("15 March, 2027 12k", date(2027, 3, 15), "12k"),
        ("15 March, 12k", date(2026, 3, 15), "12k"),
        ("next friday for Acme  Corp", date(2026, 3, 20), "for Acme  Corp"),
        ("friday because price", date(2026, 3, 13), "because price"),
        ("the end of next month then more", date(2026, 4, 30), "then more"),
        ("15 March 2500", date(2026, 3, 15), "2500"),
        ("3月15日 12万", date(2026, 3, 15), "12万"),
    ],
)
def test_the_leading_words_that_read_as_a_date_are_taken(words: str, day: date, rest: str) -> None:
    assert find_date(words, today=WEDNESDAY) == (day, rest)


@pytest.mark.parametrize("words", ["", "Acme", "12k friday", "because of friday"])
def test_words_that_do_not_begin_with_a_date_have_none(words: str) -> None:
    assert find_date(words, today=WEDNESDAY) is None


def test_a_day_that_its_month_does_not_have_is_not_that_day_of_another_month() -> None:
    assert find_date("31 Feb 12k", today=date(2026, 3, 2)) is None
    assert find_date("31 12k", today=date(2026, 3, 2)) == (date(2026, 3, 31), "12k")
