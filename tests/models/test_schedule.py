"""A schedule is due once a day at its local time, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.database import Database
from models.errors import ScheduleNotFound
from models.rhythm import DAILY, WORKDAYS, next_due
from models.schedule import Schedule, ScheduleKind, Schedules
from tests.factories import MONDAY, a_team, days

SAMPLE = [
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Shanghai",
    "Asia/Kolkata",
    "Asia/Beirut",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Europe/Dublin",
    "UTC",
]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # the zone is none of the parts


def firings(local_time: str, zone: str, weekdays: str, start: datetime, end: datetime) -> list[datetime]:
    found = []
    moment = next_due(local_time, zone, weekdays, start)
    while moment < end:
        found.append(moment)
        moment = next_due(local_time, zone, weekdays, moment)
    return found


def local_dates(zone: str, start: datetime, end: datetime) -> list[date]:
    """The dates that begin in the zone within the time."""
    tz = ZoneInfo(zone)
    first = start.astimezone(tz).date() + timedelta(days=1)
    last = end.astimezone(tz).date()
    return [first + timedelta(days=number) for number in range((last - first).days)]


def test_it_is_due_later_today_or_else_tomorrow() -> None:
    assert next_due("09:00", "UTC", DAILY, utc(2026, 3, 2, 8)) == utc(2026, 3, 2, 9)
    assert next_due("09:00", "UTC", DAILY, utc(2026, 3, 2, 9)) == utc(2026, 3, 3, 9)


def test_the_local_day_counts_and_not_that_of_utc() -> None:
    assert next_due("09:00", "Asia/Tokyo", "tue", utc(2026, 3, 1)) == utc(2026, 3, 3, 0)
    assert next_due("20:00", "America/Los_Angeles", "mon", utc(2026, 3, 1)) == utc(2026, 3, 3, 4)


def test_weekends_are_left_out() -> None:
    friday = utc(2026, 3, 6, 9)

    assert next_due("09:00", "UTC", WORKDAYS, friday) == utc(2026, 3, 9, 9)


def test_a_time_that_the_clocks_leave_out_comes_once_just_after() -> None:
    due = firings("02:30", "Europe/Berlin", DAILY, utc(2026, 3, 28), utc(2026, 3, 31))

    assert due == [utc(2026, 3, 28, 1, 30), utc(2026, 3, 29, 1, 30), utc(2026, 3, 30, 0, 30)]
    assert due[1].astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)


def test_a_time_that_occurs_twice_comes_the_first_time() -> None:
    due = firings("02:30", "Europe/Berlin", DAILY, utc(2026, 10, 24), utc(2026, 10, 27))

    assert due == [utc(2026, 10, 24, 0, 30), utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)]


def test_between_the_two_times_it_is_not_due_again() -> None:
    assert next_due("02:30", "Europe/Berlin", DAILY, utc(2026, 10, 25, 1, 0)) == utc(2026, 10, 26, 1, 30)


def test_a_midnight_that_is_left_out_still_comes_on_its_date() -> None:
    cairo = ZoneInfo("Africa/Cairo")

    due = next_due("00:00", "Africa/Cairo", DAILY, datetime(2026, 4, 23, 12, tzinfo=cairo))

    assert due.astimezone(cairo) == datetime(2026, 4, 24, 1, tzinfo=cairo)


def test_a_time_that_is_left_out_at_the_end_of_a_date_comes_before() -> None:
    ittoqqortoormiit = ZoneInfo("America/Scoresbysund")

    due = firings("23:30", "America/Scoresbysund", DAILY, utc(2026, 3, 28), utc(2026, 3, 31))

    assert [f"{moment.astimezone(ittoqqortoormiit):%d %H:%M}" for moment in due] == ["27 23:30", "28 22:30", "29 23:30"]


def test_a_date_that_a_country_skipped_is_no_second_firing() -> None:
    due = firings("09:00", "Pacific/Apia", DAILY, utc(2011, 12, 28), utc(2012, 1, 2))

    dates = [moment.astimezone(ZoneInfo("Pacific/Apia")).date().isoformat() for moment in due]
    assert dates == ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02"]


START, END = utc(2025, 1, 1), utc(2027, 1, 1)


@pytest.mark.parametrize("local_time", ["00:00", "02:30", "08:30", "23:30"])
def test_in_every_zone_it_is_due_once_on_every_date(local_time: str) -> None:
    for zone in zones_by_clock().values():
        due = firings(local_time, zone, DAILY, START - days(2), END + days(2))
        dates = [moment.astimezone(ZoneInfo(zone)).date() for moment in due]
        assert all(earlier < later for earlier, later in pairwise(due)), zone
        assert len(set(dates)) == len(dates), zone
        assert set(local_dates(zone, START, END)) <= set(dates), zone


def test_only_zones_whose_clocks_change_at_the_same_moments_stand_for_each_other() -> None:
    clocks = zones_by_clock()

    assert sum(len(changes) > 1 for changes in clocks) >= 20
    for zone in ("Asia/Beirut", "America/Havana", "Africa/Cairo", "Europe/Helsinki", "America/New_York"):
        like_it = ZoneInfo(clocks[changes_in(zone)])
        hours = [START + timedelta(hours=hour) for hour in range(730 * 24)]
        assert all(hour.astimezone(like_it).utcoffset() == offset(hour, zone) for hour in hours), zone
    assert changes_in("Asia/Beirut") != changes_in("Europe/Helsinki")


Changes = tuple[tuple[datetime, timedelta | None], ...]


@cache
def zones_by_clock() -> dict[Changes, str]:
    """One zone of each that share their clocks; most share them with another one."""
    return {changes_in(zone): zone for zone in sorted(available_timezones() - {"localtime"})}


@cache
def changes_in(zone: str) -> Changes:
    """The offset at first, and each one that comes after it, with the minute from which on it holds."""
    found = [(START - days(3), offset(START - days(3), zone))]
    for number in range(-3, 733):
        before, after = START + days(number), START + days(number + 1)
        if offset(before, zone) == offset(after, zone):
            continue
        while after - before > timedelta(minutes=1):
            between = before + (after - before) // 2
            if offset(between, zone) == found[-1][1]:
                before = between
            else:
                after = between
        found.append((after.replace(second=0, microsecond=0), offset(after, zone)))
    return tuple(found)


def offset(moment: datetime, zone: str) -> timedelta | None:
    return moment.astimezone(ZoneInfo(zone)).utcoffset()


@given(
    st.sampled_from(SAMPLE),
    st.times().map(lambda each: each.strftime("%H:%M")),
    st.lists(st.sampled_from(DAILY.split(",")), min_size=1, unique=True),
    st.integers(0, 24 * 365 * 20).map(lambda hours: utc(2013, 1, 1) + timedelta(hours=hours)),
)
def test_on_the_wanted_weekdays_it_is_due_once_each(
    zone: str, local_time: str, weekdays: list[str], start: datetime
) -> None:
    end = start + days(40)

    due = firings(local_time, zone, ",".join(weekdays), start, end)

    dates = [moment.astimezone(ZoneInfo(zone)).date() for moment in due]
    wanted = [day for day in local_dates(zone, start, end) if DAILY.split(",")[day.weekday()] in weekdays]
    assert due == sorted(set(due))
    assert len(set(dates)) == len(dates)
    assert set(wanted) <= set(dates)


def test_the_period_is_the_date_where_the_schedule_lives() -> None:
    schedule = Schedule(time_zone="Asia/Tokyo", weekdays=DAILY)

    assert schedule.period(utc(2026, 3, 2, 20)) == "2026-03-03"


def test_a_monthly_one_comes_on_the_first_working_day_or_a_given_one() -> None:
    first_working = firings("09:00", "UTC", "monthly", utc(2026, 7, 15), utc(2026, 11, 15))
    last = firings("09:00", "UTC", "monthly 31", utc(2027, 1, 15), utc(2027, 5, 1))

    assert [moment.date() for moment in first_working] == [
        date(2026, 8, 3),
        date(2026, 9, 1),
        date(2026, 10, 1),
        date(2026, 11, 2),
    ]
    assert [moment.day for moment in last] == [31, 28, 31, 30]


def test_a_quarterly_one_comes_in_the_first_month_of_the_quarter() -> None:
    due = firings("09:00", "Asia/Tokyo", "quarterly", utc(2026, 1, 15), utc(2027, 2, 1))
    schedule = Schedule(time_zone="Asia/Tokyo", weekdays="quarterly")

    dates = [moment.date() for moment in due]
    assert dates == [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)]
    assert [schedule.period(moment) for moment in due] == ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"]


@given(
    st.sampled_from(["monthly", "quarterly", *(f"monthly {day}" for day in range(1, 32))]),
    st.sampled_from(SAMPLE),
    st.times().map(lambda each: each.strftime("%H:%M")),
)
def test_each_month_or_quarter_has_one_post(days_wanted: str, zone: str, local_time: str) -> None:
    schedule = Schedule(time_zone=zone, weekdays=days_wanted)

    due = firings(local_time, zone, days_wanted, utc(2025, 12, 20), utc(2026, 12, 20))

    periods = [schedule.period(moment) for moment in due]
    assert len(periods) == len(set(periods))
    expected = {f"2026-Q{number}" for number in (1, 2, 3, 4)}
    if days_wanted != "quarterly":
        expected = {f"2026-{number:02}" for number in range(1, 12)}
    assert expected <= set(periods)


def test_the_moments_that_were_missed_are_taken_up_to_the_latest() -> None:
    schedule = Schedule(local_time="09:00", time_zone="UTC", weekdays=WORKDAYS, next_due_at=utc(2026, 3, 6, 9))

    assert schedule.take_moments(utc(2026, 3, 6, 8, 59)) == []
    assert schedule.take_moments(utc(2026, 3, 9, 9)) == [utc(2026, 3, 6, 9), utc(2026, 3, 9, 9)]
    assert schedule.next_due_at == utc(2026, 3, 10, 9)


def test_in_another_time_zone_it_is_the_same_local_time() -> None:
    schedule = Schedule(local_time="09:00", time_zone="UTC", weekdays=DAILY, next_due_at=utc(2026, 3, 3, 9))

    schedule.change(schedule.local_time, "Asia/Tokyo", schedule.weekdays, after=utc(2026, 3, 2, 9))

    assert (schedule.time_zone, schedule.next_due_at) == ("Asia/Tokyo", utc(2026, 3, 3, 0))


# In the database


def test_a_target_has_one_schedule_of_a_kind(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        schedules = Schedules(session, team.workspace)
        for local_time in ("09:00", "10:30"):
            schedules.set(
                ScheduleKind.DIGEST,
                "C1",
                local_time=local_time,
                time_zone="UTC",
                weekdays=DAILY,
                by=team.ann,
                at=MONDAY,
            )

    with database.reading() as session:
        (schedule,) = Schedules(session, a_team(session).workspace).all()
        assert (schedule.local_time, schedule.next_due_at) == ("10:30", utc(2026, 3, 2, 10, 30))
        assert schedule.set_by is not None
        assert schedule.set_by.name == "Ann"


def test_what_is_there_already_is_not_made_anew(database: Database) -> None:
    with database.begin() as session:
        schedules = Schedules(session, a_team(session).workspace)
        first = schedules.ensure(ScheduleKind.NUDGE, "", local_time="09:00", time_zone="UTC", weekdays=DAILY, at=MONDAY)

        again = schedules.ensure(ScheduleKind.NUDGE, "", local_time="18:00", time_zone="UTC", weekdays=DAILY, at=MONDAY)

        assert again is first
        assert again.local_time == "09:00"


def test_a_removed_schedule_is_gone(database: Database) -> None:
    with database.begin() as session:
        schedules = Schedules(session, a_team(session).workspace)
        schedules.set(
            ScheduleKind.DIGEST, "C1", local_time="10:00", time_zone="UTC", weekdays=DAILY, by=None, at=MONDAY
        )

        schedules.remove(ScheduleKind.DIGEST, "C1")

        with pytest.raises(ScheduleNotFound):
            schedules.get(ScheduleKind.DIGEST, "C1")
        with pytest.raises(ScheduleNotFound):
            schedules.remove(ScheduleKind.DIGEST, "C1")
