"""A team's turn at the bot, on a real database, and the bot itself in front of a strict Slack."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

import pytest
from slack_sdk import WebClient

from bot.app import build_app
from bot.commands import answer
from bot.people import People
from bot.reply import Reply
from bot.say import Say
from bot.services import Services, Turn
from models.database import Database
from models.deal import Deal
from models.member import Member
from models.members import Profile
from scoring.scorer import Scorers
from tests.factories import MONDAY, Team, a_team
from tests.slack_double import SlackDouble

BERLIN = "Europe/Berlin"
TEAM_ID = "T0001"

P = ParamSpec("P")
T = TypeVar("T")


@pytest.fixture
def database(sqlite: Database) -> Database:
    return sqlite


@dataclass
class Desk:
    """A team at work: Ann, an admin in Berlin, types commands; Bob is a rep. Each command is a turn of its own."""

    team: Team
    scorers: Scorers
    now: datetime = MONDAY

    def turn(self, by: Member | None = None, *, locale: str = "en", **known: Profile) -> Turn:
        return Turn(
            session=self.team.session,
            workspace=self.team.workspace,
            member=by or self.team.ann,
            now=self.now,
            say=Say(locale, BERLIN),
            scorers=self.scorers,
            channel="C1",
            mentioned=known,
        )

    def types(self, line: str, *, by: Member | None = None, locale: str = "en") -> Reply:
        """What is answered to `/deal add Acme`, a minute after what was typed before."""
        self.now += timedelta(minutes=1)
        command, _, words = line.partition(" ")
        return answer(command, words, self.turn(by, locale=locale))

    def deal(self, name: str) -> Deal:
        self.team.session.flush()
        return self.team.deals.named(name)


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    with database.begin() as session:
        yield Desk(a_team(session), Scorers())


@dataclass
class HandClock:
    """A clock that is turned by hand."""

    time: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.time

    def passes(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def slack(clock: HandClock) -> Iterator[SlackDouble]:
    with SlackDouble(now=lambda: clock().timestamp(), team_id=TEAM_ID) as slack:
        slack.add_user("UANN", name="ann", real_name="Ann", tz=BERLIN, is_admin=True)
        slack.add_user("UBOB", name="bob", real_name="Bob", tz=BERLIN)
        slack.add_channel("C1", "sales", members=["UANN", "UBOB"])
        yield slack


@dataclass(frozen=True)
class Office:
    """The bot in front of Slack, with its database open to be looked into."""

    slack: SlackDouble
    database: Database
    clock: HandClock
    client: WebClient
    services: Services

    def types(self, line: str, *, user: str = "UANN", channel: str = "C1", twice: bool = False) -> None:
        self.clock.passes(60)
        command, _, words = line.partition(" ")
        said = self.slack.command(command, words, user=user, channel=channel)
        self.slack.deliver(said, twice=twice)

    def stage_of(self, name: str) -> str:
        with self.database.begin() as session:
            return a_team(session, TEAM_ID).deals.named(name).stage.name


class AtOnce(Executor):
    """Does what comes later at once, so that a test need not wait for it."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as fault:  # as an executor does: whoever asks for the result is told
            done.set_exception(fault)
        return done


class Busy(Executor):
    """Is at something that takes minutes, so that nothing else gets its turn."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return Future()


@pytest.fixture
def office(slack: SlackDouble, database: Database, clock: HandClock) -> Office:
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    services = Services(
        database=database,
        people=People(client, clock),
        scorers=Scorers(),
        turns=AtOnce(),
        later=AtOnce(),
        heavy=AtOnce(),
        clock=clock,
    )
    slack.reach_app(build_app(client, services))
    return Office(slack, database, clock, client, services)
