"""Databases for every test: an SQLite file, and a real PostgreSQL that is started once for the whole run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from models.database import Database
from models.migrations import migrate
from tests.postgres import PostgresServer, embedded

# A machine that is busy with something else makes no test fail, and examples may share a database: each begins anew.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("patient")


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


# Migrated databases: copies of one that was migrated once for the whole run


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "sluice.db"
    _migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.database() as url:
        _migrated(url.render_as_string(hide_password=False))
        yield str(url.database)


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    file = shutil.copy(sqlite_template, tmp_path / "sluice.db")
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def postgres(postgres_server: PostgresServer, postgres_template: str) -> Iterator[Database]:
    with postgres_server.database(template=postgres_template) as url:
        database = Database(url.render_as_string(hide_password=False))
        yield database
        database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database with all tables; the test runs once with SQLite and once with PostgreSQL."""
    found: Database = request.getfixturevalue(request.param)
    return found


def _migrated(url: str) -> None:
    database = Database(url)
    migrate(database.engine)
    database.close()
