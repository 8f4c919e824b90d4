"""`python -m benchmarks.year` lives through a year of 500 workspaces in 40 time zones, and counts what was posted.

Each workspace has a daily or a weekly digest, nudges each day and alerts on working days. Schedules, claims and the
ledger are real; time is told; Slack and what is said are not there, so that a year takes a minute. The process is away
for hours now and then, and dies in the midst of a tick: of what it had claimed then, some was posted and not noted.

What should come is worked out from the calendar by other means than the program's own: local times by dateutil.
"""

import argparse
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from dateutil.tz import resolve_imaginary
from sqlalchemy import bindparam, select, text, update

from benchmarks.databases import databases
from models.database import Database
from models.delivery import Delivery, DeliveryState
from models.errand import Errand, claimed, everything_due
from models.rhythm import DAILY, WORKDAYS
from models.schedule import ScheduleKind, Schedules
from models.workspace import workspace_of

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
TICK = timedelta(minutes=15)
ANALYSED_EVERY = timedelta(days=10)
"""PostgreSQL does so by itself when a tenth of a table is new, but looks for that each minute only: months of ours."""

WORKSPACES = 500
ZONES = (
    *("Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos", "America/Anchorage"),
    *("America/Argentina/Buenos_Aires", "America/Bogota", "America/Caracas", "America/Chicago", "America/Denver"),
    *("America/Halifax", "America/Havana", "America/Los_Angeles", "America/Mexico_City", "America/New_York"),
    *("America/Phoenix", "America/Santiago", "America/Sao_Paulo", "America/St_Johns", "Asia/Beirut", "Asia/Dubai"),
    *("Asia/Jerusalem", "Asia/Karachi", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Shanghai", "Asia/Singapore"),
    *("Asia/Tehran", "Asia/Tokyo", "Asia/Yangon", "Atlantic/Azores", "Australia/Adelaide", "Australia/Eucla"),
    *("Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin", "Europe/London", "Pacific/Auckland"),
    *("Pacific/Chatham", "Pacific/Kiritimati"),
)
HOURS = ("09:00", "00:00", "02:30", "08:45", "23:45", "01:15")
"""Some of which the change of clocks leaves out, or brings twice."""

OUTAGES = 25
"""In the whole year."""
WINDOW, WEEKLY_WINDOW = timedelta(hours=6), timedelta(days=1)

Post = tuple[str, ScheduleKind, datetime]
"""The workspace, what, and when it was due."""


@dataclass(frozen=True)
class Appointment:
    team_id: str
    kind: ScheduleKind
    target: str
    zone: str
    local_time: str
    days: str


@dataclass
class Year:
    """What was posted, and what should have been."""

    posted: Counter[Post] = field(default_factory=Counter)
    expected: set[Post] = field(default_factory=set)
    late: int = 0
    deliveries: int = 0
    processor_seconds: float = 0.0

    @property
    def missing(self) -> set[Post]:
        return self.expected - self.posted.keys()

    @property
    def extra(self) -> list[Post]:
        return [post for post, count in self.posted.items() if count > 1 or post not in self.expected]


def appointments(numbers: Sequence[int]) -> Iterator[Appointment]:
    for number in numbers:
        team_id, zone, hour = f"T{number}", ZONES[number % len(ZONES)], HOURS[number % len(HOURS)]
        days = DAILY if number % 2 else DAILY.split(",")[number // 2 % 7]
        yield Appointment(team_id, ScheduleKind.DIGEST, "C1", zone, hour, days)
        yield Appointment(team_id, ScheduleKind.NUDGE, "U1", zone, "09:00", DAILY)
        yield Appointment(team_id, ScheduleKind.ALERT, "U2", zone, "09:00", WORKDAYS)


def has_something_to_say(team_id: str, kind: ScheduleKind, due_at: datetime) -> bool:
    """A digest always has; of nudges about a half have, of alerts a quarter."""
    number = hash((int(team_id[1:]), kind.value == "nudge", due_at.toordinal()))
    return kind is ScheduleKind.DIGEST or number % (2 if kind is ScheduleKind.NUDGE else 4) == 0


def moments(appointment: Appointment, begin: datetime, end: datetime) -> Iterator[datetime]:
    """When it is due, by the calendar."""
    zone, (hour, minute) = ZoneInfo(appointment.zone), map(int, appointment.local_time.split(":"))
    day = begin.date() - timedelta(days=2)
    while day <= end.date() + timedelta(days=2):
        if day.strftime("%a").lower() in appointment.days:
            local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
            moment = resolve_imaginary(local).astimezone(UTC)
            if begin < moment < end:
                yield moment
        day += timedelta(days=1)


def expectation(
    wanted: Sequence[Appointment], outages: Sequence[tuple[datetime, datetime]], begin: datetime, end: datetime
) -> set[Post]:
    """On time, or right after an outage the newest that was missed, if it is not too old by then."""
    found = set()
    for each in wanted:
        due = list(moments(each, begin, end))
        for moment, following in zip(due, [*due[1:], end + timedelta(days=9)], strict=True):
            back = next((over for since, over in outages if since <= moment < over), moment)
            window = WINDOW if "," in each.days else WEEKLY_WINDOW
            if back < end and back - moment <= window and following > back:
                found.add((each.team_id, each.kind, moment))
    return {post for post in found if has_something_to_say(*post)}


def live(
    url: str, numbers: Sequence[int], *, begin: datetime = BEGIN, end: datetime = END, seed: int = 1, outages: int = 25
) -> Year:
    """Through the time of these workspaces, on an empty database that has its tables."""
    random, year, wanted = Random(seed), Year(), list(appointments(numbers))  # noqa: S311 - to be drawn again
    ticks = [begin + TICK * number for number in range(int((end - begin) / TICK))]
    away = sorted(
        (since, since + TICK * random.randint(2, 60))
        for since in random.sample(ticks[: -24 * 4], min(outages, len(ticks)))
    )
    away = [each for number, each in enumerate(away) if number == 0 or away[number - 1][1] < each[0]]
    crashes = set(random.sample(ticks, len(ticks) // 100))
    said: dict[int, Post] = {}
    with closing(Database(url)) as database:
        _set_up(database, wanted, begin)
        for now in ticks:
            if (now - begin) % ANALYSED_EVERY == timedelta(days=1):
                _analyse(database)
            if any(since <= now < over for since, over in away):
                continue
            with database.asking() as session:
                due = everything_due(session, now)
            if not due:
                continue
            with database.begin() as session:
                errands = claimed(session, due, now)
            noted = []
            for errand in errands:
                dies = now in crashes and random.random() < 0.5
                if dies and random.random() < 0.5:
                    continue  # before it was posted
                if not (errand.is_unsure and errand.delivery_id in said):
                    _post(errand, now, year, said)
                if not dies:
                    noted.append(errand)
            if noted:
                _note(database, noted, said, now)
        with database.reading() as session:
            year.deliveries = len(session.scalars(select(Delivery.id)).all())
    year.expected = expectation(wanted, away, begin, end)
    # What a crash left behind at the very end waits for a tick that does not come any more.
    year.expected -= {post for post in year.missing if post[2] >= end - TICK}
    return year


_SETTLE = (
    update(Delivery)
    .where(Delivery.id.in_(bindparam("ids", expanding=True)))
    .values(state=bindparam("to"), settled_at=bindparam("at"))
    .execution_options(synchronize_session=False)
)


def _post(errand: Errand, now: datetime, year: Year, said: dict[int, Post]) -> None:
    if now - errand.due_at > errand.window or not has_something_to_say(errand.team_id, errand.kind, errand.due_at):
        return
    post = (errand.team_id, errand.kind, errand.due_at)
    said[errand.delivery_id] = post
    year.posted[post] += 1
    year.late += now > errand.due_at


def _note(database: Database, errands: Sequence[Errand], said: dict[int, Post], now: datetime) -> None:
    with database.begin() as session:
        for was_said, state in ((True, DeliveryState.POSTED), (False, DeliveryState.LET_GO)):
            ids = [errand.delivery_id for errand in errands if (errand.delivery_id in said) is was_said]
            if ids:
                session.execute(_SETTLE, {"ids": ids, "to": state, "at": now})


def _analyse(database: Database) -> None:
    with database.begin() as session:
        session.execute(text("ANALYZE"))


def _set_up(database: Database, wanted: Sequence[Appointment], begin: datetime) -> None:
    with database.begin() as session:
        for each in wanted:
            Schedules(session, workspace_of(session, each.team_id, at=begin)).set(
                each.kind,
                each.target,
                local_time=each.local_time,
                time_zone=each.zone,
                weekdays=each.days,
                by=None,
                at=begin,
            )


def live_in_a_database(numbers: Sequence[int], *, kind: str, until: date) -> Year:
    """In a database of their own, of that kind."""
    with databases(kind) as make:
        end = datetime(until.year, until.month, until.day, tzinfo=UTC)
        year = live(make(), numbers, end=end, seed=numbers[0], outages=round(OUTAGES * (end - BEGIN) / (END - BEGIN)))
    year.processor_seconds = time.process_time()
    return year


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.year", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--workspaces", type=int, default=WORKSPACES)
    parser.add_argument("--until", type=date.fromisoformat, default=END.date(), metavar="DAY")
    parser.add_argument("--jobs", type=int, default=2, help="processes, each with a part of the workspaces")
    wanted = parser.parse_args()
    since = time.monotonic()
    parts = [range(first, wanted.workspaces, wanted.jobs) for first in range(wanted.jobs)]
    with multiprocessing.get_context("spawn").Pool(wanted.jobs) as pool:
        years = pool.map(partial(live_in_a_database, kind=wanted.database, until=wanted.until), parts)
    print(
        f"{wanted.workspaces} workspaces in {len(ZONES)} time zones until {wanted.until}: "
        f"{sum(year.deliveries for year in years):,} deliveries, {sum(len(year.expected) for year in years):,} posts "
        f"expected, {sum(len(year.missing) for year in years)} missing, {sum(len(year.extra) for year in years)} too "
        f"many, {sum(year.late for year in years):,} later than due; {time.monotonic() - since:.0f} s, of the "
        f"processor {sum(year.processor_seconds for year in years):.0f} s"
    )


if __name__ == "__main__":
    main()
