"""What a channel reads of its funnel in the morning."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from moneyed import Money

from bot.say import Say
from bot.views.blocks import MESSAGE_BLOCKS
from bot.views.digest import funnel_digest
from bot.views.forecast import glance_line
from models.attention import Look, Looks, Why
from models.bands import Band
from models.changes import Changes
from models.forecast import Glance, Range, Step
from models.funnel import FunnelReport, StageRow
from models.period import Period, Unit
from models.pipeline import StageKind
from models.pricing import Basis, Unpriced, Worth
from models.score import Estimate
from models.tally import Tally
from tests.factories import MONDAY, a_deal, a_member, days
from tests.slack_double.block_rules import refuse_bad_blocks

SAY = Say("en", "Europe/Berlin")
NO_LOOKS = Looks((), 0)
NOTHING = Tally(0, (), 0)


def tally(count: int, *amounts: Money) -> Tally:
    return Tally(count, amounts, 0)


def row(name: str, count: int) -> StageRow:
    return StageRow(
        stage_id=1,
        name=name,
        kind=StageKind.OPEN,
        count=count,
        amounts=(Money(120_000, "USD"),) if count else (),
        unpriced=0,
        conversion=0.45,
        decided=20,
        median_days=6.2,
    )


def report(
    *rows: StageRow, pipeline: str = "Sales", new: Tally = NOTHING, won: Tally = NOTHING, lost: Tally = NOTHING
) -> FunnelReport:
    return FunnelReport(
        pipeline=pipeline,
        at=MONDAY + days(1),
        currency="USD",
        rows=rows,
        open=tally(sum(each.count for each in rows), Money(240_000, "USD")),
        won=NOTHING,
        lost=NOTHING,
        since=MONDAY,
        changes=Changes(new=new, forward=NOTHING, back=NOTHING, won=won, lost=lost, reopened=NOTHING),
        before=Changes(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    )


def a_look(name: str = "Acme", why: Why = Why.STALLED) -> Look:
    owner = a_member("Bob")
    deal = a_deal(name, stage="Proposal", owner=owner, money=Money(12_000, "USD"), close_date=MONDAY.date())
    return Look(deal, (why,), Decimal(6_000), days(2), Estimate(0.5, 30, 3, 400), Band.HOT)


@pytest.mark.parametrize("many", [5, 60])
def test_the_offer_of_the_weekly_one_has_room_before_any_deal_and_what_is_cut_is_said(many: int) -> None:
    looks = Looks(tuple(a_look(f"{number} {'W' * 40}") for number in range(many)), 0)

    digest = funnel_digest(report(row("Lead", 3)), looks, SAY, offered=7)

    assert len(digest.blocks) <= MESSAGE_BLOCKS
    assert digest.blocks[-1]["accessory"]["value"] == "0:0:7"
    assert digest.text.endswith("Would once a week do?")
    assert ("and " in digest.text.splitlines()[-2]) is (many > 5)


def test_it_says_the_date_what_changed_and_what_stands_in_each_stage() -> None:
    told = report(row("Lead", 3), row("Proposal", 2), new=tally(2, Money(12_000, "USD")), won=tally(1))

    digest = funnel_digest(told, NO_LOOKS, SAY)

    head, changes, stages = (block["text"]["text"] for block in digest.blocks)
    assert head == "Sales · Mar 3, 2026"
    assert changes == "*Since Mar 2, 10:00\u202fAM:* 2 new ($12K) · 1 won"
    assert stages.splitlines()[0] == "*5 open deals* ($240K)"
    lead = stages.splitlines()[1]
    assert lead.startswith("• *Lead*: 3 deals")
    assert "$120K" in lead
    assert "45%" in lead


def test_a_day_without_a_move_is_one_line() -> None:
    digest = funnel_digest(report(row("Lead", 1)), NO_LOOKS, SAY)

    assert "Nothing has moved since Mar 2, 10:00\u202fAM." in digest.text


def test_that_nothing_came_or_was_won_or_lost_is_told_where_there_was_some_before() -> None:
    told = report(new=tally(1))
    before = replace(told.before, forward=tally(4), won=tally(3, Money(9_000, "USD")), lost=tally(1))

    digest = funnel_digest(replace(told, before=before), NO_LOOKS, SAY)

    assert "1 new (before: 0) · 0 won (before: 3 · $9K) · 0 lost (before: 1)\n" in digest.text


def test_deals_that_were_cut_before_are_counted_with_those_that_do_not_fit() -> None:
    digest = funnel_digest(report(row("Lead", 3)), Looks((a_look(),), 7), SAY)

    assert digest.text.endswith("and 7 more")


def test_amounts_of_different_currencies_are_not_added() -> None:
    digest = funnel_digest(report(lost=tally(2, Money(1_000, "USD"), Money(2_000, "EUR"))), NO_LOOKS, SAY)

    assert "2 lost ($1K + €2K)" in digest.text


def test_amounts_that_were_converted_are_told_as_one_and_that_they_were() -> None:
    basis = Basis("USD", ("EUR",), MONDAY.date(), MONDAY.date(), False, ())
    lost = replace(tally(2, Money(1_000, "USD"), Money(2_000, "EUR")), worth=Worth(Money(3_200, "USD"), ()))

    digest = funnel_digest(replace(report(lost=lost), basis=basis), NO_LOOKS, SAY)

    assert "2 lost ($3.2K)" in digest.text
    assert "Amounts in EUR are counted in USD, at rates of Mar 2, 2026" in digest.text
    assert "at rates of Mar 2, 2026" in str(digest.blocks[-1])


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Why.STALLED, "Has gone quiet"),
        (Why.CLOSE_DATE_PASSED, "Should have closed on Mar 2, 2026"),
        (Why.CLOSING_SOON, "To close on Mar 2, 2026"),
        (Why.PUT_OFF, "Put off by 2 days to Mar 2, 2026"),
        (Why.VALUABLE, "Among those worth most, given their chances"),
    ],
)
def test_a_deal_to_look_at_says_why_and_can_be_advanced_there(why: Why, words: str) -> None:
    look = a_look(why=why)

    digest = funnel_digest(report(), Looks((look,), 0), SAY)

    shown, buttons = digest.blocks[-2:]
    assert buttons["block_id"] == f"deal-{look.deal.id}"
    assert shown["text"]["text"].splitlines()[0] == "*Acme* · Proposal · $12,000 · Bob"
    assert words in shown["text"]["text"]
    assert "*50%* likely to move forward within 30 days · :fire: hot" in shown["text"]["text"]
    assert [each["action_id"] for each in buttons["elements"]] == [
        "deal.advance",
        "deal.note",
        "deal.step",
        "deal.lost",
    ]


def test_the_text_says_all_that_the_blocks_show() -> None:
    digest = funnel_digest(report(row("Lead", 1)), Looks((a_look(),), 0), SAY)

    assert "Sales · Mar 3, 2026" in digest.text
    for block in digest.blocks:
        if block["type"] == "section":
            assert block["text"]["text"] in digest.text


@pytest.mark.parametrize("letter", ["x", "&", "中", "*"])
def test_a_hundred_stages_and_the_longest_names_stay_within_slack_s_limits(letter: str) -> None:
    rows = [row(letter * 150, 9) for _ in range(100)]

    digest = funnel_digest(
        report(*rows, pipeline=letter * 150), Looks(tuple(a_look(letter * 150) for _ in range(8)), 9), SAY
    )

    assert refuse_bad_blocks(list(digest.blocks), "message")
    shown = sum(line.startswith("•") for line in digest.text.splitlines())
    assert f"and {100 - shown} more" in digest.text


def test_names_can_neither_call_people_nor_format() -> None:
    digest = funnel_digest(report(row("<!here>", 1), pipeline="<!channel>"), Looks((a_look("<@U1>"),), 0), SAY)

    assert not any(call in digest.text for call in ("<!here>", "<!channel>", "<@U1>"))
    shown = str([block["text"] for block in digest.blocks[1:] if "text" in block])
    assert not any(call in shown for call in ("<!here>", "<!channel>", "<@U1>"))


def test_how_the_quarter_is_likely_to_end_is_told_against_its_target() -> None:
    quarter = Period(Unit.QUARTER, date(2026, 1, 1), date(2026, 3, 31), "UTC")
    found = Range(Decimal(20_000), Decimal(30_000), Decimal(45_000))
    line = glance_line(Glance(quarter, "USD", Step(3, Decimal(12_000)), found, Money(40_000, "USD"), 0.2), SAY)

    told = funnel_digest(report(row("Lead", 2)), NO_LOOKS, SAY, forecast=line)

    words = "until Mar 31, 2026: $30K, in eight of ten cases $20K to $45K; $12K won so far · target $40K"
    assert words in told.text
    assert any(words in block["text"]["text"] for block in told.blocks if block["type"] == "section")


def test_what_the_forecast_of_a_digest_leaves_out_is_told_in_it() -> None:
    quarter = Period(Unit.QUARTER, date(2026, 1, 1), date(2026, 3, 31), "UTC")
    won, left_out = Step(3, Decimal(12_000), {"EUR": Decimal(5_000)}), (Unpriced(2, Money(9_000, "EUR")),)
    found = Range(Decimal(20_000), Decimal(30_000), Decimal(45_000))

    told = glance_line(Glance(quarter, "USD", won, found, unpriced=left_out), SAY)

    assert told.endswith("$12K + €5K won so far · without 2 deals that have no exchange rate: €9,000")
