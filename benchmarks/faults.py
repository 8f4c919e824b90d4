"""`python -m benchmarks.faults` counts posts lost, doubled and late in runs in which everything breaks.

A run has a Slack (the tests' double, over HTTP and real Socket Mode), a database, and two processes that keep the same
schedules. Time goes twelve times as fast as it does; timeouts, leases and ticks are as long as in earnest on that
clock; digests are real ones, with pictures. By a seed it is drawn when which digest is due, what befalls each call (429
with Retry-After, 5xx, connections that break before or after the post was accepted, answers that hang, posts that
arrive up to 20 s after their timeout, or up to 30 s after a 5xx), and at which moments which process is killed by
SIGKILL, to be started again a little later. A run ends when nothing is open.
"""

import argparse
import json
import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from threading import Event

from slack_sdk import WebClient
from sqlalchemy import func, select

from benchmarks.databases import databases
from bot.app import build_app
from bot.people import People
from bot.schedules.clockwork import TICK_SECONDS, Clockwork
from bot.services import Services
from bot.socket_mode import connected
from models.activity import Activity
from models.database import Database
from models.delivery import OPEN, Delivery, DeliveryState, key_of
from models.rhythm import DAILY
from models.schedule import Schedule, ScheduleKind, Schedules
from scoring.scorer import Scorers
from tests.factories import a_team
from tests.slack_double import NotAcknowledged, SlackDouble
from tests.slack_double.troubles import Trouble

TEAM = "T1"
FASTER = 12
BEGIN = datetime(2026, 3, 3, 8, 59, 40, tzinfo=UTC)
TIMEOUT = 10
ARRIVES_WITHIN = 20
"""Seconds after its timeout."""

CHANNELS = 8
SEATS = 2
MOST_KILLS = 4
LATE = timedelta(minutes=5)
GIVING_UP = 300.0

_spawning = multiprocessing.get_context("forkserver")
_spawning.set_forkserver_preload(["benchmarks.faults", "matplotlib.figure", "matplotlib.backends.backend_agg"])


@dataclass(frozen=True)
class FastClock:
    """Shows `BEGIN` at `since`, and goes faster from there."""

    since: float

    def __call__(self) -> datetime:
        return BEGIN + timedelta(seconds=(time.time() - self.since) * FASTER)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / FASTER)


@dataclass
class Outcome:
    """What became of one run."""

    seed: int
    database: str
    expected: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    """What the ledger says was posted and nobody saw, or the other way round."""
    lateness: list[float] = field(default_factory=list)
    """Seconds from when each was due until it was seen."""
    pictures: int = 0
    """That were shared before the run ended; one that fails, or whose process dies, is not drawn again."""
    kills: int = 0
    troubles: dict[str, int] = field(default_factory=dict)
    commands: int = 0
    commands_twice: int = 0
    seconds: float = 0.0

    @property
    def is_well(self) -> bool:
        return not (self.lost or self.doubled or self.untrue or self.commands_twice)


# The process that is killed


def serve(url: str, bot_token: str, app_token: str, api_url: str, since: float) -> None:
    """The bot, put together as `bot.serve` does, by the fast clock."""
    clock = FastClock(since)
    client = WebClient(bot_token, base_url=api_url, timeout=TIMEOUT / FASTER)  # type: ignore[arg-type]  # fractions work
    database = Database(url)
    with ThreadPoolExecutor(10) as turns, ThreadPoolExecutor(2) as later, ThreadPoolExecutor(1) as heavy:
        services = Services(database, People(client, clock), Scorers(), turns, later, heavy, clock)
        Clockwork([client], services, sleep=clock.sleep).start(TICK_SECONDS / FASTER)
        with connected(build_app(client, services), app_token, api_url=api_url):
            Event().wait()


# What befalls it


class Weather:
    """Draws what befalls each call; much for posts, a little for all the others."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.seen: Counter[str] = Counter()
        timeout = TIMEOUT / FASTER
        self._troubles: dict[str, Callable[[], Trouble]] = {
            "503": lambda: Trouble(status=503),
            "503, made late": lambda: Trouble(
                status=503, lost=True, before=random.random() * (TIMEOUT + ARRIVES_WITHIN) / FASTER
            ),
            "internal_error": lambda: Trouble(error="internal_error"),
            "429": lambda: Trouble(retry_after=random.randint(1, 5)),
            "429 for a minute": lambda: Trouble(retry_after=60),
            "broken before": lambda: Trouble(cut=True),
            "broken after": lambda: Trouble(lost=True),
            "hangs after": lambda: Trouble(lost=True, after=timeout * 1.2),
            "arrives late": lambda: Trouble(lost=True, before=timeout + random.random() * ARRIVES_WITHIN / FASTER),
        }

    def __call__(self, method: str) -> Trouble | None:
        if self._random.random() > {"chat.postMessage": 0.5}.get(method, 0.12):
            return None
        names = list(self._troubles) if method == "chat.postMessage" else ["503", "429", "broken before", "hangs after"]
        name = self._random.choice(names)
        self.seen[name] += 1
        return self._troubles[name]()


# A run


def run(seed: int, url: str, *, is_quiet: bool = False) -> Outcome:
    """One run from its beginning to its end, on a database that has its tables and no rows. On a quiet day digests have
    one line and no picture, which a machine with much else to do draws too slowly for so fast a clock."""
    random, weather = Random(seed), Weather(Random(seed + 1_000_000))  # noqa: S311 - to be drawn again
    began = time.monotonic()
    clock = FastClock(time.time())
    outcome = Outcome(seed, url.partition(":")[0].partition("+")[0])
    with (
        closing(Database(url)) as database,
        SlackDouble(now=lambda: clock().timestamp(), team_id=TEAM) as slack,
        ExitStack() as leaving,
    ):
        due = _set_up(database, slack, random, last_change=BEGIN - timedelta(days=30 if is_quiet else 0.1))
        outcome.expected = len(due)
        slack.limit("chat.postMessage", calls=1, seconds=1)
        slack.reach_socket()
        slack.live_through(weather)
        seats = [_Seat(partial(_start, url, slack, clock)) for _ in range(SEATS)]
        for seat in seats:
            leaving.callback(seat.kill)
        moments = sorted(random.uniform(0.5, 12) for _ in range(random.randint(1, MOST_KILLS)))
        plan = [(moment, random.randrange(SEATS), random.uniform(0.1, 1.5)) for moment in moments]
        told: list[str] = []
        begun = time.monotonic()
        while time.monotonic() - begun < GIVING_UP:
            passed = time.monotonic() - begun
            while plan and plan[0][0] <= passed:
                _, number, pause = plan.pop(0)
                seats[number].kill(pause)
                outcome.kills += 1
            for seat in seats:
                seat.keep()
            if len(told) < passed and len(told) < 6:
                told.append(f"Word {len(told)}")
                leaving.enter_context(ThreadPoolExecutor(1)).submit(_type, slack, told[-1])
            if not plan and _is_done(database, due):
                break
            time.sleep(0.1)
        time.sleep((TIMEOUT + ARRIVES_WITHIN + 1) / FASTER)  # what still hangs may arrive
        slack.live_through(lambda _: None)
        _judge(outcome, database, slack, due)
        outcome.commands, outcome.commands_twice = len(told), _twice(database, told)
    outcome.troubles = dict(weather.seen)
    outcome.seconds = time.monotonic() - began
    return outcome


class _Seat:
    """Where a process sits, is killed, and is started again."""

    def __init__(self, start: Callable[[], multiprocessing.process.BaseProcess]) -> None:
        self._start = start
        self._process: multiprocessing.process.BaseProcess | None = start()
        self._empty_until = 0.0

    def kill(self, pause: float = 0.0) -> None:
        if self._process:
            self._process.kill()
            self._process.join()
        self._process, self._empty_until = None, time.monotonic() + pause

    def keep(self) -> None:
        if self._process is None and time.monotonic() >= self._empty_until:
            self._process = self._start()


def _start(url: str, slack: SlackDouble, clock: FastClock) -> multiprocessing.process.BaseProcess:
    process = _spawning.Process(
        target=serve, args=(url, slack.bot_token, slack.app_token, slack.api_url, clock.since), daemon=True
    )
    process.start()
    return process


def _set_up(database: Database, slack: SlackDouble, random: Random, *, last_change: datetime) -> dict[str, datetime]:
    """A digest a channel, due in the first minutes; when each is."""
    slack.add_user("UANN", name="ann", tz="UTC", is_admin=True)
    slack.add_user("UBOB", name="bob", tz="UTC")
    due = {}
    with database.begin() as session:
        team = a_team(session, TEAM)
        team.adds("Acme", at=last_change)
        for number in range(CHANNELS):
            channel = f"C{number}"
            slack.add_channel(channel, f"sales-{number}", members=["UANN"])
            schedule = Schedules(session, team.workspace).set(
                ScheduleKind.DIGEST, channel, local_time="09:00", time_zone="UTC", weekdays=DAILY, by=team.ann, at=BEGIN
            )
            schedule.next_due_at += timedelta(seconds=random.uniform(0, 100))
            due[channel] = schedule.next_due_at
    return due


def _type(slack: SlackDouble, word: str) -> None:
    try:
        slack.deliver(slack.command("/deal", f"note Acme {word}", user="UBOB", channel="C0"))
    except NotAcknowledged:
        return  # killed before it answered, as Bob sees, too


def _is_done(database: Database, due: dict[str, datetime]) -> bool:
    """Whether every digest has been taken and nothing is open."""
    with database.reading() as session:
        taken = session.scalar(select(func.count()).where(Delivery.kind == ScheduleKind.DIGEST))
        still = session.scalar(select(func.count()).where(Delivery.state.in_(OPEN)))
        waiting = session.scalar(
            select(func.count()).where(Schedule.next_due_at <= max(due.values()), Schedule.kind == ScheduleKind.DIGEST)
        )
        return taken == len(due) and not still and not waiting


def _judge(outcome: Outcome, database: Database, slack: SlackDouble, due: dict[str, datetime]) -> None:
    seen: Counter[str] = Counter()
    for channel, moment in due.items():
        posts = slack.posts(channel)
        keys = [str(post.metadata["event_payload"]["key"]) for post in posts if post.metadata]
        seen.update(keys)
        if not keys:
            outcome.lost.append(channel)
        elif len(keys) > 1:
            outcome.doubled.append(channel)
        outcome.pictures += sum(bool(post.files) for post in posts)
        outcome.lateness += [float(post.ts) - moment.timestamp() for post in posts[:1]]
    with database.reading() as session:
        entries = session.scalars(select(Delivery).where(Delivery.kind == ScheduleKind.DIGEST)).all()
        for entry in entries:
            if (entry.state is DeliveryState.POSTED) != (seen[key_of(entry.id)] == 1):
                outcome.untrue.append(f"{entry.target}: {entry.state}, {entry.error}")


def _twice(database: Database, words: Sequence[str]) -> int:
    with database.reading() as session:
        counted = Counter(session.scalars(select(Activity.text).where(Activity.text.in_(words))))
    return sum(count > 1 for count in counted.values())


# Many runs


def main() -> None:
    wanted = _arguments()
    seeds = range(wanted.first, wanted.first + wanted.runs)
    with databases(wanted.database) as make, ThreadPoolExecutor(wanted.jobs) as pool:
        for outcome in pool.map(lambda seed: run(seed, make()), seeds):
            line = json.dumps(asdict(outcome))
            print(line if not outcome.is_well else _short(outcome), flush=True)
            if wanted.json:
                with wanted.json.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
    if wanted.json:
        print(summary([Outcome(**json.loads(line)) for line in wanted.json.read_text(encoding="utf-8").splitlines()]))


def _short(outcome: Outcome) -> str:
    return f"{outcome.seed}: {outcome.kills} kills, {sum(outcome.troubles.values())} troubles, {outcome.seconds:.0f} s"


def summary(outcomes: Sequence[Outcome]) -> str:
    lateness = sorted(seconds for each in outcomes for seconds in each.lateness)
    return (
        f"{len(outcomes)} runs, {sum(each.expected for each in outcomes)} posts expected, "
        f"{sum(len(each.lost) for each in outcomes)} lost, {sum(len(each.doubled) for each in outcomes)} doubled, "
        f"{sum(each.pictures for each in outcomes)} pictures, "
        f"{sum(seconds > LATE.total_seconds() for seconds in lateness)} more than five minutes late; median "
        f"{statistics.median(lateness):.0f} s, 99 % {lateness[int(0.99 * len(lateness))]:.0f} s, "
        f"latest {lateness[-1]:.0f} s; {sum(each.kills for each in outcomes)} kills, "
        f"{sum(sum(each.troubles.values()) for each in outcomes)} troubles"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first seed")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=3, help="runs at a time")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="add each run's outcome, and sum up all that are there"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
