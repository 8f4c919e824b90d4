"""What every command of an operator needs first: settings that hold, a database that is up to date, the workspace."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.settings import Settings, SettingsFault
from models import migrations
from models.database import Database
from models.workspace import Workspace, workspace_of


@contextmanager
def ready_database(settings: Settings) -> Iterator[Database]:
    """The database, closed afterwards; one that has never been used is set up on the way.

    Raises SettingsFault when it does not answer, or is of another version than this program.
    """
    database = Database(settings.database_url)
    try:
        try:
            revision = migrations.current(database.engine)
        except OperationalError as error:
            raise SettingsFault(f"DATABASE_URL: the database does not answer ({_reason(error)}).") from None
        if revision is None:
            migrations.migrate(database.engine)
        elif revision != migrations.newest():
            raise SettingsFault(
                f"The database is at version {revision}, this program needs {migrations.newest()}: "
                "run `sluice migrate` first."
            )
        yield database
    finally:
        database.close()


def chosen_workspace(session: Session, team_id: str | None, *, at: datetime) -> Workspace:
    """The workspace of that Slack team, made when there is none yet; without a team, the only one there is.

    Raises SettingsFault when it is not clear which one is meant.
    """
    if team_id:
        return workspace_of(session, team_id, at=at)
    known = session.scalars(select(Workspace).order_by(Workspace.id)).all()
    if not known:
        raise SettingsFault(
            "There is no workspace yet. Name it: --workspace TEAM_ID (`sluice doctor` prints your Slack team's id)."
        )
    if len(known) > 1:
        ids = ", ".join(workspace.id for workspace in known)
        raise SettingsFault(f"There are several workspaces ({ids}). Name the one that is meant: --workspace TEAM_ID.")
    return known[0]


def _reason(error: OperationalError) -> str:
    """The driver's own first line, which names host and fault but no password."""
    return str(error.orig).strip().splitlines()[0]
