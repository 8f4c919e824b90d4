"""The migrations lead from nothing to the tables of the mappings, and back, on both databases."""

from collections.abc import Iterator

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import inspect, select

from models.base import Base
from models.database import Database
from models.deal import Deal
from models.migrations import current, differences, migrate, newest, rebuilding, step_back
from models.pipeline import Pipeline, Trade, stages_from_text
from models.pipelines import Pipelines
from models.templates import template
from tests.factories import a_team


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def test_the_migrations_make_exactly_the_tables_of_the_mappings(empty: Database) -> None:
    migrate(empty.engine)

    assert differences(empty.engine) == []
    assert set(inspect(empty.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_a_difference_would_be_seen(empty: Database) -> None:
    migrate(empty.engine)
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE deal ADD COLUMN colour varchar(10)")

    assert len(differences(empty.engine)) == 1


def test_the_way_back_leaves_nothing_and_can_be_gone_again(empty: Database) -> None:
    migrate(empty.engine)

    step_back(empty.engine, "base")
    left = set(inspect(empty.engine).get_table_names())
    migrate(empty.engine)

    assert left == {"alembic_version"}
    assert differences(empty.engine) == []


def test_a_database_tells_at_which_revision_it_is(empty: Database) -> None:
    never = current(empty.engine)
    migrate(empty.engine)
    after = current(empty.engine)
    step_back(empty.engine, "base")

    assert newest() is not None
    assert (never, after, current(empty.engine)) == (None, newest(), None)


def test_migrating_again_changes_nothing(empty: Database) -> None:
    migrate(empty.engine)
    with empty.begin() as session:
        a_team(session).adds("Acme")

    migrate(empty.engine)

    with empty.reading() as session:
        assert session.scalars(select(Deal.name)).all() == ["Acme"]


def test_pipelines_of_before_are_told_their_trade_by_the_names_of_their_stages(empty: Database) -> None:
    migrate(empty.engine)
    with empty.begin() as session:
        team = a_team(session)
        pipelines = Pipelines(session, team.workspace)
        pipelines.add("Policies", template(Trade.FINANCE, "zh-CN"), Trade.FINANCE)
        pipelines.add("Own", stages_from_text("Qualified,Demo,Signed:won"))

    step_back(empty.engine, "0019")
    migrate(empty.engine)

    with empty.reading() as session:
        trades = {each.name: each.trade for each in session.scalars(select(Pipeline))}
    assert trades == {"Sales": Trade.B2B, "Policies": Trade.FINANCE, "Own": None}


def test_a_revision_may_rebuild_a_table_that_others_point_to(empty: Database) -> None:
    migrate(empty.engine)
    with empty.begin() as session:
        a_team(session).adds("Acme")

    with rebuilding(empty.engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("stage", recreate="auto") as stage:
            stage.alter_column("name", nullable=True)

    with empty.begin() as session:
        deal = session.scalars(select(Deal)).one()
        assert deal.stage.name == "Lead identified"


def test_a_revision_that_would_leave_rows_pointing_to_nothing_is_taken_back(sqlite: Database) -> None:
    with sqlite.begin() as session:
        a_team(session).adds("Acme")

    def break_it() -> None:
        with rebuilding(sqlite.engine) as connection:
            connection.exec_driver_sql("DELETE FROM stage")

    with pytest.raises(ValueError, match="point to nothing"):
        break_it()

    with sqlite.begin() as session:
        assert session.scalars(select(Deal)).one().stage.name == "Lead identified"
