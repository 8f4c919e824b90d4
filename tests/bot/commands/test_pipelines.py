"""`/funnel pipelines`, and deals beside the default pipeline"""

import pytest

from bot.faults import SelectionUnknown, SettingNotUnderstood, WordsMissing
from models.errors import NotAllowed, PipelineInvalid, PipelineNotFound, StageNotFound
from models.member import Role
from tests.bot.conftest import Desk
from tests.bot.reading import words_in


def test_pipelines_are_shown_with_what_each_stage_is_for(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Qualified")
    added = words_in(desk.types("/funnel pipeline add Shop from retail"))

    shown = words_in(desk.types("/funnel pipelines"))

    assert added.startswith("New pipeline: *Shop*.")
    assert "1 pipeline" not in added
    assert "*Sales*, where new deals go · 1 deal open" in shown
    assert "3. *Qualified* 1 deal · stalled after 14 working days" in shown
    assert "Goal: Agree that there is a need, a budget and a date" in shown
    assert "Done when: Need, budget, decision maker and date are known" in shown
    assert "*Shop* · 0 deals open" in shown
    assert "6. *Repurchased* won" in shown
    assert "Shop" not in words_in(desk.types("/funnel pipelines sales"))


def test_a_deal_goes_where_it_is_said_and_else_to_the_default(desk: Desk) -> None:
    desk.types("/funnel pipeline add Shop stages Visit, Paid:won")
    desk.types("/deal add Acme 12k in Shop")
    desk.types("/deal add Beta 5k")
    desk.types("/funnel pipeline default shop")
    desk.types("/deal add Gamma 5k")

    stages = {name: desk.deal(name).stage.name for name in ("Acme", "Beta", "Gamma")}

    assert stages == {"Acme": "Visit", "Beta": "Lead identified", "Gamma": "Visit"}


@pytest.mark.parametrize("line", ["/funnel pipeline rename shop to Store", "/funnel 管道 改名 Shop 至 Store"])
def test_a_pipeline_is_renamed_with_its_deals_in_it(desk: Desk, line: str) -> None:
    desk.types("/funnel pipeline add Shop stages Visit, Paid:won")
    desk.types("/deal add Acme 12k in Shop")

    assert "*Store*" in desk.types(line).text
    assert desk.deal("Acme").pipeline.name == "Store"
    with pytest.raises(PipelineNotFound):
        desk.types("/funnel pipelines Shop")


def test_no_pipeline_is_given_a_name_that_another_has(desk: Desk) -> None:
    desk.types("/funnel pipeline add Shop stages Visit, Paid:won")

    for words, fault in (
        ("Shop to sales", PipelineInvalid),
        ("Nowhere to Store", PipelineNotFound),
        ("Shop", SettingNotUnderstood),
        ("Shop to", SettingNotUnderstood),
        ("", WordsMissing),
    ):
        with pytest.raises(fault):
            desk.types(f"/funnel pipeline rename {words}")
    assert desk.types("/funnel pipeline rename Shop to SHOP").text.startswith("*Shop* is now called *SHOP*")


def test_deals_are_listed_by_pipeline(desk: Desk) -> None:
    desk.types("/funnel pipeline add Shop stages Visit, Till, Paid:won")
    desk.types("/deal add Acme 12k in Shop")
    desk.types("/deal add Beta 5k")

    assert desk.types("/deal list in Shop").text == "1 open deal in the pipeline *Shop*"
    assert desk.types("/deal list shop").text == "1 open deal in the pipeline *Shop*"
    assert desk.types("/deal list visit in Shop").text == "1 open deal in *Visit*"
    assert desk.types("/deal list till in Shop").text.startswith("No deals there.")
    with pytest.raises(StageNotFound):
        desk.types("/deal list proposal in Shop")
    with pytest.raises(SelectionUnknown):
        desk.types("/deal list in Nowhere")


def test_a_pipeline_is_made_in_the_words_of_the_workspace(desk: Desk) -> None:
    desk.team.workspace.locale = "zh"

    shown = words_in(desk.types("/funnel 管道 新建 门店 模板 零售", locale="zh-CN"))

    assert "1. *首次购买*" in shown


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("add", WordsMissing),
        ("add Shop", SettingNotUnderstood),
        ("add Shop from moon", SettingNotUnderstood),
        ("add Sales from retail", PipelineInvalid),
        ("add Shop stages Lead, Demo", PipelineInvalid),
        ("default", WordsMissing),
        ("default Nowhere", PipelineNotFound),
        ("Nowhere", PipelineNotFound),
    ],
)
def test_what_makes_no_pipeline_is_refused(desk: Desk, words: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        desk.types(f"/funnel pipeline {words}")


def test_only_managers_change_pipelines(desk: Desk) -> None:
    for words in ("add Shop from retail", "default Sales", "rename Sales to Mine"):
        with pytest.raises(NotAllowed):
            desk.types(f"/funnel pipeline {words}", by=desk.team.bob)
    desk.team.bob.role = Role.MANAGER
    desk.types("/funnel pipeline add Shop from retail", by=desk.team.bob)
