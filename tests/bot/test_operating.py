"""A command of an operator finds its database ready and the workspace that is meant, or says what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text, update

from bot import operating
from bot.settings import Settings, SettingsFault, load_settings
from models import migrations
from models.database import Database
from models.history import Via
from models.stage_count import StageCount
from models.workspace import workspace_of
from tests.factories import MONDAY, a_team, days
from tests.models.test_stage_counts import counted


def _settings(database_url: str) -> Settings:
    return load_settings(Settings, env_file=None, DATABASE_URL=database_url)


def _open(database_url: str) -> None:
    with operating.ready_database(_settings(database_url)):
        pass


def _migrate(database_url: str) -> None:
    with operating.database_of(_settings(database_url)) as database:
        operating.migrate(database)


def _at_revision(database_url: str, revision: str) -> None:
    with operating.ready_database(_settings(database_url)) as database, database.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_a_database_that_was_never_used_is_set_up_on_the_way(database_url: str) -> None:
    with operating.ready_database(_settings(database_url)) as database:
        assert operating.revision_of(database) == migrations.newest()


def test_the_folder_of_an_sqlite_file_is_made(tmp_path: Path) -> None:
    _open(f"sqlite:///{tmp_path}/new/folder/sluice.db")

    assert (tmp_path / "new/folder/sluice.db").exists()


def test_a_folder_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingsFault, match="DATABASE_URL: the folder cannot be made"):
        _open(f"sqlite:///{tmp_path}/file/folder/sluice.db")


def test_a_file_that_is_no_database_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "sluice.db").write_text("Dear diary, " * 100)

    with pytest.raises(SettingsFault, match="DATABASE_URL: the database does not answer"):
        _open(f"sqlite:///{tmp_path / 'sluice.db'}")


def test_a_server_that_does_not_answer_is_a_fault_without_the_password() -> None:
    with pytest.raises(SettingsFault, match="the database does not answer") as fault:
        _open("postgresql://sluice:topsecret@127.0.0.1:1/sluice")

    assert "topsecret" not in str(fault.value)


@pytest.mark.parametrize("open_", [_open, _migrate])
def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path, open_: Callable[[str], None]) -> None:
    url = f"sqlite:///{tmp_path / 'sluice.db'}"
    _at_revision(url, "9999")

    with pytest.raises(SettingsFault, match="9999: it was made by a later Sluice"):
        open_(url)


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    with operating.database_of(_settings(database_url)) as database:
        operating.migrate(database)
        operating.migrate(database)

        assert operating.revision_of(database) == migrations.newest()


def test_what_was_miscounted_is_counted_anew(database: Database) -> None:
    with database.begin() as session:
        for team_id in ("T1", "T2"):
            team = a_team(session, team_id)
            deal = team.adds("Acme", at=operating.now() - days(3))
            deal.win(by=None, at=operating.now() - days(1), via=Via.COMMAND)
    with database.begin() as session:
        right = [counted(session, a_team(session, team_id).workspace) for team_id in ("T1", "T2")]
        session.execute(update(StageCount).values(count=7))

    assert operating.recount(database) == ["Sales", "Sales"]
    with database.begin() as session:
        assert [counted(session, a_team(session, team_id).workspace) for team_id in ("T1", "T2")] == right
        assert all(each.total() for each in right)


def _with_workspaces(database: Database, *team_ids: str) -> None:
    with database.begin() as session:
        for team_id in team_ids:
            workspace_of(session, team_id, at=MONDAY)


def test_the_only_workspace_is_meant(database: Database) -> None:
    _with_workspaces(database, "T1ONE")

    assert operating.chosen_workspace(database, None) == "T1ONE"


def test_a_named_workspace_is_not_made_by_naming_it(database: Database) -> None:
    assert operating.chosen_workspace(database, "T1NEW", may_be_new=True) == "T1NEW"
    with pytest.raises(SettingsFault, match="no workspace yet"):
        operating.chosen_workspace(database, "T1NEW")
    _with_workspaces(database, "T1ONE")

    with pytest.raises(SettingsFault, match=r"no workspace T1NEW\. There is T1ONE\."):
        operating.chosen_workspace(database, "T1NEW")
    assert operating.chosen_workspace(database, "T1ONE") == "T1ONE"


def test_without_any_workspace_one_must_be_named(database: Database) -> None:
    with pytest.raises(SettingsFault, match="no workspace yet"):
        operating.chosen_workspace(database, None)


def test_with_several_workspaces_one_must_be_named(database: Database) -> None:
    _with_workspaces(database, "T1ONE", "T2TWO")

    with pytest.raises(SettingsFault, match="T1ONE, T2TWO"):
        operating.chosen_workspace(database, None)


@pytest.mark.parametrize("name", ["acme", "", "T1; DROP TABLE deal", "T" + "1" * 40])
def test_what_is_no_team_id_makes_no_workspace(database: Database, name: str) -> None:
    with pytest.raises(SettingsFault, match="team id such as"):
        operating.chosen_workspace(database, name)

    with pytest.raises(SettingsFault, match="no workspace yet"):
        operating.chosen_workspace(database, None)
