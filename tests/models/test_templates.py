"""Every template makes a pipeline, in each language, and says of each stage what a rep must know."""

import pytest

from models.database import Database
from models.pipeline import StageKind, Trade, in_order
from models.pipelines import Pipelines
from models.templates import first_pipeline, template
from models.workspace import workspace_of
from tests.factories import MONDAY


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("trade", Trade)
def test_a_template_is_in_order_and_tells_its_goals(trade: Trade, locale: str) -> None:
    plans = template(trade, locale)

    assert in_order(plans) == list(plans)
    for plan in plans:
        assert plan.goal or plan.kind is StageKind.LOST
        assert (plan.stalled_after_days is not None) == (plan.kind is StageKind.OPEN)
    assert sum(bool(plan.exit_criteria) for plan in plans) >= 3


@pytest.mark.parametrize("trade", Trade)
def test_a_translation_has_the_same_shape(trade: Trade) -> None:
    english, chinese = template(trade, "en"), template(trade, "zh")

    assert [(plan.kind, plan.stalled_after_days) for plan in english] == [
        (plan.kind, plan.stalled_after_days) for plan in chinese
    ]
    assert not {plan.name for plan in english} & {plan.name for plan in chinese}


def test_who_speaks_neither_is_given_english() -> None:
    assert template(Trade.RETAIL, "pt-BR") == template(Trade.RETAIL, "en")
    assert first_pipeline("de")[0] == "Sales"


def test_a_team_begins_with_stages_in_the_language_of_who_comes_first(database: Database) -> None:
    with database.begin() as session:
        workspace = workspace_of(session, "T9", at=MONDAY, locale="zh-CN")

        default = Pipelines(session, workspace).default()

        assert (default.name, default.first.name, default.won.name) == ("销售", "线索识别", "赢单")
