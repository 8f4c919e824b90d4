"""Opens the team's database, SQLite or PostgreSQL, and hands out one transaction at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

_BUSY_MILLISECONDS = 30_000  # SQLite lets waiting writers in by chance, so one may wait for many
_PAUSE_SECONDS = 1.0  # no server starts anew in less


class Database:
    """One database; `begin()` is the only way in and the only place that commits.

    On SQLite writers start with BEGIN IMMEDIATE: a transaction that read first and wrote later would otherwise fail
    or, worse, lose a change. WAL lets readers go on meanwhile.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        self._is_sqlite = parsed.get_backend_name() == "sqlite"
        if self._is_sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = create_engine(parsed)
        if self._is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine, "checkin", _note_when)
            event.listen(self.engine, "checkout", partial(_try_after_a_pause, self.engine.dialect))
        self._reading = self.engine.execution_options(sluice_reads_only=True)
        if not self._is_sqlite:
            self._reading = self._reading.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # SQLite begins and ends a transaction without going anywhere.
        self._asking = self._reading if self._is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that may write: commits on leaving, rolls back on any error."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads: one consistent view, in nobody's way, never committed."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def asking(self) -> Iterator[Session]:
        """For queries each of which is consistent in itself: on PostgreSQL they are spared a beginning and an end."""
        with Session(self._asking, autoflush=False) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


def _note_when(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["idle_since"] = time.monotonic()


def _try_after_a_pause(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """A server that was started anew has broken all connections. To try each every time, as `pool_pre_ping` does, would
    cost each transaction a round trip."""
    now = time.monotonic()
    if now - record.info.get("idle_since", now) > _PAUSE_SECONDS:
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late; `_begin_sqlite` says it
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    connection.create_function("lower", 1, _lower, deterministic=True)  # its own knows no letters beyond English


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("sluice_reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
