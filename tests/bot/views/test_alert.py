"""What a manager reads about big deals that have gone quiet."""

from moneyed import Money

from bot.say import Say
from bot.views.alert import high_value_alert
from models.alarm import Alarm, Cause
from models.deal import Deal
from models.score import Estimate
from tests.factories import MONDAY, a_deal, a_member, days
from tests.slack_double.block_rules import refuse_bad_blocks

SAY = Say("en", "UTC")
NOW = MONDAY + days(20)
EARLY = Estimate(0.25, 30, None, 40)


def stalled(*deals: Deal) -> list[Alarm]:
    return [Alarm(deal, Cause.STALLED, 1) for deal in deals]


def test_a_deal_is_told_with_its_owner_its_wait_and_its_chance() -> None:
    owner = a_member("Bob")
    deal = a_deal("Acme", stage="Proposal", owner=owner, money=Money(80_000, "USD"))

    alert = high_value_alert(stalled(deal), {deal.id: EARLY}, now=NOW, say=SAY)

    first, second, third = alert.blocks[1]["text"]["text"].splitlines()
    assert first == f"*Acme* · Proposal · $80,000 · <@{owner.user_id}>"
    assert second == "Quiet for 14 working days; the limit here is 10."
    assert "25%" in third
    assert alert.text.startswith("1 high-value deal is at risk\n*Acme*")


def test_an_owner_known_by_name_only_is_named() -> None:
    owner = a_member("Bob <!here>")
    owner.user_id = None

    alert = high_value_alert(stalled(a_deal(owner=owner)), {}, now=NOW, say=SAY)

    assert "Bob &lt;!here&gt;" in alert.text


def test_a_deal_of_nobody_says_so() -> None:
    alert = high_value_alert(stalled(a_deal()), {}, now=NOW, say=SAY)

    assert "nobody owns it" in alert.text


def test_fifty_deals_stay_within_slack_s_limits_and_are_counted() -> None:
    deals = [a_deal("&" * 150, money=Money(80_000, "USD")) for _ in range(50)]

    alert = high_value_alert(stalled(*deals), {deal.id: EARLY for deal in deals}, now=NOW, say=SAY)

    assert refuse_bad_blocks(list(alert.blocks), "message")
    shown = len([block for block in alert.blocks if block["type"] == "section"])
    assert alert.text.endswith(f"and {50 - shown} more")


def test_all_that_is_the_matter_with_a_deal_stands_in_its_row() -> None:
    deal = a_deal("Acme", close_date=NOW.date() - days(3))
    alarms = [Alarm(deal, Cause.CLOSE_DATE_PASSED, 1), Alarm(deal, Cause.SCORE_FELL, 0, 0.25)]

    alert = high_value_alert(alarms, {}, now=NOW, say=SAY)

    _, row, buttons = alert.blocks
    assert "Should have closed on" in row["text"]["text"]
    assert "down by 25 points" in row["text"]["text"]
    assert [each["action_id"] for each in buttons["elements"]] == ["deal.take", "deal.show"]
