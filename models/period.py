"""The stretch of time that a report is about: a week, month, quarter, year, or some days, and those before it.

A period has its first moment and not its last, so that periods which follow each other share nothing and leave nothing
out. Its days begin at midnight of the workspace's zone. A running period goes as far as the moment at which it is
asked for, and the one before it just as far: half a month is not held against a whole one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a period is one of; `DAYS` are any number of them."""

    DAYS = "days"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_STEPS = {
    Unit.WEEK: relativedelta(weeks=1),
    Unit.MONTH: relativedelta(months=1),
    Unit.QUARTER: relativedelta(months=3),
    Unit.YEAR: relativedelta(years=1),
}


@dataclass(frozen=True)
class Period:
    """From the beginning of `first` through `last`, days of the zone; of a running one, `last` is today and `until`
    the time of day."""

    unit: Unit
    first: date
    last: date
    zone: str
    until: time | None = None

    @cached_property
    def start(self) -> datetime:
        return self._moment(self.first, time())

    @cached_property
    def end(self) -> datetime:
        """The first moment that is not in it any more."""
        return self._moment(self.last + _DAY, time()) if self.until is None else self._moment(self.last, self.until)

    @property
    def is_running(self) -> bool:
        return self.until is not None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def has(self, at: datetime) -> bool:
        return self.start <= at < self.end

    def before(self) -> "Period":
        """The period before, of a running one as much of it."""
        return self._moved(relativedelta(days=-self.days) if self.unit is Unit.DAYS else -_STEPS[self.unit])

    def year_before(self) -> "Period":
        """The same period of last year; of a week the one 52 weeks before, which has the same weekdays."""
        return self._moved(relativedelta(weeks=-52) if self.unit is Unit.WEEK else relativedelta(years=-1))

    def _moved(self, by: relativedelta) -> "Period":
        first = self.first + by
        if self.unit is Unit.DAYS:
            return Period(self.unit, first, self.last + by, self.zone, self.until)
        whole = whole_unit(self.unit, first, self.zone)
        last = first + (self.last - self.first)
        if not self.is_running or last > whole.last:  # the 31st day of a month that has 30
            return whole
        return Period(self.unit, first, last, self.zone, self.until)

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, ZoneInfo(self.zone)).astimezone(UTC)


def whole_unit(unit: Unit, day: date, zone: str) -> Period:
    """The calendar week (from Monday), month, quarter or year that has a day."""
    first = {
        Unit.DAYS: day,
        Unit.WEEK: day - timedelta(days=day.weekday()),
        Unit.MONTH: day.replace(day=1),
        Unit.QUARTER: day.replace(month=day.month - (day.month - 1) % 3, day=1),
        Unit.YEAR: day.replace(month=1, day=1),
    }[unit]
    return Period(unit, first, first + _STEPS.get(unit, relativedelta(days=1)) - _DAY, zone)


def as_far_as(period: Period, now: datetime) -> Period:
    """The period, up to now where it is not over yet."""
    local = now.astimezone(ZoneInfo(period.zone))
    if local.date() > period.last:
        return period
    return Period(period.unit, period.first, max(local.date(), period.first), period.zone, local.time())
