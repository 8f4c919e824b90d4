"""Several pipelines side by side: one of them takes new deals."""

from models.database import Database
from models.history import Via
from models.pipeline import stages_from_text
from models.pipelines import Pipelines
from tests.factories import MONDAY, a_team


def test_another_pipeline_becomes_the_default_and_the_deals_stay(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme")
        pipelines = Pipelines(session, team.workspace)
        shop = pipelines.add("Shop", stages_from_text("Visit,Paid:won"))

        pipelines.make_default(shop)

        assert pipelines.default() is shop
        assert [each.is_default for each in pipelines.all()] == [True, False]
        assert deal.pipeline is team.pipeline


def test_open_deals_are_counted_by_stage_and_listed_by_pipeline(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        shop = Pipelines(session, team.workspace).add("Shop", stages_from_text("Visit,Paid:won"))
        for name in ("One", "Two"):
            team.deals.add(name, stage=shop.first, owner=None, at=MONDAY, via=Via.COMMAND)
        team.adds("Acme")
        team.adds("Done", stage="Won")

        assert team.open_deals.count_by_stage() == {shop.first.id: 2, team.pipeline.first.id: 1}
        assert [deal.name for deal in team.open_deals.all(pipeline=shop)] == ["One", "Two"]
