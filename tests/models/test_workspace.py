"""A workspace is made when its team is first seen, and agrees on its own fields."""

from functools import partial

import pytest

from models.database import Database
from models.errors import FieldUnknown, TextMissing, TextTooLong
from models.workspace import one_at_a_time, workspace_of
from tests.factories import MONDAY, a_workspace, days
from tests.models.at_once import at_once


def test_a_team_is_one_workspace(database: Database) -> None:
    with database.begin() as session:
        workspace_of(session, "T1", at=MONDAY).currency = "EUR"

    with database.begin() as session:
        again = workspace_of(session, "T1", at=MONDAY + days(1))
        assert (again.currency, again.created_at) == ("EUR", MONDAY)


def test_a_field_is_agreed_on_once_whatever_its_case_or_width() -> None:
    workspace = a_workspace()

    names = [workspace.add_field(text) for text in ("Industry", " industry", "ＩＮＤＵＳＴＲＹ", "Region")]

    assert names == ["Industry", "Industry", "Industry", "Region"]
    assert workspace.custom_fields == ["Industry", "Region"]


def test_a_field_is_found_by_what_was_meant() -> None:
    workspace = a_workspace(custom_fields=["Industry", "Region"])

    assert workspace.field_named("indust") == "Industry"
    with pytest.raises(FieldUnknown) as refused:
        workspace.field_named("colour")
    assert refused.value.fields_known == ("Industry", "Region")


def test_a_field_needs_a_short_name() -> None:
    with pytest.raises(TextMissing):
        a_workspace().add_field(" \x00")
    with pytest.raises(TextTooLong):
        a_workspace().add_field("x" * 51)


def test_agreed_fields_are_kept(database: Database) -> None:
    with database.begin() as session:
        workspace_of(session, "T1", at=MONDAY).add_field("行业")

    with database.begin() as session:
        assert workspace_of(session, "T1", at=MONDAY).custom_fields == ["行业"]


def test_fields_that_are_agreed_on_at_once_are_all_kept(database: Database) -> None:
    with database.begin() as session:
        workspace_of(session, "T1", at=MONDAY)

    def agree(field: str) -> None:
        with database.begin() as session:
            workspace = workspace_of(session, "T1", at=MONDAY)
            one_at_a_time(session, workspace)
            workspace.add_field(field)

    assert at_once([partial(agree, field) for field in "ABCD"]) == [None] * 4
    with database.reading() as session:
        assert sorted(workspace_of(session, "T1", at=MONDAY).custom_fields) == ["A", "B", "C", "D"]
