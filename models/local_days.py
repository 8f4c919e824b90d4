"""The day that a clock on the wall shows, told by the database, so that what is of one day is added up there."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, case, cast, extract

_QUARTER = timedelta(minutes=15)
_MINUTE, _DAY = 60, 86_400
"""Seconds."""
_EPOCH = date(1970, 1, 1)


def local_day(moment: SQLColumnExpression[Any], since: datetime, until: datetime, zone: ZoneInfo) -> ColumnElement[Any]:
    """Of a column of moments up to one, a number that those of one day share, by the clock of a zone, and before
    `since` those of one minute; `date_told` reads it."""
    seconds = extract("epoch", moment)
    days = [(since, cast(seconds % _MINUTE - seconds, BigInteger))]
    for begin, end in _stretches(since, until, zone):
        shifted = seconds + int((begin.astimezone(zone).utcoffset() or timedelta()).total_seconds())
        days.append((end, cast(shifted - shifted % _DAY, BigInteger)))
    *earlier, (_, last) = days
    return case(*((moment < end, day) for end, day in earlier), else_=last)


def date_told(number: int, zone: ZoneInfo) -> date:
    """The date that a number of `local_day` tells: its seconds since 1970, of the clock of the zone, or turned round
    those of a minute."""
    if number >= 0:
        return _EPOCH + timedelta(days=number // _DAY)
    return datetime.fromtimestamp(-number, zone).date()


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
