"""What an owner reads on the morning some deals need them."""

from collections.abc import Mapping, Sequence

import pytest
from moneyed import Money

from bot.reply import Reply
from bot.say import Say
from bot.views.nudge import morning_nudge
from models.activity import Task
from models.deal import Deal
from models.pipeline import StageKind, StagePlan
from models.reminders import Reminder
from models.score import Estimate, Reason
from tests.factories import MONDAY, a_deal, a_pipeline, days
from tests.slack_double.block_rules import refuse_bad_blocks

SAY = Say("en", "UTC")
NOW = MONDAY + days(21)
TODAY = NOW.date()
LIKELY = Estimate(0.62, 30, 1, 400, (Reason("reason.no_next_step", {}, -0.7),))


def nudged(deals: Sequence[Deal], estimates: Mapping[int, Estimate] | None = None) -> Reply:
    """What is told of deals that have stalled."""
    stalled = [Reminder(deal, is_stalled=True) for deal in deals]
    return morning_nudge(stalled, estimates or {}, now=NOW, today=TODAY, say=SAY)


def test_a_deal_is_told_with_its_wait_its_amount_and_its_chance() -> None:
    deal = a_deal("Acme", money=Money(12_000, "USD"))

    nudge = nudged([deal], {deal.id: LIKELY})

    head, row, buttons = nudge.blocks
    assert head["text"]["text"] == "1 of your deals needs you today"
    first, second, third = row["text"]["text"].splitlines()
    assert first == "*Acme* · Lead identified · $12,000"
    assert second == "Quiet for 15 working days; the limit here is 14."
    assert "62%" in third
    assert SAY.plain("reason.no_next_step") in third
    assert buttons["block_id"] == f"deal-{deal.id}"


def test_a_wait_is_held_against_what_is_usual_where_enough_have_moved_on() -> None:
    deal = a_deal("Acme", at=MONDAY - days(7))
    deal.stage.usual_days_quiet, deal.stage.usual_days_in_stage, deal.stage.stays_learnt_from = 7, 18, 20

    assert nudged([deal]).blocks[1]["text"]["text"].splitlines()[1:] == [
        "Quiet for 20 working days; 80% of your deals that moved on were never quiet for more than 7.",
        "20 working days in Lead identified; 80% of your deals leave by 18.",
    ]
    deal.stage.usual_days_quiet, deal.stage.stays_learnt_from = 18, 19
    assert nudged([deal]).blocks[1]["text"]["text"].splitlines()[1:] == [
        "Quiet for 20 working days; the limit here is 16.",
    ]


def test_the_text_says_all_that_the_blocks_show() -> None:
    deals = [a_deal("Acme"), a_deal("Globex")]

    nudge = nudged(deals)

    assert nudge.text.splitlines()[0] == "2 of your deals need you today"
    for block in nudge.blocks:
        if block["type"] == "section":
            assert block["text"]["text"] in nudge.text


def test_ten_are_shown_and_the_rest_is_counted() -> None:
    nudge = nudged([a_deal(f"Deal {number}") for number in range(22)])

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
    reason = Reason("reason.stage_above", {"stage": letter * 150}, 0.7)
    estimates = {deal.id: Estimate(0.62, 30, 1, 400, (reason,)) for deal in deals}

    nudge = nudged(deals, estimates)

    assert refuse_bad_blocks(list(nudge.blocks), "message")
    shown = len([block for block in nudge.blocks if block["type"] == "actions"])
    assert nudge.text.endswith(f"and {50 - shown} more")


def test_names_can_neither_call_people_nor_format() -> None:
    nudge = nudged([a_deal("<!channel> <@U1>")])

    assert "<!channel>" not in str(nudge.blocks[1])
    assert "<!channel>" not in nudge.text


def test_tasks_that_are_due_have_a_button_each_and_what_does_not_fit_is_counted() -> None:
    deal = a_deal("Acme", close_date=TODAY - days(2))
    due = tuple(
        Task(id=number, text=f"Call number {number}", due=TODAY - days(number), is_set_aside=False)
        for number in range(5)
    )

    nudge = morning_nudge([Reminder(deal, due, should_have_closed=True)], {}, now=NOW, today=TODAY, say=SAY)

    _, head, *tasks, _ = nudge.blocks
    assert "Should have closed on Mar 21, 2026" in head["text"]["text"]
    assert f"2 more tasks are due: `/deal tasks #{deal.id}`" in head["text"]["text"]
    assert [each["block_id"] for each in tasks] == [f"deal-{deal.id}-task-{number}" for number in range(3)]
    assert [each["accessory"]["action_id"] for each in tasks] == ["deal.done"] * 3
    assert "was due" in tasks[1]["text"]["text"] or "overdue" in tasks[1]["text"]["text"]
