"""What a CRM recorded of a deal's moves takes the place of what was concluded, and never of what people did."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models.database import Database
from models.deals import Deals
from models.history import Change, Via, standings
from models.importing_columns import history_columns
from models.importing_errors import ColumnsMissing
from models.workspace import workspace_of
from tests.models.imports import NOW, TEAM, Office, faults

DEALS = """\
id,name,stage,created,close_date,close_value
1,Acme,Won,2026-01-01,2026-03-01,500
2,Beta,Proposal,2026-01-01,,
"""
HISTORY = """\
deal id,stage,entered at,by
1,Lead identified,2026-01-01T09:00:00Z,Ann
2,Lead identified,2026-01-02T09:00:00Z,Bo
1,Won,2026-03-01T15:00:00Z,Ann
1,Proposal,2026-02-01T09:00:00Z,Bo
1,Proposal,2026-02-02T09:00:00Z,Bo
2,Proposal,2026-02-01T09:00:00Z,Bo
"""


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    office = Office(database, tmp_path)
    office.deals(DEALS)
    return office


def test_recorded_moves_replace_what_was_concluded(office: Office) -> None:
    report = office.history(HISTORY)

    acme = office.deal("Acme")
    assert (report.added, report.unchanged, report.rejected, report.members_made) == (5, 1, 0, 2)
    assert office.path_of("Acme") == [
        ("Lead identified", "2026-01-01"),
        ("Proposal", "2026-02-01"),
        ("Won", "2026-03-01"),
    ]
    assert [change.change for change in acme.changes] == [Change.CREATED, Change.FORWARD, Change.WON]
    assert [change.by.name for change in acme.changes if change.by] == ["Ann", "Bo", "Ann"]
    assert {change.via for change in acme.changes} == {Via.IMPORT}


def test_what_stands_in_the_place_of_a_reason_is_none(office: Office) -> None:
    office.deals("id,name,stage,loss reason\n3,Gamma,Lost,N/A\n")
    office.history(
        "deal id,stage,entered at,reason\n2,Lead identified,2026-01-02T09:00:00Z,\n2,Lost,2026-04-01T09:00:00Z,none\n"
    )

    assert [(office.deal(name).stage.name, office.deal(name).loss_reason) for name in ("Beta", "Gamma")] == [
        ("Lost", "")
    ] * 2


def test_the_deal_stands_where_the_recorded_moves_lead(office: Office) -> None:
    office.history(HISTORY + "2,Negotiation,2026-04-01T09:00:00Z,\n")

    for name in ("Acme", "Beta"):
        deal = office.deal(name)
        standing = standings(deal.changes)[-1]
        assert (deal.stage_id, deal.entered_stage_at, deal.closed_at) == (
            standing.stage_id,
            standing.entered_at,
            standing.closed_at,
        )
        assert deal.created_at == deal.changes[0].at
    assert office.deal("Beta").stage.name == "Negotiation"


def test_an_amount_learnt_at_the_close_moves_with_the_recorded_close(office: Office) -> None:
    office.history(HISTORY)

    acme = office.pasts()[0]
    closed = datetime(2026, 3, 1, 15, tzinfo=UTC)
    assert acme.as_of(closed).amount == Decimal(500)
    assert acme.as_of(closed - timedelta(seconds=1)).amount is None


def test_the_same_files_twice_change_nothing(office: Office) -> None:
    office.history(HISTORY)
    before = office.pasts()

    deals = office.deals(DEALS, at=NOW + timedelta(days=1))
    again = office.history(HISTORY, at=NOW + timedelta(days=1))

    assert (deals.added, deals.updated) == (0, 0)
    assert (again.added, again.unchanged) == (0, 6)
    assert office.pasts() == before


def test_a_later_file_goes_on_where_the_first_one_ended(office: Office) -> None:
    office.history(HISTORY)

    report = office.history("deal,stage,entered at\nBeta,Negotiation,2026-03-01\nBeta,Lost,2026-04-01\n")

    assert report.added == 2
    assert [stage for stage, _ in office.path_of("Beta")] == ["Lead identified", "Proposal", "Negotiation", "Lost"]


def test_two_moves_at_one_moment_happened_as_the_file_has_them(office: Office) -> None:
    rows = "deal,stage,entered at\n" + "".join(
        f"Beta,{stage},2026-02-01\n" for stage in ("Proposal", "Negotiation", "Proposal", "Qualified")
    )
    office.history(rows)

    again = office.history(rows)

    assert again.added == 0
    assert [stage for stage, _ in office.path_of("Beta")] == ["Proposal", "Negotiation", "Proposal", "Qualified"]


def test_a_move_that_was_taken_back_stays_taken_back(office: Office) -> None:
    office.history(
        "deal,stage,entered at,change\n"
        "Beta,Proposal,2026-01-01,created\nBeta,Won,2026-02-01,won\nBeta,Proposal,2026-02-02,undone\n"
    )

    beta = office.deal("Beta")
    assert beta.changes[-1].change is Change.UNDONE
    assert beta.entered_stage_at == datetime(2026, 1, 1, tzinfo=UTC)


def test_what_people_did_in_slack_is_not_rewritten(office: Office) -> None:
    office.history(HISTORY)
    with office.database.begin() as session:
        beta = Deals(session, workspace_of(session, TEAM, at=NOW)).named("Beta")
        beta.advance(by=None, at=NOW, via=Via.COMMAND)
    before = office.pasts()

    report = office.history(
        HISTORY + "2,Qualified,2026-03-05,Bo\n2,Proposal,2026-03-06,Bo\n", at=NOW + timedelta(days=1)
    )

    assert (report.added, faults(report)) == (0, [(8, "error.moved_in_the_past")])
    assert office.pasts() == before


def test_rows_that_name_nothing_known_are_refused(office: Office) -> None:
    report = office.history(
        "deal,stage,time,by\nNobody,Won,2026-01-01,\nBeta,Dancing,2026-01-01,\nBeta,Won,soon,\nBeta,Won,2027-01-01,\n"
    )

    assert faults(report) == [
        (2, "error.deal_of_row_not_found"),
        (3, "error.stage_not_found"),
        (4, "error.date_of_row_not_understood"),
        (5, "error.date_out_of_range"),
    ]
    assert [row["stage"] for row in office.rejected()] == ["Won", "Dancing", "Won", "Won"]


def test_a_name_that_several_deals_have_says_nothing(office: Office) -> None:
    office.deals("id,name\n3,Beta\n")

    report = office.history("deal,stage,entered at\nBeta,Won,2026-02-01\n")

    assert faults(report) == [(2, "error.several_deals_fit")]


def test_history_needs_a_deal_a_stage_and_a_time() -> None:
    with pytest.raises(ColumnsMissing) as refused:
        history_columns(["colour", "by"])

    assert refused.value.missing == ("deal", "stage", "at")
