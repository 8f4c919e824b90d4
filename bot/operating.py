"""What every command of an operator needs first: the time, a database that is up to date, the workspace."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from dateutil.parser import isoparse
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.settings import Settings, SettingsFault
from models import migrations
from models.database import Database
from models.pipeline import Pipeline
from models.pipelines import Pipelines
from models.stage_counts import StageCounts
from models.workspace import Workspace

_TEAM_ID = re.compile("[TE][A-Z0-9]{1,31}")


def now() -> datetime:
    """The clock of the process; everything behind it is told the time."""
    return datetime.now(UTC)


def moment(text: str, *, option: str) -> datetime:
    """What the option names: a date (its beginning) or a time, in UTC unless it says otherwise, that has passed.

    Raises SettingsFault.
    """
    try:
        written = isoparse(text)
    except ValueError:
        raise SettingsFault(f"{option} {text}: write a date or time like 2026-03-01 or 2026-03-01T18:00.") from None
    found = written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)
    if found > now():
        raise SettingsFault(f"{option} {text}: that is still to come; name a time that has passed.")
    return found


@contextmanager
def database_of(settings: Settings) -> Iterator[Database]:
    """The database, whatever its version, closed afterwards. Raises SettingsFault when it cannot be opened."""
    try:
        database = Database(settings.database_url)
    except OSError as error:
        raise SettingsFault(f"DATABASE_URL: the folder cannot be made ({error.strerror}).") from None
    try:
        yield database
    finally:
        database.close()


@contextmanager
def ready_database(settings: Settings) -> Iterator[Database]:
    """The database, closed afterwards; one that has never been used is set up on the way.

    Raises SettingsFault when it does not answer, or is of another version than this program.
    """
    with database_of(settings) as database:
        revision = revision_of(database)
        if revision is None:
            migrations.migrate(database.engine)
        elif revision != migrations.newest():
            raise SettingsFault(f"The database is at version {revision}: {mending(revision)}.")
        yield database


def migrate(database: Database) -> None:
    """Bring the database to the version of this program. Raises SettingsFault when it is of a later one."""
    revision = revision_of(database)
    if revision is not None and not migrations.knows(revision):
        raise SettingsFault(f"The database is at version {revision}: {mending(revision)}.")
    migrations.migrate(database.engine)


def recount(database: Database) -> list[str]:
    """Count anew how deals went through each pipeline, one at a time, as nobody moves its deals meanwhile; their
    names."""
    with database.reading() as session:
        found = session.execute(select(Pipeline.workspace_id, Pipeline.id, Pipeline.name).order_by(Pipeline.id)).all()
    for team_id, pipeline_id, _ in found:
        with database.begin() as session:
            workspace = session.get_one(Workspace, team_id)
            pipeline = session.get_one(Pipeline, pipeline_id)
            held = Pipelines(session, workspace).reshaping(pipeline).pipeline
            StageCounts(session, workspace).count_anew(held, at=now())
    return [name for _, _, name in found]


def mending(revision: str | None) -> str:
    """What to do about a database of another version than this program."""
    if revision is not None and not migrations.knows(revision):
        return f"it was made by a later Sluice, update this one (which is at {migrations.newest()})"
    return "run `sluice migrate`"


def revision_of(database: Database) -> str | None:
    """The version of the database; None for one that has never been used. Raises SettingsFault."""
    try:
        return migrations.current(database.engine)
    except DBAPIError as error:
        raise SettingsFault(f"DATABASE_URL: the database does not answer ({reason(error)}).") from None


def chosen_workspace(database: Database, team_id: str | None, *, may_be_new: bool = False) -> str:
    """The id of the workspace of that Slack team; without a team, of the only one there is. One that `may_be_new` is
    made by whoever writes into it.

    Raises SettingsFault when it is not clear which one is meant, or it is not there.
    """
    if team_id is not None and not _TEAM_ID.fullmatch(team_id):
        raise SettingsFault("--workspace takes a Slack team id such as T0123ABCD; `sluice doctor` prints yours.")
    if team_id is not None and may_be_new:
        return team_id
    with database.reading() as session:
        known = session.scalars(select(Workspace.id).order_by(Workspace.id)).all()
    if team_id is not None and team_id in known:
        return team_id
    if not known:
        raise SettingsFault(
            "There is no workspace yet. Name it: --workspace TEAM_ID (`sluice doctor` prints your Slack team's id)."
            if team_id is None
            else "There is no workspace yet: `sluice run` or `sluice import` makes it."
        )
    if team_id is not None:
        raise SettingsFault(f"There is no workspace {team_id}. There is {', '.join(known)}.")
    if len(known) > 1:
        raise SettingsFault(
            f"There are several workspaces ({', '.join(known)}). Name the one that is meant: --workspace TEAM_ID."
        )
    return known[0]


def reason(error: DBAPIError) -> str:
    """The driver's own first line, which names host and fault but no password."""
    return next(iter(str(error.orig).strip().splitlines()), "no reason given")
