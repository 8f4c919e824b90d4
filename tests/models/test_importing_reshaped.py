"""Files that tell of stages as they were before a merge still mean something, and write nothing twice."""

from pathlib import Path

import pytest

from models.database import Database
from models.pipelines import Pipelines
from models.workspace import workspace_of
from tests.models.imports import NOW, TEAM, Office

DEALS = """\
id,name,stage,created
1,Acme,Qualified,2026-01-01
"""
HISTORY = """\
deal id,stage,entered at,by
1,Lead identified,2026-01-01T09:00:00Z,Ann
1,Qualified,2026-01-05T09:00:00Z,Ann
1,Proposal,2026-02-01T09:00:00Z,Ann
"""


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    """One deal with its history, whose stage Qualified has become part of Proposal since."""
    office = Office(database, tmp_path)
    office.deals(DEALS)
    office.history(HISTORY)
    with database.begin() as session:
        pipelines = Pipelines(session, workspace_of(session, TEAM, at=NOW))
        change = pipelines.reshaping(pipelines.default())
        change.retire(change.pipeline.stage_named("Qualified"), into=change.pipeline.stage_named("Proposal"), at=NOW)
    return office


def test_the_same_history_again_is_no_news(office: Office) -> None:
    before = [(change.id, change.to_stage_id) for change in office.deal("Acme").changes]

    report = office.history(HISTORY)

    assert (report.added, report.unchanged, report.rejected) == (0, 3, 0)
    assert [(change.id, change.to_stage_id) for change in office.deal("Acme").changes] == before


def test_what_goes_on_is_added_and_the_past_stays_as_it_was_written(office: Office) -> None:
    before = [change.id for change in office.deal("Acme").changes]

    report = office.history(HISTORY + "1,Negotiation,2026-03-01T09:00:00Z,Ann\n")

    deal = office.deal("Acme")
    assert report.added == 1
    assert [change.id for change in deal.changes][:3] == before
    assert [stage for stage, _ in office.path_of("Acme")] == ["Lead identified", "Qualified", "Proposal", "Negotiation"]
    assert deal.stage.name == "Negotiation"


def test_a_deal_that_a_file_has_in_a_retired_stage_goes_where_that_went(office: Office) -> None:
    report = office.deals(DEALS + "2,Beta,qualified,2026-01-01\n")

    assert (report.added, report.rejected) == (1, 0)
    assert office.deal("Beta").stage.name == "Proposal"
