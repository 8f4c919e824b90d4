"""Before there is any past, what is believed of a funnel depends on its trade, and is forgotten soon."""

from models.database import Database
from models.model_version import Question
from models.pipeline import StageKind, Trade
from models.templates import template
from models.timeline import StageFacts
from models.timelines import Timelines
from scoring.beliefs import BELIEFS, OWN_STAGES, believed_rates
from scoring.features import identity
from tests.factories import a_team
from tests.scoring.simulation import LEAD, OFFER, STAGES


def stages_of(trade: Trade, locale: str, first_id: int = 1) -> dict[int, StageFacts]:
    plans = template(trade, locale)
    return {
        number: StageFacts(number, first_id, plan.name, number - first_id, plan.kind, None, trade)
        for number, plan in enumerate(plans, start=first_id)
    }


def test_each_template_has_a_belief_of_its_own_in_either_language() -> None:
    for trade in Trade:
        for locale in ("en", "zh-CN"):
            stages = stages_of(trade, locale)
            last = max(number for number, stage in stages.items() if stage.kind is StageKind.OPEN)

            won = believed_rates(Question.WON, stages).fit([], [])
            moving = believed_rates(Question.FORWARD, stages).fit([], [])

            assert won.rate_of(identity(1)) == BELIEFS[trade].won_from_first
            assert round(won.rate_of(identity(last)), 6) == BELIEFS[trade].won_from_last
            assert moving.rate_of(identity(last)) == BELIEFS[trade].moves_on


def test_a_pipeline_keeps_the_belief_of_its_template_when_its_stages_are_renamed(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        for stage in team.pipeline.open_stages:
            stage.name = f"Our {stage.name}"
        session.flush()
        stages = Timelines(session, team.workspace).stages()

    won = believed_rates(Question.WON, stages).fit([], [])

    assert won.rate_of(identity(team.pipeline.first.id)) == BELIEFS[Trade.B2B].won_from_first


def test_a_teams_own_stages_have_a_middling_one() -> None:
    won = believed_rates(Question.WON, STAGES).fit([], [])

    assert won.rate_of(identity(LEAD)) == OWN_STAGES.won_from_first
    assert won.rate_of(identity(OFFER)) == OWN_STAGES.won_from_last


def test_pipelines_of_two_trades_side_by_side_are_believed_apart() -> None:
    both = stages_of(Trade.B2B, "en") | stages_of(Trade.FINANCE, "en", first_id=101)

    moving = believed_rates(Question.FORWARD, both).fit([], [])

    assert moving.rate_of(identity(1)) == BELIEFS[Trade.B2B].moves_on
    assert moving.rate_of(identity(101)) == BELIEFS[Trade.FINANCE].moves_on
