"""On which days and at what hour something is due again, by a clock on the wall of a time zone."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAILY = "mon,tue,wed,thu,fri,sat,sun"
WORKDAYS = "mon,tue,wed,thu,fri"
_NAMES = DAILY.split(",")
MONTHLY = "monthly"
QUARTERLY = "quarterly"
WON = "won"
"""Whenever a deal is won, which no clock knows."""
NEVER = datetime(9000, 1, 1, tzinfo=UTC)


class Rhythm(StrEnum):
    """How often a digest comes: on several days of a week, on one, once a month or a quarter."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


def rhythm_of(weekdays: str) -> Rhythm:
    """Of what stands in `Schedule.weekdays`."""
    first = weekdays.partition(" ")[0]
    if first in (MONTHLY, QUARTERLY):
        return Rhythm(first)
    return Rhythm.DAILY if "," in weekdays else Rhythm.WEEKLY


def next_due(local_time: str, time_zone: str, weekdays: str, after: datetime) -> datetime:
    """The first moment (UTC) after `after` when a clock in the zone shows the time on one of the days; never for what
    waits for a win.

    A time that the change of clocks leaves out is due once, as much later as the clocks jump, or as much earlier where
    the date would be over by then; one that occurs twice is due the first time only.
    """
    if weekdays == WON:
        return NEVER
    zone = ZoneInfo(time_zone)
    at = time.fromisoformat(local_time)
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        if _is_one_of(weekdays, day):
            due = _moment(day, at, zone)
            if due > after:
                return due
        day += timedelta(days=1)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Python's fold=0 means the first of two equal times, and in a gap the offset from before it; 1 that from after."""
    due = datetime.combine(day, at, zone).astimezone(UTC)
    if due.astimezone(zone).date() != day:
        earlier = datetime.combine(day, at.replace(fold=1), zone).astimezone(UTC)
        return earlier if earlier.astimezone(zone).date() == day else due
    return due


def _is_one_of(days: str, day: date) -> bool:
    rhythm, _, number = days.partition(" ")
    if rhythm not in (MONTHLY, QUARTERLY):
        return _NAMES[day.weekday()] in days
    if rhythm == QUARTERLY and day.month % 3 != 1:
        return False
    if number:
        last = ((day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)).day
        return day.day == min(int(number), last)
    first = day.replace(day=1)
    return day == first + timedelta(days=7 - first.weekday() if first.weekday() > 4 else 0)
