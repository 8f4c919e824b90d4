"""Databases for every test: an SQLite file, and a real PostgreSQL that is started once for the whole run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import event, make_url

from bot.memory import collect_seldom
from models.database import Database
from models.migrations import migrate
from tests.postgres import PostgresServer, embedded, empty

# A machine that is busy with something else makes no test fail, and examples may share a database: each begins anew.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("patient")
collect_seldom()


@pytest.fixture(scope="session")
def postgres_server(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, testrun_uid: str
) -> Iterator[PostgresServer]:
    """The PostgreSQL of this run, shared by its parallel workers, or the one that TEST_DATABASE_URL names."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield PostgresServer(make_url(named))
        return
    folder = tmp_path_factory.getbasetemp()
    shared = folder if worker_id == "master" else folder.parent
    with embedded(testrun_uid, shared / "postgres.lock") as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database of the test's own."""
    with postgres_server.database() as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of the test's own; the test runs once with SQLite and once with PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'sluice.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


# Migrated databases, empty for each test. What opens them stays for the whole run, as it remembers how statements are
# compiled, and to compile one costs more than to run it.


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "sluice.db"
    _migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def sqlite_for_all(tmp_path_factory: pytest.TempPathFactory) -> Database:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'sluice.db'}")
    # Nothing in it is worth waiting for the disk.
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    return database


@pytest.fixture
def sqlite(sqlite_template: Path, sqlite_for_all: Database) -> Iterator[Database]:
    """A copy of a file that was migrated once."""
    file = Path(sqlite_for_all.engine.url.database or "")
    shutil.copy(sqlite_template, file)
    yield sqlite_for_all
    sqlite_for_all.close()
    for left in file.parent.iterdir():
        left.unlink()


@pytest.fixture(scope="session")
def postgres_for_all(postgres_server: PostgresServer) -> Iterator[Database]:
    with postgres_server.database() as url:
        address = url.render_as_string(hide_password=False)
        _migrated(address)
        database = Database(address)
        yield database
        database.close()


@pytest.fixture
def postgres(postgres_for_all: Database) -> Iterator[Database]:
    """Emptied afterwards, which takes a twentieth of the time of a copy; its tables are no test's to change."""
    yield postgres_for_all
    empty(postgres_for_all.engine)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database with all tables; the test runs once with SQLite and once with PostgreSQL."""
    found: Database = request.getfixturevalue(request.param)
    return found


def _migrated(url: str) -> None:
    database = Database(url)
    migrate(database.engine)
    database.close()
