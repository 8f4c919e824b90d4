"""What is counted move by move is what a count of the whole history says, whoever wrote the history and however."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.database import Database
from models.history import Via
from models.migrations import migrate, step_back
from models.pipeline import Pipeline
from models.pipelines import Pipelines
from models.stage_count import StageCount
from models.stage_counts import Cell, Pace, StageCounts, year_began
from models.workspace import Workspace, workspace_of
from tests.factories import MONDAY, a_team, days
from tests.models.imports import NOW, TEAM, Office

DEALS = """\
id,name,stage,created_at,closed_at,loss reason
1,Acme,Negotiation,2026-02-01,,
2,Bolt,Lost,2026-01-05,2026-03-05,price
3,Cato,Won,2025-07-05,2026-04-05,
"""
LATER = """\
id,name,stage,created_at,closed_at,loss reason
1,Acme,Won,2026-02-01,2026-05-20,
4,Dora,Proposal,2026-05-01,,
"""
HISTORY = """\
id,stage,entered at,by
1,Lead identified,2026-01-10T09:00:00Z,Ann
1,Qualified,2026-01-20T09:00:00Z,Ann
1,Proposal,2026-02-01T09:00:00Z,Ann
2,Proposal,2026-02-11T09:00:00Z,Ann
"""


def counted(session: Session, workspace: Workspace) -> Counter[Cell]:
    """All that is counted of a workspace."""
    columns = (StageCount.pipeline_id, StageCount.stage_id, StageCount.month, StageCount.what, StageCount.days)
    query = select(*columns, func.sum(StageCount.count)).where(StageCount.workspace_id == workspace.id)
    return Counter({Cell(*row[:-1]): int(row[-1]) for row in session.execute(query.group_by(*columns)) if row[-1]})


def assert_counted(session: Session, pipeline: Pipeline, *, at: datetime) -> None:
    """Counted anew from the history, nothing is another."""
    workspace = session.get_one(Workspace, pipeline.workspace_id)
    session.flush()
    kept = recent(counted(session, workspace), at)
    StageCounts(session, workspace).count_anew(pipeline, at=at)
    assert recent(counted(session, workspace), at) == kept


def recent(cells: Counter[Cell], at: datetime) -> Counter[Cell]:
    return Counter({cell: count for cell, count in cells.items() if cell.month >= year_began(at)})


@pytest.mark.parametrize("files", [[DEALS], [DEALS, DEALS], [DEALS, LATER], [DEALS, LATER, HISTORY], [DEALS, HISTORY]])
def test_imports_count_what_they_write(database: Database, tmp_path: Path, files: list[str]) -> None:
    office = Office(database, tmp_path)
    for file in files:
        if file is HISTORY:
            office.history(file)
        else:
            office.deals(file)

    with database.begin() as session:
        workspace = workspace_of(session, TEAM, at=NOW)
        assert counted(session, workspace).total() > 0
        assert_counted(session, Pipelines(session, workspace).default(), at=NOW)


def test_folding_adds_up_and_changes_no_figure(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        counts = StageCounts(session, team.workspace)
        for number in range(3):
            deal = team.adds(f"Deal {number}")
            deal.advance(by=None, at=MONDAY + days(3), via=Via.COMMAND)
        session.flush()
        before = counts.paces(team.pipeline, at=MONDAY + days(9))

        counts.fold(at=MONDAY + days(9))

        assert counts.paces(team.pipeline, at=MONDAY + days(9)) == before
        assert before[team.pipeline.first.id] == Pace(3, 3, 3.0)
        assert {row.count for row in session.scalars(select(StageCount))} == {3}


def test_folding_drops_the_months_before_the_year(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.adds().advance(by=None, at=MONDAY + days(3), via=Via.COMMAND)
        session.flush()
        counts = StageCounts(session, team.workspace)

        counts.fold(at=MONDAY + days(380))
        held = counted(session, team.workspace)
        counts.fold(at=MONDAY + days(800))

        assert held
        assert not counted(session, team.workspace)


def test_a_year_begins_with_the_running_month_a_year_ago_by_utc() -> None:
    assert year_began(datetime(2026, 3, 1, tzinfo=UTC)) == date(2025, 3, 1)
    assert year_began(datetime.fromisoformat("2026-03-01T00:30:00+01:00")) == date(2025, 2, 1)
    assert year_began(datetime(2028, 2, 29, tzinfo=UTC)) == date(2027, 2, 1)


def test_the_migration_counts_the_past(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        for number in range(3):
            deal = team.adds(f"Deal {number}")
            deal.advance(by=None, at=MONDAY + days(3), via=Via.COMMAND)
        deal.advance(by=None, at=MONDAY + days(4), via=Via.COMMAND)
        deal.lose("price", by=None, at=MONDAY + days(9), via=Via.COMMAND)
        deal.undo(by=None, at=MONDAY + days(10), via=Via.COMMAND)
        for number in range(3):  # won, and reopened; then lost, or won anew
            reopened = team.adds(f"Back {number}")
            reopened.win(by=None, at=MONDAY + days(2), via=Via.COMMAND)
            reopened.reopen(by=None, at=MONDAY + days(4), via=Via.COMMAND)
            if number == 1:
                reopened.lose("price", by=None, at=MONDAY + days(9), via=Via.COMMAND)
            elif number:
                reopened.win(by=None, at=MONDAY + days(9), via=Via.COMMAND)
        closed_at_once = team.adds("At once")
        closed_at_once.win(by=None, at=MONDAY, via=Via.IMPORT)
        for number in range(2):  # won, and lost without being reopened first, from Won or from after-sales
            lost = team.adds(f"Gone {number}")
            lost.win(by=None, at=MONDAY + days(2), via=Via.COMMAND)
            if number:
                lost.advance(by=None, at=MONDAY + days(3), via=Via.COMMAND)
            lost.lose("price", by=None, at=MONDAY + days(9), via=Via.COMMAND)
        session.flush()
        before = counted(session, team.workspace)

    for revision in ("0038", "0022"):
        step_back(database.engine, revision)
        migrate(database.engine)

        with database.begin() as session:
            assert counted(session, workspace_of(session, "T1", at=MONDAY)) == before
