"""`/funnel stage`"""

import pytest

from bot.commands.funnel_stage import EXAMPLES
from bot.faults import SettingNotUnderstood, StageGoesNowhere, WordsMissing
from models.errors import NotAllowed, PipelineInvalid, StageNotFound, TextTooLong
from tests.bot.conftest import Desk
from tests.bot.reading import words_in


def test_a_manager_reshapes_the_pipeline_around_its_deals(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Qualified")

    renamed = desk.types("/funnel stage rename qualified to Needs agreed")
    desk.types("/funnel stage insert Demo after Needs agreed")
    desk.types("/deal advance acme")
    merged = desk.types("/funnel stage merge Demo into Proposal")

    assert renamed.text == "*Qualified* is now called *Needs agreed*. Its deals stay there."
    assert "3. *Needs agreed* 1 deal" in words_in(renamed)
    assert merged.text.startswith("*Demo* is part of *Proposal* now: 1 deal was there")
    assert "4. *Proposal* 1 deal" in words_in(merged)
    assert words_in(merged).startswith(merged.text)
    assert "1 pipeline" not in words_in(merged)
    assert desk.deal("Acme").stage.name == "Proposal"


def test_what_a_stage_is_for_and_how_long_it_may_take_is_written_down(desk: Desk) -> None:
    desk.types("/funnel stage goal Proposal is an offer in Sales")
    desk.types("/funnel stage criteria Proposal are they have answered")
    shown = words_in(desk.types("/funnel stage stalled Proposal 21 days"))

    assert "Goal: an offer in Sales" in shown
    assert "Done when: they have answered" in shown
    assert "4. *Proposal* 0 deals · stalled after 21 working days" in shown
    assert "never stalls" in words_in(desk.types("/funnel stage stalled Proposal never"))
    assert "offer in Sales" not in words_in(desk.types("/funnel stage goal Proposal is none"))


def test_stages_of_another_pipeline_are_named_with_it(desk: Desk) -> None:
    desk.types("/funnel pipeline add Shop stages Visit, Till, Paid:won")

    desk.types("/funnel stage rename Visit to Came in in Shop")
    desk.types("/funnel stage goal Till in Shop is to pay")
    shown = words_in(desk.types("/funnel 阶段 插入 演示 在 Till 之前 在 Shop"))

    assert [each.name for each in desk.turn().pipelines.named("Shop").open_stages] == ["Came in", "演示", "Till"]
    assert "Goal: to pay" in shown


def test_every_example_is_understood(desk: Desk) -> None:
    desk.types("/funnel stage rename Lead identified to Lead")

    for example in EXAMPLES.values():
        assert desk.types(example).text


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Nowhere goal is a date", StageNotFound),
        ("paint", SettingNotUnderstood),
        ("rename", WordsMissing),
        ("rename Proposal", SettingNotUnderstood),
        ("rename Nowhere to Somewhere", StageNotFound),
        ("rename Proposal to Qualified", PipelineInvalid),
        (f"rename Proposal to {'x' * 200}", TextTooLong),
        ("insert Demo", SettingNotUnderstood),
        ("insert Demo after Lost", PipelineInvalid),
        ("merge Won into Proposal", PipelineInvalid),
        ("merge Nowhere", StageNotFound),
        ("merge Won", PipelineInvalid),
        ("goal Proposal", SettingNotUnderstood),
        (f"goal Proposal is {'x' * 301}", TextTooLong),
        ("stalled Proposal soon", SettingNotUnderstood),
        ("stalled Won 5 days", SettingNotUnderstood),
    ],
)
def test_what_cannot_be_done_is_told(desk: Desk, words: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        desk.types(f"/funnel stage {words}")


def test_a_stage_is_not_retired_before_it_is_said_where_its_deals_go(desk: Desk) -> None:
    desk.types("/funnel pipeline add Shop stages Visit, Paid:won, Call:after_sales")

    for said, needed in (
        ("negotiation", "merge Negotiation into Proposal"),
        ("Lead identified", "merge Lead identified into First contact"),
        ("call in Shop", "merge Call into Paid in Shop"),
    ):
        with pytest.raises(StageGoesNowhere, match=f"'/funnel stage {needed}'"):
            desk.types(f"/funnel stage retire {said}")
    with pytest.raises(PipelineInvalid):
        desk.types("/funnel stage retire Visit in Shop")


@pytest.mark.parametrize("words", ["Proposal goal is sign it", "Proposal goal sign it", "proposal 目标：sign it"])
def test_the_stage_may_stand_first_as_in_playbooks(desk: Desk, words: str) -> None:
    assert "Goal: sign it" in words_in(desk.types(f"/funnel stage {words}"))
    desk.types("/funnel stage Proposal stalled 21 days")

    shown = words_in(desk.types("/funnel stage", by=desk.team.bob))

    assert "stalled after 21 working days" in shown
    assert "Goal: sign it" in shown


def test_only_managers_change_stages(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.types("/funnel stage stalled Proposal 10 days", by=desk.team.bob)
