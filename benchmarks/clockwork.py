"""`python -m benchmarks.clockwork` measures what a tick costs with 10,000 workspaces, with nothing and with much due.

Every workspace has one daily digest. The process has the tokens of those 500 that will be due, each with a team, and
has looked after each of them once. A tick is all that the clock does: it looks after the next workspaces in turn and
for Home tabs that are out of date, and takes what is due. Posts go by the real client to a Slack in a process of its
own that takes 50 ms over every call and says when each came.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import insert, text, update

from benchmarks.databases import databases
from bot.people import People
from bot.schedules.clockwork import WORKSPACES_A_TICK, Clockwork
from bot.services import Services
from models.database import Database
from models.rhythm import DAILY
from models.schedule import Schedule, ScheduleKind
from models.workspace import Workspace
from scoring.scorer import Scorers
from tests.factories import a_team, a_workspace

WORKSPACES = 10_000
DUE = 500
TAKES = 0.05
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


class Known(WebClient):
    """A client of which it is known whose it is, or asking 10,000 times would be most of the measurement."""

    team_id = ""

    def auth_test(self, **_: Any) -> Any:
        return {"team_id": self.team_id}


def known(team_id: str, api_url: str) -> Known:
    client = Known(f"xoxb-{team_id}", base_url=api_url)
    client.team_id = team_id
    return client


# The Slack that takes its time


def slow_slack(line: Connection) -> None:
    """Tells its address, then with each post when it came."""
    asyncio.run(_serve(line))


async def _serve(line: Connection) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(
                (int(each[15:]) for each in head.lower().split("\r\n") if each.startswith("content-length")), 0
            )
            await reader.readexactly(length)
            if "chat.postMessage" in head.partition("\r\n")[0]:
                line.send(time.monotonic())
            await asyncio.sleep(TAKES)
            body = json.dumps({"ok": True, "channel": "C1", "ts": "1.0"}).encode()
            writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body))
            writer.write(body)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=256)
    line.send(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/")
    await server.serve_forever()


# The measurement


def furnish(database: Database) -> None:
    """Workspaces that have a team are those that will be due."""
    names = [f"T{number:05}" for number in range(WORKSPACES)]
    pattern = {c.key: getattr(a_workspace(), c.key) for c in Workspace.__mapper__.column_attrs}
    with database.begin() as session:
        session.execute(insert(Workspace), [{**pattern, "win_posts": True, "id": name} for name in names])
        session.execute(
            insert(Schedule),
            [
                {
                    "workspace_id": name,
                    "kind": ScheduleKind.DIGEST,
                    "target": "C1",
                    "number": 1,
                    "local_time": "09:00",
                    "time_zone": "UTC",
                    "weekdays": DAILY,
                    "next_due_at": NOW + timedelta(days=1),
                    "paused_because": "",
                    "with_team": False,
                    "is_quiet": False,
                }
                for name in names
            ],
        )
    with database.begin() as session:
        for name in names[:DUE]:
            a_team(session, name)


def measure(url: str, api_url: str, line: Connection) -> str:
    """On a database that has its tables and no rows."""
    with closing(Database(url)) as database, ThreadPoolExecutor(1) as later, ThreadPoolExecutor(1) as heavy:
        furnish(database)
        clients = [known(f"T{number:05}", api_url) for number in range(DUE)]
        people = People(clients[0], lambda: NOW)
        clockwork = Clockwork(clients, Services(database, people, Scorers(), later, later, heavy, lambda: NOW))
        for _ in range(DUE // WORKSPACES_A_TICK):
            clockwork.tick()
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("ANALYZE"))
        idle = [_milliseconds(clockwork.tick) for _ in range(400)]
        with database.begin() as session:
            due = [f"T{number:05}" for number in range(DUE)]
            digests = update(Schedule).where(Schedule.kind == ScheduleKind.DIGEST)
            session.execute(digests.where(Schedule.workspace_id.in_(due)).values(next_due_at=NOW))
        came: list[float] = []
        since = time.monotonic()
        Thread(target=_listen, args=(line, came), daemon=True).start()
        clockwork.tick()
        done = time.monotonic() - since
        clockwork.stop()
        last = max(came) - since
        return (
            f"{database.engine.dialect.name}: {WORKSPACES:,} workspaces; a tick with nothing due takes "
            f"{statistics.median(idle):.2f} ms (median; 99 % {statistics.quantiles(idle, n=100)[98]:.2f}); "
            f"with {DUE} due, {len(came)} posts start within {last:.1f} s, all is noted after {done:.1f} s"
        )


def _listen(line: Connection, came: list[float]) -> None:
    with suppress(EOFError):
        while True:
            came.append(line.recv())


def _milliseconds(work: Callable[[], object]) -> float:
    since = time.perf_counter()
    work()
    return (time.perf_counter() - since) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clockwork", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    wanted = parser.parse_args()
    here, there = multiprocessing.Pipe()
    slack = multiprocessing.get_context("spawn").Process(target=slow_slack, args=(there,), daemon=True)
    slack.start()
    with databases(wanted.database) as make:
        print(measure(make(), here.recv(), here))


if __name__ == "__main__":
    main()
