"""Other CRMs export their moments in many formats; here a column of them is read, all rows alike and fast.

Where people may leave the year out, a table may not, and nothing is relative to today. What the formats here do not
cover goes to dateparser, which is a thousand times slower.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from dateparser.date import DateDataParser

from models.importing_errors import DateOfRowNotUnderstood
from models.reading_dates import DateOrder

LONGEST_TIMESTAMP = 60
FIRST_YEAR, LAST_YEAR = 1970, 2100

_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # spreadsheets know no zone
_EXCEL_SERIAL = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]{1,12})?")
_NUMERIC = re.compile(
    r"(?P<first>[0-9]{1,4})(?P<mark>[-/.])(?P<second>[0-9]{1,2})(?P=mark)(?P<third>[0-9]{4}|[0-9]{2})"
    r"(?:,? +(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<sec>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?)?"
)


def guess_date_order(samples: Sequence[str], *, otherwise: DateOrder) -> DateOrder:
    """The order that most of a column's days above twelve show; `otherwise` where none does.

    Dates that begin with a four-digit year say nothing here, as they are read alike in any order.
    """
    votes = {DateOrder.DMY: 0, DateOrder.MDY: 0}
    for match in filter(None, (_NUMERIC.match(sample.strip()) for sample in samples)):
        if len(match["first"]) > 2:
            continue
        votes[DateOrder.DMY] += int(match["first"]) > 12
        votes[DateOrder.MDY] += int(match["second"]) > 12
    if votes[DateOrder.DMY] == votes[DateOrder.MDY]:
        return otherwise
    return max(votes, key=lambda order: votes[order])


def order_is_open(samples: Sequence[str]) -> bool:
    """Whether a column has dates that mean two days, and none that tells which comes first, the day or the month."""
    guesses = {guess_date_order(samples, otherwise=order) for order in (DateOrder.DMY, DateOrder.MDY)}
    matches = filter(None, (_NUMERIC.match(sample.strip()) for sample in samples))
    return len(guesses) > 1 and any(len(match["third"]) == 4 and match["first"] != match["second"] for match in matches)


def read_timestamp(text: str, *, order: DateOrder, zone: tzinfo) -> datetime:
    """The moment in UTC that a cell holds; `zone` is that of cells which name none, a bare day is its midnight."""
    plain = text.strip()
    if len(plain) > LONGEST_TIMESTAMP:
        raise DateOfRowNotUnderstood(text[:LONGEST_TIMESTAMP])
    try:
        moment = _iso(plain) or _numeric(plain, order) or _excel(plain) or _in_words(plain, order)
        if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR:
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise DateOfRowNotUnderstood(text) from fault
    raise DateOfRowNotUnderstood(text)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _numeric(text: str, order: DateOrder) -> datetime | None:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    first, second, third = int(match["first"]), int(match["second"]), int(match["third"])
    if len(match["first"]) == 4 or (order is DateOrder.YMD and len(match["third"]) == 2):
        year, month, day = first, second, third
    elif order is DateOrder.DMY:
        day, month, year = first, second, third
    else:  # also where the year usually comes first: what is left then keeps its order
        month, day, year = first, second, third
    hour = int(match["hour"] or 0)
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"] in "Pp")
    century = 2000 if year < 100 else 0
    return datetime(century + year, month, day, hour, int(match["minute"] or 0), int(match["sec"] or 0))  # noqa: DTZ001


def _excel(text: str) -> datetime | None:
    """Days since the end of 1899, as a spreadsheet leaves them when a column lost its format."""
    return _EXCEL_EPOCH + timedelta(days=float(text)) if _EXCEL_SERIAL.fullmatch(text) else None


@lru_cache(maxsize=10_000)  # a column has far fewer days than rows
def _in_words(text: str, order: DateOrder) -> datetime | None:
    if not re.search(r"[0-9]{4}", text):
        return None
    return _parser(order).get_date_data(text).date_obj


@lru_cache
def _parser(order: DateOrder) -> DateDataParser:
    return DateDataParser(
        languages=["en", "zh"],
        settings={
            "DATE_ORDER": order.value,
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
        },
    )
