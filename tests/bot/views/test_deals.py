"""A list of deals has one line each, and says what is urgent and what it leaves out."""

from moneyed import Money

from bot.say import Say
from bot.views.deals import ROWS, deal_line, deal_list
from models.bands import Bands
from models.score import Prospect
from tests.bot.reading import buttons_in, words_in
from tests.factories import MONDAY, a_deal, days

SAY = Say("en", "Europe/Berlin")
BANDS = Bands(hot_from=0.4, warm_from=0.15)


def test_a_line_has_the_stage_the_amount_and_the_stay() -> None:
    deal = a_deal(stage="Proposal", money=Money(12_000, "USD"))

    assert deal_line(deal, MONDAY + days(3), SAY) == "*Acme*\nProposal · $12,000 · 3 days"
    assert deal_line(deal, MONDAY + days(14), SAY) == ":warning: *Acme*\nProposal · $12,000 · quiet for 10 working days"


def test_a_closed_deal_stays_nowhere() -> None:
    assert deal_line(a_deal(stage="Won"), MONDAY + days(30), SAY) == "*Acme*\nWon"


def test_each_line_has_a_button_of_its_own() -> None:
    deals = [a_deal("Acme"), a_deal("Beta")]

    shown = buttons_in(deal_list("Deals", deals, {}, BANDS, total=2, now=MONDAY, say=SAY))

    assert [button["value"] for button in shown] == [f"{deal.id}:{deal.stage_id}" for deal in deals]
    assert [button["accessibility_label"] for button in shown] == ["Show Acme", "Show Beta"]


def test_more_than_a_list_holds_is_counted() -> None:
    blocks = deal_list("Deals", [a_deal() for _ in range(40)], {}, BANDS, total=40, now=MONDAY, say=SAY)

    assert len(buttons_in(blocks)) == ROWS
    assert words_in(blocks).endswith(f"and {40 - ROWS} more")


def test_each_line_says_how_likely_the_deal_is_and_how_that_stands_in_the_team() -> None:
    deals = [a_deal(name) for name in ("Hot", "Warm", "Cold", "Unknown")]
    hot, warm, cold, _ = deals
    prospects = {hot.id: Prospect(0.5, True), warm.id: Prospect(0.3, False), cold.id: Prospect(0.1, True)}

    words = words_in(deal_list("Deals", deals, prospects, BANDS, total=4, now=MONDAY, say=SAY))

    assert "0 days · 50% to be won · :fire: hot" in words
    assert "0 days · 30% to move forward · :sunny: warm" in words
    assert "0 days · 10% to be won · :snowflake: cold" in words
    assert "*Unknown*\nLead identified · 0 days\nShow" in words
