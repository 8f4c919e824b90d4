"""Databases that a benchmark may fill and forget, SQLite or a PostgreSQL that comes along."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

from models.database import Database
from models.migrations import migrate
from tests.postgres import PostgresServer, embedded


@contextmanager
def databases(kind: str) -> Iterator[Callable[[], str]]:
    """Makes databases with all tables, each with an address of its own."""
    with tempfile.TemporaryDirectory(prefix="sluice-faults-") as name:
        folder = Path(name)
        if kind == "sqlite":
            template = folder / "template.db"
            _migrated(f"sqlite:///{template}")
            numbers = iter(range(1_000_000))
            yield lambda: f"sqlite:///{shutil.copy(template, folder / f'{next(numbers)}.db')}"
            return
        with embedded(f"faults-{folder.name}", folder / "lock") as server, ExitStack() as leaving:
            pattern = leaving.enter_context(server.database())
            _migrated(pattern.render_as_string(hide_password=False))
            yield partial(_copy, server, str(pattern.database), leaving)


def _copy(server: PostgresServer, template: str, leaving: ExitStack) -> str:
    return leaving.enter_context(server.database(template=template)).render_as_string(hide_password=False)


def _migrated(url: str) -> None:
    with closing(Database(url)) as database:
        migrate(database.engine)
