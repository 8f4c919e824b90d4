"""Eight thousand eight hundred opportunities of a real-looking CRM come over, twice, without their outcome leaking."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from models.activity import Revision
from models.database import Database
from models.deal import Deal
from models.history import standings
from models.importing import import_deals
from models.importing_reports import ImportReport
from models.pipeline import stages_from_text
from models.timelines import Timelines
from models.workspace import workspace_of
from tests.models.imports import NOW, TEAM

MAVEN = Path(__file__).parents[2].parent / "shared" / "data" / "maven-crm" / "sales_pipeline.csv.gz"

pytestmark = pytest.mark.skipif(not MAVEN.exists(), reason="the Maven data set does not lie beside the repository")


def imported(database: Database, folder: Path) -> ImportReport:
    return import_deals(
        database,
        TEAM,
        MAVEN,
        at=NOW,
        rejects=folder / "rejects.csv",
        pipeline="Maven",
        stages=stages_from_text("Prospecting,Engaging,Won:won,Lost:lost"),
    )


def test_the_whole_data_set_comes_over_once_named_by_account_and_product_and_keeps_its_secrets(
    database: Database, tmp_path: Path
) -> None:
    first = imported(database, tmp_path)
    second = imported(database, tmp_path)

    assert (first.added, first.rejected, first.members_made) == (8_800, 0, 30)
    assert (second.added, second.updated, second.unchanged, second.rejected) == (0, 0, 8_800, 0)
    with database.reading() as session:
        timelines = Timelines(session, workspace_of(session, TEAM, at=NOW))
        pasts, stages = timelines.all(), timelines.stages()
        rows = {row.id: row for row in session.execute(select(*Deal.__table__.columns))}
        revisions = session.scalars(select(Revision.new)).all()
    assert Counter(stages[past.standing.stage_id].name for past in pasts) == {
        "Won": 4_238,
        "Lost": 2_473,
        "Engaging": 1_589,
        "Prospecting": 500,
    }
    assert len(revisions) == 4_238
    assert not any(past.close_date for past in pasts)
    for past in pasts:
        standing, row = standings(past.moves)[-1], rows[past.deal_id]
        assert (row.stage_id, row.entered_stage_at, row.closed_at) == (
            standing.stage_id,
            standing.entered_at,
            standing.closed_at,
        )
        assert past.as_of(past.created_at).amount is None or past.created_at == standing.closed_at
    names = {row.external_id: row.name for row in rows.values()}
    assert names["1C1I7A6R"] == "Cancity GTX Plus Basic"
    assert sum(name.endswith(f" {key}") for key, name in names.items()) == 1_425  # by its id what has no account
    assert {row.custom["product"] for row in rows.values()} >= {"GTXPro", "MG Special"}
