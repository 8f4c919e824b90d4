"""A migrated database for each test: a copy of one that was migrated once for the whole run."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database
from models.migrations import migrate
from tests.postgres import PostgresServer


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
