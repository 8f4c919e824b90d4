"""A deal that goes into another pipeline begins there, and what it did before stays the other one's."""

import pytest

from models.database import Database
from models.deal import Deal
from models.errors import StageNotFound
from models.funnel import Funnel
from models.history import Change, Via
from models.known_deals import Selection
from models.moving_errors import CameFromPipeline, DealIsClosed
from models.pipeline import Pipeline, StagePlan, stages_from_text
from models.pipelines import Pipelines
from models.playbook import PlannedTask
from models.stage_counts import StageCounts
from models.stage_flow import StageFlow
from scoring.funnel_reports import funnel_past_since
from tests.factories import MONDAY, Team, a_team, days
from tests.models.test_stage_flow import APRIL, MARCH

EVERYBODY = Selection()
LATER = MONDAY + days(100)


def a_shop(team: Team) -> Pipeline:
    plans = stages_from_text("Basket,Checkout,Paid:won,Gone:lost")
    asks = StagePlan(plans[0].name, tasks=(PlannedTask("Say hello", 1),))
    return Pipelines(team.session, team.workspace).add("Shop", (asks, *plans[1:]))


def goes(team: Team, deal: Deal, pipeline: Pipeline, *, after: float) -> None:
    team.deals.transfer(deal, pipeline, None, by=team.ann, at=MONDAY + days(after), via=Via.COMMAND)
    team.session.flush()


def flows(team: Team, pipeline: Pipeline, *, april: bool = False) -> dict[str, StageFlow]:
    past = funnel_past_since(team.session, team.workspace, pipeline.id, MONDAY - days(3_000), at=LATER)
    found = past.snapshot(APRIL if april else MARCH, EVERYBODY).now.flows
    return {each.stage.name: each for each in found}


def test_it_begins_there_and_its_history_is_only_added_to(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        shop, deal = a_shop(team), team.adds("Acme")
        deal.advance(by=team.ann, at=MONDAY + days(1), via=Via.COMMAND)
        before = [(each.change, each.to_stage_id) for each in deal.changes]

        goes(team, deal, shop, after=2)

        assert (deal.pipeline, deal.stage.name, deal.entered_stage_at) == (shop, "Basket", MONDAY + days(2))
        assert [(each.change, each.to_stage_id) for each in deal.changes[:-1]] == before
        assert deal.changes[-1].change is Change.TRANSFERRED
        assert [each.text for each in deal.to_do if each not in deal.left_behind] == ["Say hello"]
        assert {each.stage_id for each in deal.left_behind} == {move[1] for move in before}
        assert [each.id for each in team.open_deals.all(pipeline=shop)] == [deal.id]
        assert not team.open_deals.all(pipeline=team.pipeline)


def test_a_report_of_before_stays_and_later_ones_count_it_where_it_is(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        shop, deal = a_shop(team), team.adds("Acme")
        first, second = (stage.name for stage in team.pipeline.stages[:2])
        deal.advance(by=team.ann, at=MONDAY + days(1), via=Via.COMMAND)
        session.flush()
        march = flows(team, team.pipeline)

        goes(team, deal, shop, after=40)

        assert flows(team, team.pipeline) == march
        assert (march[first].forward, march[second].still_there) == (1, 1)
        april = flows(team, team.pipeline, april=True)
        assert (april[second].at_start, april[second].elsewhere) == (1, 1)
        assert not any(each.still_there or each.entered for each in april.values())
        assert flows(team, shop, april=True)["Basket"].entered == 1
        assert not any(each.still_there for each in flows(team, shop).values())
        report = Funnel(session, team.workspace).report(shop, at=LATER, since=MONDAY)
        assert (report.open.count, report.changes.new.count) == (1, 1)
        assert Funnel(session, team.workspace).report(team.pipeline, at=LATER, since=MONDAY).changes.new.count == 0


def test_it_may_come_back_and_then_has_been_there_twice(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        shop, deal = a_shop(team), team.adds("Acme")
        goes(team, deal, shop, after=10)
        goes(team, deal, team.pipeline, after=40)

        first = team.pipeline.first.name
        assert flows(team, shop)["Basket"].still_there == 1
        assert flows(team, team.pipeline)[first].still_there == 0
        assert flows(team, team.pipeline, april=True)[first].still_there == 1


def test_conversions_count_it_in_each_pipeline_by_what_it_did_there(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        shop, deal, counts = a_shop(team), team.adds("Acme"), StageCounts(session, team.workspace)
        deal.advance(by=team.ann, at=MONDAY + days(3), via=Via.COMMAND)
        goes(team, deal, shop, after=5)
        deal.advance(by=team.ann, at=MONDAY + days(9), via=Via.COMMAND)
        deal.lose("price", by=team.ann, at=MONDAY + days(10), via=Via.COMMAND)
        session.flush()

        for pipeline, stages in ((team.pipeline, [(1, 1, 3.0), (0, 0, None)]), (shop, [(1, 1, 4.0), (0, 1, 1.0)])):
            paces = counts.paces(pipeline, at=LATER)
            found = [paces[stage.id] for stage in pipeline.stages[:2]]
            assert [(each.moved_on, each.decided, each.median_days) for each in found] == stages
            counts.count_anew(pipeline, at=LATER)
            assert counts.paces(pipeline, at=LATER) == paces


def test_moves_are_undone_as_far_as_it_came_there_and_no_further(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        shop, deal = a_shop(team), team.adds("Acme")
        goes(team, deal, shop, after=1)
        deal.advance(by=team.ann, at=MONDAY + days(2), via=Via.COMMAND)

        deal.undo(by=team.ann, at=MONDAY + days(3), via=Via.COMMAND)
        with pytest.raises(CameFromPipeline):
            deal.undo(by=team.ann, at=MONDAY + days(4), via=Via.COMMAND)

        assert deal.stage.name == "Basket"


def test_a_closed_deal_stays_where_it_was_closed(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        shop, deal = a_shop(team), team.adds("Acme")
        with pytest.raises(DealIsClosed):
            team.deals.transfer(deal, shop, shop.won, by=team.ann, at=MONDAY + days(1), via=Via.COMMAND)
        with pytest.raises(StageNotFound):
            deal.transfer(shop, team.pipeline.first, by=team.ann, at=MONDAY + days(1), via=Via.COMMAND)
        deal.win(by=team.ann, at=MONDAY + days(1), via=Via.COMMAND)

        with pytest.raises(DealIsClosed):
            goes(team, deal, shop, after=2)

        assert deal.pipeline is team.pipeline
        deal.reopen(by=team.ann, at=MONDAY + days(3), via=Via.COMMAND)
        goes(team, deal, shop, after=4)
        deal.lose("price", by=team.ann, at=MONDAY + days(5), via=Via.COMMAND)
        assert deal.reopen(by=team.ann, at=MONDAY + days(6), via=Via.COMMAND).to_stage.name == "Basket"
