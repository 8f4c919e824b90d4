"""Many people write at once and nothing is lost; who only reads stands in nobody's way."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from models.activity import Activity, ActivityKind
from models.database import Database
from models.deal import Deal
from models.deals import Deals
from models.history import StageChange, Via
from models.migrations import migrate
from models.moving_errors import DealMoved
from models.tables import Member, Pipeline, Workspace
from models.workspace import workspace_of
from tests.factories import MONDAY, a_team, days
from tests.models.at_once import PATIENCE, at_once


def test_leaving_commits(database: Database) -> None:
    with database.begin() as session:
        a_team(session).adds("Acme")

    with database.reading() as session:
        assert session.scalars(select(Deal.name)).all() == ["Acme"]


def test_an_error_takes_everything_back(database: Database) -> None:
    def add_and_stumble() -> None:
        with database.begin() as session:
            a_team(session).adds("Acme")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_and_stumble()

    with database.reading() as session:
        assert session.scalars(select(Workspace)).all() == []


def test_what_points_to_nothing_is_refused(database: Database) -> None:
    with database.begin() as session:
        a_team(session).adds("Acme").owner_id = 999_999

        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_reading_sees_one_consistent_view_while_others_write(database: Database) -> None:
    with database.begin() as session:
        a_team(session).adds("Acme")

    with database.reading() as reader:
        before = reader.scalar(select(func.count()).select_from(Deal))
        with database.begin() as writer:  # would wait for the reader here if that one were in its way
            a_team(writer).adds("Globex")
        after = reader.scalar(select(func.count()).select_from(Deal))

    with database.reading() as reader:
        now = reader.scalar(select(func.count()).select_from(Deal))
    assert (before, after, now) == (1, 1, 2)


def test_reading_does_not_wait_for_a_writer(database: Database) -> None:
    with database.begin() as writer:
        a_team(writer).adds("Acme")

        with database.reading() as reader:
            assert reader.scalars(select(Deal.name)).all() == []


def test_what_is_changed_while_reading_is_not_kept(database: Database) -> None:
    with database.begin() as session:
        a_team(session).adds("Acme")

    with database.reading() as session:
        session.scalars(select(Deal)).one().company = "Acme Ltd"

    with database.reading() as session:
        assert session.scalars(select(Deal.company)).one() == ""


def test_eight_people_who_write_fifty_notes_each_lose_none(database: Database) -> None:
    with database.begin() as session:
        deal_id = a_team(session).adds("Acme").id

    def write(person: int) -> None:
        for number in range(50):
            with database.begin() as session:
                deal = Deals(session, workspace_of(session, "T1", at=MONDAY)).get(deal_id)
                deal.log(ActivityKind.NOTE, f"{person} wrote {number}", by=None, at=MONDAY + days(number))

    results = at_once([partial(write, person) for person in range(8)])

    assert results == [None] * 8
    with database.reading() as session:
        assert len(set(session.scalars(select(Activity.text)))) == 400
        assert session.scalars(select(Deal.last_activity_at)).one() == MONDAY + days(49)


def test_eight_people_who_move_one_deal_write_one_unbroken_history(database: Database) -> None:
    with database.begin() as session:
        deal_id = a_team(session).adds("Acme").id

    def move(person: int) -> None:
        for number in range(10):
            with database.begin() as session:
                deal = a_team(session).deals.get(deal_id)
                ahead = deal.pipeline.stages[(deal.stage.position + 1) % 5]
                deal.move(ahead, by=None, at=MONDAY + days(person / 1e6 + number / 1e6), via=Via.COMMAND)

    results = at_once([partial(move, person) for person in range(8)])

    assert results == [None] * 8
    with database.begin() as session:
        changes = a_team(session).deals.get(deal_id).changes
        assert len(changes) == 81
        assert [each.from_stage_id for each in changes[1:]] == [each.to_stage_id for each in changes[:-1]]


@pytest.mark.parametrize("name", ["Acme", "Globex", "Initech"])  # the race is run three times
def test_of_two_people_who_advance_at_once_one_is_told_who_did(database: Database, name: str) -> None:
    with database.begin() as session:
        deal_id = a_team(session).adds(name).id

    def advance(person: str) -> None:
        with database.begin() as session:
            team = a_team(session)
            by = team.ann if person == "Ann" else team.bob
            team.deals.get(deal_id).advance(by=by, at=MONDAY + days(1), via=Via.BUTTON)

    by_ann, by_bob = at_once([partial(advance, "Ann"), partial(advance, "Bob")])

    told, winner = (by_ann, "Bob") if by_bob is None else (by_bob, "Ann")
    assert isinstance(told, DealMoved)
    assert (told.by, told.stage) == (winner, "First contact")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StageChange)) == 2


def test_who_waited_for_a_deal_sees_what_was_done_meanwhile(postgres: Database) -> None:
    with postgres.begin() as session:
        deal_id = a_team(session).adds("Acme").id

    with postgres.begin() as session:
        team = a_team(session)
        known = session.get_one(Deal, deal_id)  # read before, and so in the session's memory
        with postgres.begin() as other:
            a_team(other).deals.get(deal_id).advance(by=None, at=MONDAY + days(1), via=Via.COMMAND)

        deal = team.deals.get(deal_id)

        assert deal is known
        assert deal.stage.name == "First contact"
        assert len(deal.changes) == 2


def test_after_a_pause_connections_that_the_server_has_ended_are_made_anew(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.database._PAUSE_SECONDS", 0.0)
    with postgres.begin() as first, postgres.begin() as second:
        assert [each.scalar(text("SELECT 1")) for each in (first, second)] == [1, 1]
    with postgres.begin() as session:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        session.execute(text(f"{others} AND pid <> pg_backend_pid()"))

    for way in (postgres.begin, postgres.reading, postgres.asking):
        with way() as first, way() as second:
            assert [each.scalar(text("SELECT 1")) for each in (first, second)] == [1, 1]


def test_two_processes_that_see_a_new_team_at_once_make_it_once(database: Database) -> None:
    def begin() -> None:
        with database.begin() as session:
            a_team(session)

    results = at_once([begin] * 6)

    assert results == [None] * 6
    with database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(each)) for each in (Workspace, Pipeline, Member)]
        assert counts == [1, 1, 2]


def test_several_processes_may_start_at_once_on_an_empty_database(database_url: str) -> None:
    start = (
        "from models import database, migrations; import sys; migrations.migrate(database.Database(sys.argv[1]).engine)"
    )

    starting = [subprocess.Popen([sys.executable, "-c", start, database_url]) for _ in range(3)]

    assert [process.wait(PATIENCE) for process in starting] == [0, 0, 0]


def test_the_folder_of_a_new_sqlite_file_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/sluice.db")

    migrate(database.engine)
    database.close()

    assert (tmp_path / "new" / "folder" / "sluice.db").exists()
