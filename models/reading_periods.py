"""People say which time a report is about their own way (`last quarter`, `March`, `Q3 2025`, `last 30 days`, `上个月`).

A period lies behind us: `March` is the last one that began, `from 1 March to 15 March` the last such days.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_month_names
from dateutil.relativedelta import relativedelta

from models.period import Period, Unit, as_far_as, whole_unit
from models.reading_dates import EARLIEST, read_date
from models.reading_errors import DateNotUnderstood, DateOutOfRange, PeriodNotUnderstood

_YEAR = timedelta(days=365)
_MOST_DAYS = 3_660
_UNITS = {
    **dict.fromkeys(("week", "周", "星期"), Unit.WEEK),
    **dict.fromkeys(("month", "月"), Unit.MONTH),
    **dict.fromkeys(("quarter", "季", "季度"), Unit.QUARTER),
    **dict.fromkeys(("year", "年"), Unit.YEAR),
}
_SPANS = {
    **dict.fromkeys(("day", "天", "日"), relativedelta(days=1)),
    **dict.fromkeys(("week", "周"), relativedelta(weeks=1)),
    **dict.fromkeys(("month", "个月"), relativedelta(months=1)),
    **dict.fromkeys(("year", "年"), relativedelta(years=1)),
}
_SHORT = {"w": Unit.WEEK, "m": Unit.MONTH, "q": Unit.QUARTER, "y": Unit.YEAR}
_HAN_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}

# Each begins and ends where a word does; Chinese has no spaces between them.
_RELATIVE = re.compile(
    r"(?<!\S)(?P<which>this|current|last|previous|past)\s+(?P<unit>week|month|quarter|year)(?!\S)"
    r"|(?P<han_which>这个|本|这|今|上个|上一个|上|去)(?P<han_unit>周|星期|月|季度|季|年)(?!\d)",
    re.IGNORECASE,
)
_LAST_DAYS = re.compile(
    r"(?<!\S)(?:the\s+)?(?:last|past)\s+(?P<count>\d{1,4})\s*(?P<unit>day|week|month|year)s?(?!\S)"
    r"|(?<!\S)(?P<short>\d{1,4})\s?d(?:ays?)?(?!\S)"
    r"|(?:最近|近|过去)\s*(?P<han_count>\d{1,4})\s*(?P<han_unit>天|日|周|个月|年)",
    re.IGNORECASE,
)
_ONE_DAY = re.compile(r"(?<!\S)(?P<day>today|yesterday)(?!\S)|(?P<han>[今昨])(?:天|日(?!头条))", re.IGNORECASE)
_TO_DATE = re.compile(
    r"(?<!\S)(?:(?P<unit>week|month|quarter|year)[\s-]to[\s-]date|(?P<short>[wmqy])td)(?!\S)", re.IGNORECASE
)
_HALF = re.compile(
    r"(?<!\S)h(?P<half>[12])(?:[\s/-]?(?P<year>20\d{2}))?(?!\S)"
    r"|(?:(?P<han_year>20\d{2})年|(?P<which>[今去])年)?(?P<han>[上下])半年",
    re.IGNORECASE,
)
_QUARTER = re.compile(
    r"(?<!\S)q(?P<quarter>[1-4])(?:[\s/-]?(?P<year>20\d{2}))?(?!\S)"
    r"|(?:(?P<han_year>20\d{2})年)?第?(?P<han>[1-4一二三四])季度",
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(r"(?<!\S)(?P<year>20\d{2})(?!\S)|(?P<han_year>20\d{2})年(?!\d)")
_ISO_MONTH = re.compile(
    r"(?<!\S)(?P<year>20\d{2})-(?P<month>0[1-9]|1[0-2])(?!\S)"
    r"|(?:(?P<han_year>20\d{2})年)?(?<!\d)(?P<han_month>1[0-2]|[1-9])月(?:份|(?!\d))"
)
_MONTH_NAME = "[a-z]{3,9}"
_DATE = (
    r"(?:20\d{2}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?|today|now|yesterday"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+{_MONTH_NAME}(?:\s+20\d{{2}})?"
    rf"|{_MONTH_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+20\d{{2}})?)"
)
_FROM_TO = re.compile(
    rf"(?<!\S)(?:(?:from|between)\s+)?(?P<first>{_DATE})\s*"
    rf"(?:\.\.|–|—|(?<=\s)(?:-|to|until|till|through|and)(?=\s)|至|到)\s*(?P<last>{_DATE})(?!\S)"
    r"|从?\s*(?P<han_first>[\d年月日号\-/]{4,})\s*(?:到|至)\s*(?P<han_last>[\d年月日号\-/]{4,})",
    re.IGNORECASE,
)


def find_period(words: str, *, now: datetime, zone: str, locale: str = "en") -> tuple[Period, str] | None:
    """The first time that the words name, as far as it has passed, and the words without it.

    None where they name none. Raises PeriodNotUnderstood for a time that is still to come, or is none.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    for pattern, read in _readers():
        if match := pattern.search(words):
            try:
                unit, first, last = read(match, today, locale)
            except (ValueError, OverflowError, DateNotUnderstood, DateOutOfRange):
                raise PeriodNotUnderstood(match[0].strip()) from None
            if not EARLIEST <= first <= min(last, today):
                raise PeriodNotUnderstood(match[0].strip())
            rest = f"{words[: match.start()].rstrip()} {words[match.end() :].lstrip()}".strip()
            return as_far_as(Period(unit, first, last, zone), now), rest
    return None


_Span = tuple[Unit, date, date]
_Read = Callable[[re.Match[str], date, str], _Span]


@cache
def _readers() -> list[tuple[re.Pattern[str], _Read]]:
    return [
        (_FROM_TO, _from_to),
        (_LAST_DAYS, _last_days),
        (_HALF, _half),
        (_TO_DATE, _to_date),
        (_RELATIVE, _relative),
        (_QUARTER, _quarter),
        (_ISO_MONTH, _month),
        (_month_names(), _named_month),
        (_BARE_YEAR, _year),
        (_ONE_DAY, _one_day),
    ]


def _from_to(match: re.Match[str], today: date, locale: str) -> _Span:
    texts = [match[name] for name in ("first", "han_first", "last", "han_last") if match[name]]
    first, last = (_past_day(text, today, locale) for text in texts)
    return Unit.DAYS, first, last


def _past_day(text: str, today: date, locale: str) -> date:
    """The last such day: dates without a year are read as of a year ago, from when on they lie ahead."""
    match text.lower():
        case "today" | "now":
            return today
        case "yesterday":
            return today - timedelta(days=1)
    return read_date(text, today=today - _YEAR + timedelta(days=1), locale=locale)


def _last_days(match: re.Match[str], today: date, _locale: str) -> _Span:
    """Up to today; months and years as the calendar has them."""
    unit = (match["unit"] or match["han_unit"] or "day").lower()
    count = int(match["count"] or match["han_count"] or match["short"])
    first = today - _SPANS[unit] * count + timedelta(days=1)
    if not 1 <= (today - first).days + 1 <= _MOST_DAYS:
        raise ValueError(count)
    return Unit.DAYS, first, today


def _one_day(match: re.Match[str], today: date, _locale: str) -> _Span:
    is_today = (match["day"] or match["han"]).lower() in ("today", "今")
    day = today if is_today else today - timedelta(days=1)
    return Unit.DAYS, day, day


def _to_date(match: re.Match[str], today: date, _locale: str) -> _Span:
    unit = _UNITS[match["unit"].lower()] if match["unit"] else _SHORT[match["short"].lower()]
    return _span(whole_unit(unit, today, "UTC"))


def _half(match: re.Match[str], today: date, _locale: str) -> _Span:
    """`H1 2026`, `去年下半年`"""
    month = 1 if (match["half"] or match["han"]) in ("1", "上") else 7
    year = match["year"] or match["han_year"]
    if match["which"]:
        year = str(today.year - (match["which"] == "去"))
    first = _month_begun(month, year, today)
    return Unit.DAYS, first, first + relativedelta(months=6, days=-1)


def _relative(match: re.Match[str], today: date, _locale: str) -> _Span:
    unit = _UNITS[(match["unit"] or match["han_unit"]).lower()]
    running = whole_unit(unit, today, "UTC")
    is_over = (match["which"] or match["han_which"]).lower() in (
        *("last", "previous", "past"),
        *("上个", "上一个", "上", "去"),
    )
    return _span(running.before() if is_over else running)


def _quarter(match: re.Match[str], today: date, _locale: str) -> _Span:
    named = match["quarter"] or match["han"]
    month = 3 * int(_HAN_QUARTERS.get(named, named)) - 2
    return _span(whole_unit(Unit.QUARTER, _month_begun(month, match["year"] or match["han_year"], today), "UTC"))


def _month(match: re.Match[str], today: date, _locale: str) -> _Span:
    month = int(match["month"] or match["han_month"])
    return _span(whole_unit(Unit.MONTH, _month_begun(month, match["year"] or match["han_year"], today), "UTC"))


def _named_month(match: re.Match[str], today: date, _locale: str) -> _Span:
    month = _numbers_of_months()[match["name"].lower()]
    return _span(whole_unit(Unit.MONTH, _month_begun(month, match["year"], today), "UTC"))


def _year(match: re.Match[str], _today: date, _locale: str) -> _Span:
    return _span(whole_unit(Unit.YEAR, date(int(match["year"] or match["han_year"]), 1, 1), "UTC"))


def _month_begun(month: int, year: str | None, today: date) -> date:
    """The first day of a month, of the last such month that has begun where no year is named."""
    if year:
        return date(int(year), month, 1)
    first = date(today.year, month, 1)
    return first if first <= today else first - relativedelta(years=1)


def _span(period: Period) -> _Span:
    return period.unit, period.first, period.last


@cache
def _numbers_of_months() -> dict[str, int]:
    names = {
        name.lower(): number
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, "format", "en").items()
    }
    return names | {"sept": 9}


@cache
def _month_names() -> re.Pattern[str]:
    names = "|".join(sorted(_numbers_of_months(), key=len, reverse=True))
    return re.compile(rf"(?<!\S)(?P<name>{names})(?:\s+(?P<year>20\d{{2}}))?(?!\S)", re.IGNORECASE)
