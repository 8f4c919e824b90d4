"""Tests get databases that are really their own."""

from sqlalchemy import create_engine, inspect, select, text

from models.database import Database
from models.deal import Deal
from tests.factories import a_team
from tests.postgres import PostgresServer, empty


def test_every_test_starts_with_an_empty_database(database_url: str) -> None:
    engine = create_engine(database_url)

    tables = inspect(engine).get_table_names()
    engine.dispose()

    assert tables == []


def test_a_database_can_be_a_copy_of_one_that_is_ready(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as ready:
        engine = create_engine(ready)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE deals (name text)"))
        engine.dispose()

        with postgres_server.database(template=str(ready.database)) as copy:
            engine = create_engine(copy)
            tables = inspect(engine).get_table_names()
            engine.dispose()

    assert tables == ["deals"]


def test_a_database_is_gone_once_its_test_is_over(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        pass

    engine = create_engine(postgres_server.url)
    with engine.connect() as connection:
        names = connection.scalars(text("SELECT datname FROM pg_database")).all()
    engine.dispose()

    assert url.database not in names


def test_what_is_left_in_the_tables_of_sluice_is_gone_for_the_next_test(postgres: Database) -> None:
    with postgres.begin() as session:
        first = a_team(session).adds("Acme").id
    left_open = postgres.engine.connect()
    left_open.execute(select(Deal.id).with_for_update())

    empty(postgres.engine)

    with postgres.begin() as session:
        assert session.scalars(select(Deal)).all() == []
        assert a_team(session).adds("Acme").id == first == 1
    left_open.invalidate()
