"""The day that a clock on the wall shows, told by the database, so that what is of one day is added up there."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, case, cast, extract

_QUARTER = timedelta(minutes=15)
_DAY = 86_400
_EPOCH = date(1970, 1, 1)


def local_day(moment: SQLColumnExpression[Any], since: datetime, until: datetime, zone: ZoneInfo) -> ColumnElement[Any]:
    """Of a column of moments between two, a number that those of one day share, by the clock of a zone; `date_told`
    reads it."""
    seconds = extract("epoch", moment)
    days: list[tuple[datetime, ColumnElement[Any]]] = []
    for begin, end in _stretches(since, until, zone):
        shifted = seconds + int((begin.astimezone(zone).utcoffset() or timedelta()).total_seconds())
        days.append((end, cast(shifted - shifted % _DAY, BigInteger)))
    *earlier, (_, last) = days
    return case(*((moment < end, day) for end, day in earlier), else_=last) if earlier else last


def date_told(number: int) -> date:
    """The date that a number of `local_day` tells: its seconds since 1970."""
    return _EPOCH + timedelta(days=number // _DAY)


def _stretches(since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of time in which nobody changes the clocks. They are changed on a quarter of an hour."""
    begin = since.replace(minute=since.minute // 15 * 15, second=0, microsecond=0)
    at, step = begin, timedelta(days=1)
    while at < until:
        if (at + step).astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset():
            at, step = at + step, timedelta(days=1)
        elif step > _QUARTER:
            step = _QUARTER
        else:
            at += step
            yield begin, at
            begin, step = at, timedelta(days=1)
    yield begin, until
