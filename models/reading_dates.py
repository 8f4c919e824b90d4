"""People write dates their own way (`15 March`, `next friday`, `end of Q2`, `下周五`); here they become days.

Dates are read ahead of today, as a deal closes in the future: `15 March` is the next one. What our own lines read,
before dateparser is asked, is what it does not know or takes otherwise than salespeople do:

- `friday` is the next one after today, `this friday` (本周五) is in this week, `next friday` (下周五) in the next week.
- A period means its last day, a week its Friday: `next month`, `end of month`, `Q2`, `March`, `2027`, `月底`.
- A day alone is the next such day: `15`, `the 15th`, `15号`. Chinese dates and counts: `3月15日`, `两周后`.
- A day of a year that is told as `next year` or `明年`, and what is so far from today: `two weeks from today`.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Literal
from unicodedata import normalize

from babel import Locale
from babel.dates import get_month_names
from dateparser.date import DateDataParser
from dateutil.relativedelta import relativedelta

from models.reading_errors import DateNotUnderstood, DateOutOfRange
from models.reading_weekdays import day_of_week

EARLIEST = date(2000, 1, 1)
LONGEST_DATE = 40
MOST_WORDS = 6

_HAN = re.compile(r"[\u3400-\u9fff]")
_CLOCK_OR_AMOUNT = re.compile(r":|[0-9]\s?(?:am|pm|k|m|mn|mio|bn|b|h|s)\b|[0-9]{5}|[$€£¥]")
_ISO = re.compile(r"([0-9]{4}-?[0-9]{2}-?[0-9]{2})(?:[t ][0-9:.,]{2,15}(?:z|[+-][0-9:]{2,6})?)?")
_LENGTH_OF_TIME = re.compile(r"\b(?:day|week|fortnight|month|year)s?\b|\b(?:today|tomorrow|yesterday)\b|[天后前内]")
_NO_PART_OF_A_DATE = re.compile(r"\b(?:about|ad|and|at|by|just|on|next .*day)$")
"""What dateparser would pass over."""
_HAN_NUMBERS = {han: str(number) for number, han in enumerate("一二三四五六七八九十", start=1)} | {"两": "2"}


class DateOrder(StrEnum):
    """In which order a numeric date has its day, month and year."""

    DMY = "DMY"
    MDY = "MDY"
    YMD = "YMD"


def date_order(locale: str) -> DateOrder:
    """The order of a locale such as `en-GB`."""
    pattern = Locale.parse(locale.replace("-", "_")).date_formats["short"].pattern
    return DateOrder("".join(dict.fromkeys(letter for letter in pattern.upper() if letter in "DMY")))


def read_date(text: str, *, today: date, locale: str = "en") -> date:
    """The day that `text` is as a whole, as someone who writes it today means it."""
    plain = " ".join(normalize("NFKC", text).lower().split()) if len(text) <= LONGEST_DATE else ""
    day = _day(_spelt_out(plain, today), today, date_order(locale)) if plain else None
    if day is None:
        raise DateNotUnderstood(text[:LONGEST_DATE])
    latest = today + relativedelta(years=30)
    if not EARLIEST <= day <= latest:
        raise DateOutOfRange(text, earliest=EARLIEST, latest=latest)
    return day


def find_date(words: str, *, today: date, locale: str = "en") -> tuple[date, str] | None:
    """The day that the first words name, as many as read as one, and the words after it.

    For what follows `close`, `by` or `预计`: `15 March 12k` is the 15th of March and leaves `12k`.
    """
    parts = re.split(r"(\s+)", words.strip(), maxsplit=MOST_WORDS)
    for length in range(2 * MOST_WORDS - 1, 0, -2):
        if length == 1 and len(parts) > 2 and _is_month(parts[2]):  # 31 February is not the 31st of some month
            continue
        try:
            day = read_date("".join(parts[:length]).rstrip(",;."), today=today, locale=locale)
        except (DateNotUnderstood, DateOutOfRange):
            continue
        return day, "".join(parts[length:]).strip()
    return None


_FROM_TODAY = re.compile(r"(?:in )?(.+) from (?:today|now)")
_OF_YEAR = re.compile(r"(?P<before>.+?)(?:,| of)? (?P<behind>this|next) year|(?P<ahead>this|next) year,? (?P<after>.+)")
_HAN_YEAR = re.compile(r"(?P<which>[今明后])年年?的?(?=第?[0-9一二三四五六七八九十]|[底末上下])")
_YEARS_AHEAD = {"this": 0, "next": 1, "今": 0, "明": 1, "后": 2}


def _spelt_out(text: str, today: date) -> str:
    """`a week from today` as `in a week`, since dateparser takes it for a week ago, and `March 1 next year` or
    `明年3月1日` with the year's number."""
    text = re.sub(r"\bhalf a year\b", "6 months", text)
    text = re.sub("(?<![上下])半年", "6个月", text)
    text = _FROM_TODAY.sub(r"in \1", text)
    text = _HAN_YEAR.sub(lambda match: f"{today.year + _YEARS_AHEAD[match['which']]}年", text)
    match = _OF_YEAR.fullmatch(text)
    rest = (match["before"] or match["after"]) if match else ""
    if match and (any(map(_is_month, rest.split())) or re.search(r"\bq[1-4]$", rest)):
        return f"{rest} {today.year + _YEARS_AHEAD[match['behind'] or match['ahead']]}"
    return text


def _is_month(word: str) -> bool:
    return word.lower().strip(",;.") in _months()


@cache
def _months() -> frozenset[str]:
    widths: tuple[Literal["wide"], Literal["abbreviated"]] = ("wide", "abbreviated")
    return frozenset(name.lower() for width in widths for name in get_month_names(width, "format", "en").values())


def _day(text: str, today: date, order: DateOrder) -> date | None:
    readers: tuple[Callable[[str, date], date | None], ...] = (
        _iso,
        _no_such_day,
        day_of_week,
        _period,
        _day_alone,
        _han_date,
    )
    for reader in readers:
        try:
            if day := reader(text, today):
                return day
        except (ValueError, OverflowError):  # 30 February, or the year 9999 and a bit
            return None
    return _with_dateparser(text, today, order)


def _iso(text: str, _today: date) -> date | None:
    match = _ISO.fullmatch(text)
    return date.fromisoformat(match[1]) if match else None


_TWO_NUMBERS = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]?")


def _no_such_day(text: str, _today: date) -> None:
    """`32.13.` and `40 March` are slips, not days of 2032 and 2040."""
    if match := _TWO_NUMBERS.fullmatch(text):
        smaller, larger = sorted((int(match[1]), int(match[2])))
        if not (1 <= smaller <= 12 and larger <= 31):
            raise ValueError(text)
    words = text.replace(".", " ").split()
    if (
        len(words) == 2
        and any(map(_is_month, words))
        and any(each.isdigit() and 31 < int(each) < 100 for each in words)
    ):
        raise ValueError(text)


_PERIOD = re.compile(
    r"(?P<end>(?:the )?end of (?:the )?)?(?P<which>this |next )?"
    r"(?P<unit>week|month|quarter|year)(?P<end_after>[ -]end)?"
    r"|eo(?P<short>[wmqy])"
    r"|(?P<han_which>本|这个?|下个?|今|明)?(?P<han_unit>周|月|季度?|年)(?P<han_end>底|末)?"
)
_NAMED_PERIOD = re.compile(
    r"(?:(?:the )?end of )?"
    r"(?:q(?P<quarter>[1-4])(?:[ /-]?(?P<quarter_year>20[0-9]{2}))?|(?P<year>20[0-9]{2})年?[底末]?)"
    r"|(?:(?P<han_year>20[0-9]{2})年)?第?(?P<han_quarter>[1-4一二三四])季度[底末]?"
)
_HALF_YEAR = re.compile(
    r"(?:(?:the )?end of )?h(?P<half>[12])[ /-]?(?P<year>20[0-9]{2})"
    r"|(?P<han_year>20[0-9]{2})年(?P<han_half>[上下])半年[底末]?"
)
"""`h1` alone may be of a name."""
_UNITS = {"w": "week", "m": "month", "q": "quarter", "y": "year"} | {
    **{"周": "week", "月": "month", "季": "quarter", "季度": "quarter", "年": "year"}
}


def _period(text: str, today: date) -> date | None:
    if named := _NAMED_PERIOD.fullmatch(text):
        if named["year"]:
            return date(int(named["year"]), 12, 31)
        quarter = named["quarter"] or named["han_quarter"]
        month = 3 * int(_HAN_NUMBERS.get(quarter, quarter))
        year = named["quarter_year"] or named["han_year"]
        return _end_of_month(month, int(year) if year else None, today)
    if half := _HALF_YEAR.fullmatch(text):
        is_first = (half["half"] or half["han_half"]) in ("1", "上")
        return _end_of_month(6 if is_first else 12, int(half["year"] or half["han_year"]), today)
    match = _PERIOD.fullmatch(text)
    if match is None or not any(value for name, value in match.groupdict().items() if "unit" not in name):
        return None
    which = (match["which"] or match["han_which"] or "").strip()
    unit = match["unit"] or _UNITS[match["short"] or match["han_unit"]]
    return _end_of(unit, today, ahead=which in ("next", "下", "下个", "明"))


def _end_of(unit: str, today: date, *, ahead: bool) -> date:
    """The last day of the running week, month, quarter or year, or of the one ahead; a week ends on its Friday."""
    if unit == "week":
        friday = today + timedelta(days=4 - today.weekday())
        return friday + timedelta(days=7 * (ahead or friday < today))
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    last_month = -(-today.month // months) * months
    return date(today.year, last_month, 1) + relativedelta(months=months * ahead, day=31)


def _end_of_month(month: int, year: int | None, today: date) -> date:
    """The last day of a month, of the next such month where no year is named."""
    end = date(year or today.year, month, monthrange(year or today.year, month)[1])
    return end if year or end >= today else end + relativedelta(years=1, day=31)


_DAY_ALONE = re.compile(r"(?:on )?(?:the )?([0-9]{1,2})(?:st|nd|rd|th|日|号)?")
_HAN_DATE = re.compile(
    r"(?:(?:(?P<year>20[0-9]{2})年)?(?P<month>[0-9]{1,2})月(?:份|底|末|(?P<day>[0-9]{1,2})[日号]?)?)"
)


def _day_alone(text: str, today: date) -> date | None:
    match = _DAY_ALONE.fullmatch(text)
    return _next_with(today, relativedelta(months=1), day=int(match[1])) if match else None


def _han_date(text: str, today: date) -> date | None:
    match = _HAN_DATE.fullmatch(_han_numbers(text))
    if match is None:
        return None
    month, year = int(match["month"]), int(match["year"]) if match["year"] else None
    if match["day"] is None:
        return _end_of_month(month, year, today)
    if year:
        return date(year, month, int(match["day"]))
    return _next_with(today, relativedelta(years=1), month=month, day=int(match["day"]))


def _next_with(today: date, step: relativedelta, **parts: int) -> date:
    """The first day from today on that has these parts, such as the 31st or the 29th of February."""
    for steps in range(9):  # no 29 February is further away than eight years
        try:
            day = (today.replace(day=1) + step * steps).replace(**parts)
        except ValueError:
            continue
        if day >= today:
            return day
    raise ValueError(parts)


def _han_numbers(text: str) -> str:
    return re.sub(
        r"(?<![周期拜十])([一二三四五六七八九十两])(?=天|周|个|星期|年|月|日|号)",
        lambda match: _HAN_NUMBERS[match[1]],
        text.replace(" ", ""),
    )


def _with_dateparser(text: str, today: date, order: DateOrder) -> date | None:
    is_han = _HAN.search(text) is not None
    if _CLOCK_OR_AMOUNT.search(text) or _NO_PART_OF_A_DATE.search(text):
        return None
    if not (is_han or len(text) > 2 or text.isdigit()):
        return None
    if is_han:
        text = _han_numbers(text).replace("星期", "周").replace("内", "后")
    else:
        text = text.removeprefix("the ").removeprefix("end of ")
        if order is DateOrder.YMD:
            order = DateOrder.MDY  # where the year comes first, the month comes before the day
    kind = "relative-time" if _LENGTH_OF_TIME.search(text) else "absolute-time"
    moment = _parser("zh" if is_han else "en", order, kind, today).get_date_data(text).date_obj
    return moment.date() if moment else None


@lru_cache(maxsize=32)
def _parser(language: str, order: DateOrder, kind: str, today: date) -> DateDataParser:
    """Told its language, as guessing it among two hundred takes a second and makes dates of names."""
    return DateDataParser(
        languages=[language],
        settings={
            "PREFER_DATES_FROM": "future",
            "PREFER_DAY_OF_MONTH": "last" if kind == "absolute-time" else "current",
            "RELATIVE_BASE": datetime.combine(today, time()),
            "DATE_ORDER": order.value,
            "PARSERS": [kind],
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
