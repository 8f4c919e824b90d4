"""`python -m benchmarks.speed` measures how long `/funnel show`, reports and lists take as a team's history grows.

Teams of several sizes sell for five years, their deals spread evenly over them, five moves a deal; or, with --aging,
one team that adds as many a day as the largest of them, as it was when it had had so many. Each is written in bulk into
a database of its own, SQLite or the PostgreSQL that the tests use, and asked as a person asks: by a command's function,
in a transaction of its own, in the morning after a night's work. Told are milliseconds, drawing of pictures left out
where they are not named.
"""

import argparse
import io
import os
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

import models.tables  # noqa: F401 - so that all tables are known
from bot.commands import funnel_show, listing
from bot.forecast_now import forecast_now
from bot.home import home
from bot.leaks_now import leaks_now
from bot.memory import collect_seldom
from bot.reply import Reply
from bot.report_now import report_now
from bot.report_words import report_wanted
from bot.say import Say
from bot.schedules import rescoring, stage_alerts
from bot.schedules.occasion import Occasion
from bot.services import Turn
from models.base import Amount, Base
from models.database import Database
from models.deal import Deal
from models.exchange import ExchangeRates
from models.funnel import Funnel
from models.history import Change, StageChange, Via
from models.members import Members, Profile
from models.period import Unit, whole_unit
from models.pipeline import Pipeline, stages_from_text
from models.pipelines import Pipelines
from models.pricing import Rate
from models.stage_counts import StageCounts
from models.workspace import Workspace, workspace_of
from scoring.scorer import Scorers
from scoring.stage_news import StageNews
from tests.postgres import embedded

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NIGHT = NOW - timedelta(hours=6)
DAYS = 5 * 365.0
STAGES = "Lead,Contact,Demo,Offer,Contract,Won:won,Lost:lost"
TEAM = "TSPEED"
_SCORERS = Scorers()
_PATIENCE = 40.0
"""Seconds after which one is not asked again."""
_DEAL = (
    *("id", "workspace_id", "name", "name_key", "company", "contact", "source", "amount", "currency", "custom"),
    *("owner_id", "pipeline_id", "stage_id", "created_at", "entered_stage_at", "closed_at", "loss_reason", "version"),
    "forecast",
)
_MOVE = (
    *("id", "workspace_id", "deal_id", "change", "from_stage_id", "to_stage_id", "at", "by_id", "via", "reason"),
    "note",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], metavar="DEALS")
    parser.add_argument("--aging", action="store_true", help="one team that grows older, instead of larger ones")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead of PostgreSQL")
    parser.add_argument(
        "--only", nargs="+", choices=_asked(), default=list(_asked()), metavar="WHAT", help=", ".join(_asked())
    )
    parser.add_argument("--calls", type=int, default=7, metavar="N")
    parser.add_argument("--explain", action="store_true", help="show PostgreSQL's plan of each query that takes long")
    wanted = parser.parse_args()
    collect_seldom()
    console = Console()
    table = Table("", *(f"{size:,} deals" for size in wanted.sizes), title="milliseconds")
    with ExitStack() as stack:
        teams = [stack.enter_context(a_database(f"speed-{size}", is_sqlite=wanted.sqlite)) for size in wanted.sizes]
        for size, database in zip(wanted.sizes, teams, strict=True):
            days = DAYS * size / max(wanted.sizes) if wanted.aging else DAYS
            console.print(f"{size:,} deals of {days:,.0f} days, {fill(database, size, days):,} moves are written")
            sleep_on_it(database)
        for name in wanted.only:
            table.add_row(name, *_milliseconds(teams, _asked()[name], wanted.calls))
            console.print(table)
        if wanted.explain:
            _explain(teams[-1], console)


@contextmanager
def a_database(name: str, *, is_sqlite: bool) -> Iterator[Database]:
    """An empty one, with its tables; gone when the `with` ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'sluice.db'}"
        if not is_sqlite:
            server = stack.enter_context(embedded(name, folder / "lock"))
            url = stack.enter_context(server.database()).render_as_string(hide_password=False)
        database = Database(url)
        stack.callback(database.close)
        Base.metadata.create_all(database.engine)
        yield database


def fill(database: Database, size: int, days: float = DAYS) -> int:
    """Writes the history of a team with so many deals, added over so many days; how many moves that were."""
    with database.begin() as session:
        workspace = workspace_of(session, TEAM, at=NOW - timedelta(days=days))
        pipeline = Pipelines(session, workspace).add("Sales", stages_from_text(STAGES))
        members = Members(session, workspace)
        people = [members.seen(Profile(f"U{n}", f"Rep {n}", "en", "UTC"), at=NOW).id for n in range(20)]
        ExchangeRates(session, workspace).keep(
            Rate("EUR", workspace.currency, (NOW - timedelta(days=30 * n)).date(), Decimal("1.1"))
            for n in range(12 * 5)
        )
        history = _History(size, days, pipeline, people, own=workspace.currency)
    if database.engine.dialect.name == "postgresql":
        url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            for start in range(0, size, 50_000):
                deals, moves = history.some(start, min(start + 50_000, size))
                _copy(connection, "deal", _DEAL, deals)
                _copy(connection, "stage_change", _MOVE, moves)
            connection.execute("VACUUM ANALYZE")
    else:
        for start in range(0, size, 20_000):
            deals, moves = history.some(start, min(start + 20_000, size))
            with database.begin() as session:
                session.execute(insert(Deal.__table__), [_as_row(_DEAL, each) for each in deals])  # type: ignore[arg-type]  # a Table
                session.execute(insert(StageChange.__table__), [_as_row(_MOVE, each) for each in moves])  # type: ignore[arg-type]  # a Table
        with database.engine.connect() as connection:
            connection.execute(text("ANALYZE"))
    with database.begin() as session:
        workspace = session.get_one(Workspace, TEAM)
        StageCounts(session, workspace).count_anew(Pipelines(session, workspace).default(), at=NOW)
    return history.moves


def sleep_on_it(database: Database) -> None:
    """Does the work of the night before."""
    with database.reading() as session:
        think = rescoring.rescore(session, session.get_one(Workspace, TEAM), _SCORERS, NIGHT)
    write = think()
    with database.begin() as session:
        write(session, session.get_one(Workspace, TEAM))


class _History:
    """Deals that go one stage on after some days, now and then back, out, or by mistake, until they are closed."""

    def __init__(self, size: int, days: float, pipeline: Pipeline, people: list[int], *, own: str) -> None:
        self._size, self._days, self._people, self._pipeline_id, self._own = size, days, people, pipeline.id, own
        self._stages = [stage.id for stage in pipeline.stages]
        self._open = len(pipeline.open_stages)
        self._dice = random.Random(1)  # noqa: S311 - nobody's secret
        self.moves = 0

    def some(self, first: int, last: int) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        deals: list[tuple[Any, ...]] = []
        moves: list[tuple[Any, ...]] = []
        for number in range(first, last):
            self._live(number, deals, moves)
        return deals, moves

    def _live(self, number: int, deals: list[tuple[Any, ...]], moves: list[tuple[Any, ...]]) -> None:
        dice, stages, won = self._dice, self._stages, self._open
        began = NOW - timedelta(days=self._days * (1 - number / self._size))
        owner = dice.choice(self._people)
        place, entered, at = 0, began, began
        before: list[tuple[int, datetime]] = []
        moves.append(self._write(number, Change.CREATED, (None, stages[0]), began, owner))
        while place < won:
            at += timedelta(days=dice.expovariate(1 / 12))
            if at >= NOW:
                break
            fate = dice.random()
            if fate < 0.03 and before:
                back_to, since = before.pop()
                moves.append(self._write(number, Change.UNDONE, (stages[place], stages[back_to]), at, owner))
                place, entered = back_to, since
                continue
            origin = place
            place = won + 1 if fate > 0.88 else max(place - 1, 0) if fate > 0.8 else place + 1
            if place == origin:
                continue
            change = {won: Change.WON, won + 1: Change.LOST}.get(place)
            change = change or (Change.FORWARD if place > origin else Change.BACK)
            before.append((origin, entered))
            entered = at
            moves.append(self._write(number, change, (stages[origin], stages[place]), at, owner))
        closed = entered if place >= won else None
        currency = "EUR" if dice.random() < 0.1 else self._own
        amount = None if dice.random() < 0.05 else 10_000 * dice.randrange(100, 50_000)
        name = f"Deal {number}"
        deals.append(
            (number + 1, TEAM, name, name.lower(), f"Company {number % 5000}", "", dice.choice(["fair", "web", "call"]),
             amount, currency, "{}", owner, self._pipeline_id, stages[place], began, entered, closed,
             "price" if place > won else "", 1, "")
        )  # fmt: skip

    def _write(self, deal: int, change: Change, ends: tuple[int | None, int], at: datetime, by: int) -> tuple[Any, ...]:
        self.moves += 1
        reason = "price" if change is Change.LOST else ""
        return (self.moves, TEAM, deal + 1, change, *ends, at, by, Via.COMMAND, reason, "")


def _copy(connection: psycopg.Connection, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        buffer = io.StringIO()
        for row in rows:
            buffer.write("\t".join("\\N" if each is None else str(each) for each in row) + "\n")
        copy.write(buffer.getvalue())


def _as_row(columns: Sequence[str], values: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(columns, values, strict=True))
    if "amount" in row:
        row["amount"] = None if row["amount"] is None else row["amount"] / Amount.SCALE
        row["custom"] = {}
    return row


def _draw(database: Database) -> object:
    with database.begin() as session:
        picture = funnel_show.run("", _turn(session)).picture
    return picture.draw() if picture else None


def _asked() -> dict[str, Callable[[Database], object]]:
    return {
        "/funnel show": lambda database: _say(database, funnel_show.run, ""),
        "/funnel show with its picture": _draw,
        "what follows it": _beside,
        "funnel of a day": _digest,
        "/funnel report last month": lambda database: _report(database, "last month"),
        "/funnel report last month by cohort": lambda database: _report(database, "last month by cohort"),
        "/funnel leaks last month": lambda database: _leaks(database, "last month"),
        "stage watch": _watch,
        "/funnel forecast": _forecast,
        "/deal list": lambda database: _say(database, listing.list_open, ""),
        "Home": lambda database: _say(database, lambda _, turn: home(turn), ""),
    }


def _say(database: Database, command: Callable[[str, Turn], object], words: str) -> object:
    with database.begin() as session:
        return command(words, _turn(session))


def _turn(session: Session) -> Turn:
    workspace = session.get_one(Workspace, TEAM)
    member = Members(session, workspace).by_user_id("U1")
    assert member is not None
    return Turn(session, workspace, member, NOW, Say("en", "UTC"), _SCORERS)


def _beside(database: Database) -> object:
    """The deals to look at, targets and the forecast, which `/funnel show` tells after its picture."""
    reply = _say(database, funnel_show.run, "")
    assert isinstance(reply, Reply)
    assert reply.labour
    return reply.labour.do(database)


def _digest(database: Database) -> object:
    with database.reading() as session:
        turn = _turn(session)
        return Funnel(session, turn.workspace).report(turn.pipeline, at=NOW, since=NOW - timedelta(days=1))


def _report(database: Database, words: str) -> object:
    with database.begin() as session:
        wanted = report_wanted(words, _turn(session))
    return report_now(database, TEAM, wanted, at=NOW, say=Say("en", "UTC"))


def _leaks(database: Database, words: str) -> object:
    with database.begin() as session:
        wanted = report_wanted(words, _turn(session))
    return leaks_now(database, TEAM, wanted, at=NOW, say=Say("en", "UTC"))


def _watch(database: Database) -> object:
    """What managers hear in the morning of stages that are out of line."""
    with database.reading() as session:
        workspace = session.get_one(Workspace, TEAM)
        occasion = Occasion(session, workspace, "U1", None, "", "UTC", NOW, None, _SCORERS, 0, StageNews())
        return stage_alerts.compose(occasion)


def _forecast(database: Database) -> object:
    with database.begin() as session:
        wanted = report_wanted("", _turn(session))
    month = whole_unit(Unit.MONTH, NOW.date(), "UTC")
    return forecast_now(database, _SCORERS, TEAM, wanted, month, at=NOW, say=Say("en", "UTC"))


def _milliseconds(teams: Sequence[Database], ask: Callable[[Database], object], calls: int) -> list[str]:
    """Of each team the median of some calls, the first, which found nothing remembered, and the processor time of the
    others. They are asked in turn, so that whatever else runs on the machine meets all of them alike."""
    took: list[list[float]] = [[] for _ in teams]
    used = [0.0 for _ in teams]
    for number in range(calls + 1):
        for place, database in enumerate(teams):
            begun, worked = perf_counter(), _processor_seconds(database)
            ask(database)
            took[place].append(perf_counter() - begun)
            used[place] += _processor_seconds(database) - worked if number else 0.0
        if sum(map(sum, took)) > _PATIENCE:
            break
    return [
        f"{median(each[1:] or each) * 1000:,.0f} (first {each[0] * 1000:,.0f}, "
        f"processor {spent / max(len(each) - 1, 1) * 1000:,.0f})"
        for each, spent in zip(took, used, strict=True)
    ]


def _processor_seconds(database: Database) -> float:
    """Of this process, and of PostgreSQL's that works for it, as far as the machine tells (Linux)."""
    if database.engine.dialect.name != "postgresql":
        return process_time()
    with database.engine.connect() as connection:
        its = Path(f"/proc/{connection.scalar(text('SELECT pg_backend_pid()'))}/stat")
    ticks = its.read_text().rpartition(")")[2].split()[11:13] if its.exists() else []
    return process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _explain(database: Database, console: Console) -> None:
    """PostgreSQL's own account of the queries behind `/funnel show` that it took longest for."""
    with database.engine.connect() as connection:
        connection.execute(text("LOAD 'auto_explain'"))
        connection.execute(text("SET auto_explain.log_min_duration = 5"))
        connection.execute(text("SET auto_explain.log_analyze = on"))
        connection.execute(text("SET client_min_messages = log"))
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.add_notice_handler(lambda notice: console.print(notice.message_primary, markup=False))
        with Session(connection) as session:
            funnel_show.run("", _turn(session))


if __name__ == "__main__":
    main()
