"""On which days people work: not at weekends, and not on the public holidays of their country."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from babel.core import get_global
from holidays import HolidayBase, country_holidays, list_supported_countries

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """The calendar of a country, an ISO 3166 code like "DE", read in a time zone.

    Of a country that is not known, or none, only Saturdays and Sundays are free.
    """

    country: str
    time_zone: str

    def has(self, day: date) -> bool:
        worked = _worked_by(self.country, day.year)
        number = _number_of(day)
        return worked[number] > (worked[number - 1] if number else 0)

    def after(self, day: date, count: int) -> date:
        """The working day that is so many working days later; the day itself for none."""
        while count:
            day += _DAY
            count -= self.has(day)
        return day

    def waited(self, since: datetime, until: datetime) -> int:
        """How many working days have begun between two moments: from Friday to Monday one. 0 for none, or backwards."""
        zone = ZoneInfo(self.time_zone)
        first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        if last <= first:
            return 0
        whole_years = sum(_worked_by(self.country, year)[-1] for year in range(first.year, last.year))
        return (
            whole_years
            + _worked_by(self.country, last.year)[_number_of(last)]
            - _worked_by(self.country, first.year)[_number_of(first)]
        )


def country_of(time_zone: str) -> str:
    """The country that a time zone lies in; empty where none is known, as for UTC."""
    name = get_global("zone_aliases").get(time_zone, time_zone)
    country = str(get_global("zone_territories").get(name, ""))
    return country if is_known(country) else ""


def is_known(country: str) -> bool:
    """Whether the public holidays of the country are known."""
    return country in _countries()


@lru_cache
def _countries() -> frozenset[str]:
    return frozenset(list_supported_countries())


@lru_cache(maxsize=4096)
def _worked_by(country: str, year: int) -> tuple[int, ...]:
    """For each day of a year, how many working days it had by then, that day included."""
    calendar = country_holidays(country, years=year) if is_known(country) else None
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    return tuple(accumulate(_is_worked(calendar, first + _DAY * number) for number in range(length)))


def _is_worked(calendar: HolidayBase | None, day: date) -> bool:
    return day.weekday() < _SATURDAY if calendar is None else bool(calendar.is_working_day(day))


def _number_of(day: date) -> int:
    """Its number in the year, from 0."""
    return day.timetuple().tm_yday - 1
