"""How the database grew: each file in `versions` is one step, forwards and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

from models import tables
from models.base import Base

_LOCK = 7_583_223  # any number, as long as all processes name the same one


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database to a revision, the newest by default."""
    with rebuilding(engine) as connection:
        command.upgrade(_config(connection), revision)


def step_back(engine: Engine, revision: str) -> None:
    """Take the database back to a revision; "base" is an empty one."""
    with rebuilding(engine) as connection:
        command.downgrade(_config(connection), revision)


def newest() -> str | None:
    """The revision that this version of Sluice needs."""
    return ScriptDirectory(str(Path(__file__).parent)).get_current_head()


def knows(revision: str) -> bool:
    """Whether it is a revision of this version of Sluice or of an earlier one."""
    known = ScriptDirectory(str(Path(__file__).parent)).walk_revisions()
    return revision in {each.revision for each in known}


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None for one that was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(engine: Engine) -> list[object]:
    """What the database has that the mappings do not say, or the other way round; empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Connection]:
    """One transaction for changing tables; what others begin at the same time waits for it.

    SQLite changes a table by filling another and dropping the first; until the end, rows that point to it must bear
    that.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                yield connection
            return
        plain = connection.connection.cursor()
        plain.execute("PRAGMA foreign_keys = OFF")  # of no effect once a transaction is open
        try:
            with connection.begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise ValueError("the migration leaves rows that point to nothing")
        finally:
            if not connection.invalidated:  # as it is once the process is told to stop in the middle
                plain.execute("PRAGMA foreign_keys = ON")
                plain.close()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


__all__ = ["current", "differences", "knows", "migrate", "newest", "rebuilding", "step_back", "tables"]
