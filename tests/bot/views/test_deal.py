"""The card of a deal says where it stands, and what people wrote on it does nothing."""

from datetime import date

import pytest
from moneyed import Money

from bot.say import Say
from bot.views.blocks import Block
from bot.views.deal import card_text, deal_card, reason_words, score_lines
from models.activity import ActivityKind
from models.bands import Band, Bands
from models.deal import Deal
from models.history import Via
from models.score import Estimate, Reason
from tests.bot.reading import labels_in, words_in
from tests.factories import MONDAY, a_deal, a_member, days

SAY = Say("en", "Europe/Berlin")
BANDS = Bands(hot_from=0.4, warm_from=0.15)


def a_card(deal: Deal, *, estimate: Estimate | None = None, after: float = 0) -> tuple[Block, ...]:
    note = deal.activities[-1] if deal.activities else None
    closed_on = deal.closed_at.date() if deal.closed_at else None
    now = MONDAY + days(after)
    return deal_card(deal, estimate=estimate, bands=BANDS, note=note, now=now, say=SAY, closed_on=closed_on)


def test_a_card_tells_the_stage_amount_owner_and_dates() -> None:
    deal = a_deal(stage="Proposal", owner=a_member("Ann"), money=Money(12_000, "USD"), close_date=date(2026, 3, 15))
    deal.plan("Call Joe", due=date(2026, 3, 6), by=None, at=MONDAY)

    words = words_in(a_card(deal, after=2)).replace("\n", " ")

    assert "*Acme*" in words
    assert "*Stage* Proposal (4 of 7)" in words
    assert "*Amount* $12,000" in words
    assert "*Owner* Ann" in words
    assert "*In this stage for* 2 days" in words
    assert "*Next step* Call Joe, by Mar 6, 2026" in words
    assert "*Expected close* Mar 15, 2026" in words


def test_a_card_tells_contact_source_and_the_team_s_own_fields() -> None:
    deal = a_deal()
    deal.contact, deal.source = "Joe", "Fair"
    deal.set_custom("Industry", "Retail & more", by=None, at=MONDAY)
    deal.set_custom("Description", "x" * 3_000, by=None, at=MONDAY)

    words = words_in(a_card(deal))

    assert "Contact: Joe · Source: Fair · Industry: Retail &amp; more · Description: xxx" in words
    assert "x" * 80 not in words


def test_a_card_marks_what_is_late() -> None:
    deal = a_deal(stage="Proposal", close_date=date(2026, 3, 15))
    deal.plan("Call Joe", due=date(2026, 3, 6), by=None, at=MONDAY)

    words = words_in(a_card(deal, after=20))

    assert ":warning: 20 days, stalled" in words
    assert ":warning: Call Joe, was due Mar 6, 2026" in words
    assert ":warning: Mar 15, 2026, has passed" in words


def test_today_is_the_reader_s_day() -> None:
    deal = a_deal(close_date=date(2026, 3, 2))
    late_in_the_evening = MONDAY.replace(hour=23, minute=30)

    in_london = deal_card(
        deal, estimate=None, bands=BANDS, note=None, now=late_in_the_evening, say=Say("en", "Europe/London")
    )
    in_berlin = deal_card(deal, estimate=None, bands=BANDS, note=None, now=late_in_the_evening, say=SAY)

    assert "has passed" not in words_in(in_london)
    assert "has passed" in words_in(in_berlin)


@pytest.mark.parametrize(
    ("stage", "buttons"),
    [
        ("Lead identified", ["Advance to First contact", "Note", "Why?", "Lost", "More"]),
        ("Negotiation", ["Advance to Won", "Note", "Why?", "Lost", "More"]),
        ("Won", ["Advance to After-sales", "Note", "More"]),
        ("After-sales", ["Note", "More"]),
    ],
)
def test_a_card_has_the_buttons_that_make_sense(stage: str, buttons: list[str]) -> None:
    assert labels_in(a_card(a_deal(stage=stage))) == buttons


def test_a_won_deal_says_when_it_was_won_instead_of_when_that_was_expected() -> None:
    deal = a_deal(close_date=date(2026, 3, 15))
    deal.win(by=None, at=MONDAY + days(1), via=Via.COMMAND)
    deal.advance(by=None, at=MONDAY + days(3), via=Via.COMMAND)

    words = words_in(a_card(deal, after=30))

    assert "*Won on*\nMar 3, 2026" in words
    assert "Expected close" not in words


def test_a_lost_deal_says_when_and_why_and_offers_no_move() -> None:
    deal = a_deal()
    deal.lose("price", by=None, at=MONDAY + days(1), via=Via.COMMAND)

    card = a_card(deal, after=2)

    assert "*Lost on*\nMar 3, 2026" in words_in(card)
    assert "Lost because: price" in words_in(card)
    assert "Next step" not in words_in(card)
    assert labels_in(card) == ["Note", "More"]


def test_the_latest_note_stands_on_the_card() -> None:
    deal = a_deal()
    deal.log(ActivityKind.CALL, "They want a demo", by=a_member("Ann"), at=MONDAY)
    by_ann = words_in(a_card(deal))
    deal.log(ActivityKind.NOTE, "x" * 3_000, by=None, at=MONDAY)

    assert "Call: They want a demo (Ann, Mar 2, 10:00" in by_ann
    assert "x" * 299 + "…" in words_in(a_card(deal))


def test_a_reason_counts_a_day_as_people_do() -> None:
    reasons = [Reason("reason.days_in_stage", {"stage": "Lead", "days": days}, -0.3) for days in (1, 2)]

    assert [reason_words(each, SAY) for each in reasons] == ["in Lead for 1 day", "in Lead for 2 days"]


def test_a_score_says_how_likely_and_why() -> None:
    reasons = (
        Reason("reason.days_in_stage_usual", {"stage": "Proposal", "days": 20, "usual": 9}, -1.2),
        Reason("reason.amount", {"amount": 12_000.0, "currency": "EUR"}, 0.4),
        Reason("reason.moves_back", {"count": 1}, -0.3),
        Reason("reason.no_activity", {}, -0.1),
    )

    assert score_lines(Estimate(0.62, 30, 3, 400, reasons), SAY) == (
        "*62%* likely to move forward within 30 days",
        "▼ in Proposal for 20 days, usually 9",
        "▲ amount of €12,000",
        "▼ moved back 1 time",
    )


def test_a_score_says_how_likely_it_is_to_be_won_and_how_that_stands_in_the_team() -> None:
    estimate = Estimate(0.62, 30, 3, 400, won=0.31)

    assert score_lines(estimate, SAY, band=Band.WARM) == (
        "*62%* likely to move forward within 30 days · *31%* to be won in the end (:sunny: warm)",
    )
    assert ":sunny: warm" in words_in(a_card(a_deal(), estimate=estimate))


def test_an_early_score_says_that_it_is_one() -> None:
    reason = Reason("reason.stage_rate", {"stage": "Proposal", "rate": 0.4, "count": 12}, 0.2)

    assert score_lines(Estimate(0.4, 30, None, 12, (reason,)), SAY) == (
        "*40%* likely to move forward within 30 days (early estimate, from 12 deals)",
        "▲ 40% move on from Proposal, seen on 12 deals",
    )
    assert "(the rate of its stage, from 5,000 deals)" in score_lines(Estimate(0.4, 30, None, 5_000, (reason,)), SAY)[0]
    (guess,) = score_lines(Estimate(0.3, 30, None, 0, (reason,)), SAY)
    assert "no deals to learn from yet" in guess


def test_the_card_in_one_line() -> None:
    assert card_text(a_deal(money=Money(12_000, "USD")), SAY) == "Acme · Lead identified · $12,000"


@pytest.mark.parametrize("said", ["<!channel>", "<@U123>", "<https://a.example|b>", "*bold*", "`code`", "_it_ ~no~"])
def test_what_people_wrote_mentions_nobody_and_formats_nothing(said: str) -> None:
    deal = a_deal(said, owner=a_member(said))
    deal.company = said
    deal.plan(said, due=None, by=None, at=MONDAY)
    deal.log(ActivityKind.NOTE, said, by=a_member(said), at=MONDAY)
    deal.lose(said, by=None, at=MONDAY + days(1), via=Via.COMMAND)

    words = words_in(a_card(deal)) + card_text(deal, SAY)

    assert "<" not in words
    assert said not in words
