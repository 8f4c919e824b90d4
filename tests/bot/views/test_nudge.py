"""What an owner reads on the morning some deals have gone quiet."""

import pytest
from moneyed import Money

from bot.say import Say
from bot.views.nudge import stalled_nudge
from models.pipeline import StageKind, StagePlan
from models.score import Estimate, Reason
from tests.factories import MONDAY, a_deal, a_pipeline, days
from tests.slack_double.block_rules import refuse_bad_blocks

SAY = Say("en", "UTC")
NOW = MONDAY + days(21)
LIKELY = Estimate(0.62, 30, 1, 400, (Reason("reason.no_next_step", {}, -0.7),))


def test_a_deal_is_told_with_its_wait_its_amount_and_its_chance() -> None:
    deal = a_deal("Acme", money=Money(12_000, "USD"))

    nudge = stalled_nudge([deal], {deal.id: LIKELY}, now=NOW, say=SAY)

    head, row, buttons = nudge.blocks
    assert head["text"]["text"] == "1 of your deals has gone quiet"
    first, second, third = row["text"]["text"].splitlines()
    assert first == "*Acme* · Lead identified · $12,000"
    assert second == "Quiet for 15 working days; the limit here is 14."
    assert "62%" in third
    assert SAY.plain("reason.no_next_step") in third
    assert buttons["block_id"] == f"deal-{deal.id}"


def test_the_text_says_all_that_the_blocks_show() -> None:
    deals = [a_deal("Acme"), a_deal("Globex")]

    nudge = stalled_nudge(deals, {}, now=NOW, say=SAY)

    assert nudge.text.splitlines()[0] == "2 of your deals have gone quiet"
    for block in nudge.blocks:
        if block["type"] == "section":
            assert block["text"]["text"] in nudge.text


def test_ten_are_shown_and_the_rest_is_counted() -> None:
    nudge = stalled_nudge([a_deal(f"Deal {number}") for number in range(22)], {}, now=NOW, say=SAY)

    assert len([block for block in nudge.blocks if block["type"] == "actions"]) == 10
    assert nudge.blocks[-1]["elements"][0]["text"] == "and 12 more"
    assert nudge.text.endswith("and 12 more")


@pytest.mark.parametrize("letter", ["x", "&", "中", "*"])
def test_fifty_deals_with_the_longest_names_stay_within_slack_s_limits(letter: str) -> None:
    stages = a_pipeline(
        StagePlan(letter * 150, stalled_after_days=14),
        StagePlan("Won", StageKind.WON),
        StagePlan("Lost", StageKind.LOST),
    )
    money = Money("99999999999", "USD")
    deals = [a_deal(letter * 150, stage=letter * 150, pipeline=stages, money=money) for _ in range(50)]
    reason = Reason("reason.stage", {"stage": letter * 150}, 0.7)
    estimates = {deal.id: Estimate(0.62, 30, 1, 400, (reason,)) for deal in deals}

    nudge = stalled_nudge(deals, estimates, now=NOW, say=SAY)

    assert refuse_bad_blocks(list(nudge.blocks), "message")
    shown = len([block for block in nudge.blocks if block["type"] == "actions"])
    assert nudge.text.endswith(f"and {50 - shown} more")


def test_names_can_neither_call_people_nor_format() -> None:
    nudge = stalled_nudge([a_deal("<!channel> <@U1>")], {}, now=NOW, say=SAY)

    assert "<!channel>" not in str(nudge.blocks[1])
    assert "<!channel>" not in nudge.text
