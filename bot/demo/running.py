"""`sluice demo`: a made-up sales team in a Slack on your own machine, with the real bot at work in it.

Only the deals and the Slack are made up. The bot listens over Socket Mode, trains on the team's history and posts
through its ledger, as it does for a real team. When you stop it, nothing is left behind.
"""

import os
import re
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from types import FrameType
from zoneinfo import ZoneInfoNotFoundError

from rich.console import Console
from rich.progress import track
from slack_bolt import App
from slack_sdk import WebClient
from tzlocal import get_localzone_name

from bot.demo.generator import DEALS, Team, found, invent
from bot.demo.local_slack import LocalSlack, LocalSlackError, PortTaken, find_binary, running
from bot.demo.people import BOT, MAYA, SALES, TEAM_ID, slack_of
from bot.logs import write_logs
from bot.operating import now
from bot.say import Say
from bot.schedules.rescoring import rescore
from bot.serve import at_work
from bot.socket_mode import connected
from bot.training_table import training_table, verdict
from bot.views.blocks import section
from models.database import Database
from models.member import MORNING
from models.migrations import migrate
from models.schedule import ScheduleKind, Schedules
from models.workspace import workspace_of
from scoring import recording, training
from scoring.past import past_of
from scoring.scorer import Scorers

_PATIENCE_SECONDS = 10.0

_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)


def run_demo(port: int) -> int:
    """Until Ctrl-C or SIGTERM. Exit codes: 0 when told to stop, 1 without a local Slack, 2 when the port is taken."""
    if find_binary() is None:
        _err.print(
            "The local Slack is not installed here: `make demo` installs it where it can; otherwise the section "
            '"Use it with your Slack" of README.md says how to use a real Slack workspace instead.',
            markup=False,
        )
        return 1
    write_logs("WARNING", ())
    with suppress(KeyboardInterrupt), _stoppable(), TemporaryDirectory(prefix="sluice-demo-") as folder:
        try:
            _demonstrate(port, Path(folder))
        except PortTaken:
            _err.print(f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}")
            return 2
        except LocalSlackError as error:
            _err.print(f"The local Slack did not start: {error}.", markup=False)
            return 1
    _out.print("Stopped. Nothing of the demo is left behind.")
    return 0


def _demonstrate(port: int, folder: Path) -> None:
    zone = _zone_of_this_machine()
    with running(slack_of(zone), port) as slack, closing(Database(f"sqlite:///{folder / 'demo.db'}")) as database:
        migrate(database.engine)
        _make_up(database, zone)
        _train(database)
        _score(database)
        client = WebClient(BOT.bot_token, base_url=slack.api_url)
        with at_work(client, database, shows_tables=False) as bot:
            _hear_everything(bot.app)
            with connected(bot.app, BOT.app_token, api_url=slack.api_url) as line:
                with _out.status("Posting what the morning brings…"):
                    bot.clockwork.run_everything_now()
                if not line.wait_until_live(_PATIENCE_SECONDS):
                    raise LocalSlackError("it does not say hello to the bot")
                _welcome(client, zone)
                _invite(slack)
                Event().wait()


def _make_up(database: Database, zone: str) -> None:
    at = now()
    with database.begin() as session:
        team = found(session, at=at, time_zone=zone)
        for _ in track(invent(team, at=at), "Inventing a year of deals", total=DEALS, console=_out):
            pass
        _subscribe(team)


def _subscribe(team: Team) -> None:
    """Weekly, so that it has something to tell at whatever hour the demo begins."""
    Schedules(team.session, team.workspace).set(
        ScheduleKind.DIGEST,
        SALES,
        local_time=MORNING,
        time_zone=team.workspace.time_zone,
        weekdays="mon",
        by=team.members[MAYA],
        at=now(),
    )


def _train(database: Database) -> None:
    at = now()
    with _out.status("Learning from it which deals move forward…"):
        with database.reading() as session:
            past = past_of(session, workspace_of(session, TEAM_ID, at=at), at=at)
        trainings = training.train(past, at=at)
    for trained in trainings.values():
        with database.begin() as session:
            workspace = workspace_of(session, TEAM_ID, at=at)
            came = recording.record(session, workspace, trained, trained_by=MAYA.name, at=at)
        _out.print(training_table(came.report))
        _out.print(verdict(came.report, came.number))


def _score(database: Database) -> None:
    """As in a night, before anything is posted: which deals are hot is told by the scores of all."""
    at = now()
    with database.reading() as session:
        think = rescore(session, workspace_of(session, TEAM_ID, at=at), Scorers(), at)
    write = think()
    with database.begin() as session:
        write(session, workspace_of(session, TEAM_ID, at=at))


def _hear_everything(app: App) -> None:
    """The local Slack tells of every event, also of those that nobody asked for, and waits for an answer to each."""

    @app.event(re.compile(""))
    def heard() -> None:
        """It is enough to have heard it."""


def _welcome(client: WebClient, zone: str) -> None:
    say = Say("en", zone)
    text = say("demo.welcome", name=MAYA.name)
    client.chat_postMessage(channel=SALES, text=text, blocks=[section(text), section(say("demo.tries"))])


def _invite(slack: LocalSlack) -> None:
    _out.print(f"\nSluice is at work: [bold]{slack.url}[/] (you are {MAYA.name}). Ctrl-C stops it.")
    _out.print(
        "The local Slack listens on all network interfaces and asks for no password: "
        "run it only in a network you trust."
    )
    if _has_display():
        with suppress(webbrowser.Error, OSError):
            webbrowser.open(slack.url)


def _has_display() -> bool:
    if os.environ.get("CI"):
        return False
    return sys.platform in ("darwin", "win32") or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())


def _zone_of_this_machine() -> str:
    try:
        return str(get_localzone_name())
    except ZoneInfoNotFoundError:
        return "UTC"


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGINT and SIGTERM end the demo by a KeyboardInterrupt, once: what is being put in order is not interrupted."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
