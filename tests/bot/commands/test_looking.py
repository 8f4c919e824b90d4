"""`/deal show`, `/deal why`, `/deal list`, `/deal find`, `/deal undo` and `/deal help`"""

from datetime import timedelta

import pytest
from moneyed import Money

from bot.faults import SelectionUnknown, WordsMissing
from bot.reply import Place
from models.moving_errors import NothingToUndo
from models.score import Estimate, Scores
from tests.bot.conftest import Desk
from tests.bot.reading import labels_in, words_in
from tests.factories import MONDAY, days


def names_in(listed: str) -> list[str]:
    return [line.replace(":warning: ", "").strip("*") for line in listed.splitlines() if "*" in line]


def test_a_deal_is_shown_with_how_it_stands_and_how_likely_it_is(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Proposal", money=Money(12_000, "USD"), company="Acme Holding")
    desk.now = MONDAY + days(3)

    shown = words_in(desk.types("/deal show acme"))

    assert "*Acme* · Acme Holding" in shown
    assert "*Stage*\nProposal (4 of 7)" in shown
    assert "*Amount*\n$12,000" in shown
    assert "*In this stage for*\n3 days" in shown
    assert "likely to move forward within 30 days" in shown


@pytest.mark.parametrize("line", ["/deal why acme", "/deal explain Acme", "/deal why Acme?", "/deal Why: acme"])
def test_why_is_told_to_whoever_asks(desk: Desk, line: str) -> None:
    desk.team.adds("Acme", stage="Proposal")
    desk.team.adds("Globex")

    reply = desk.types(line)

    assert reply.place is Place.PRIVATE
    assert words_in(reply).startswith("*Acme* · Proposal\n*")
    assert "*What speaks for moving forward*" in words_in(reply)
    assert "Nothing to compare with" in words_in(reply)


@pytest.mark.parametrize("line", ["/deal 为什么 Acme", "/deal 为什么Acme", "/deal 原因 acme"])
def test_why_is_told_in_chinese(desk: Desk, line: str) -> None:
    desk.team.adds("Acme")

    words = words_in(desk.types(line, locale="zh-CN"))

    assert "*推进的有利因素*" in words
    assert "*可能性更高的商机有什么不同*" in words


def test_why_compares_with_what_was_said_before(desk: Desk) -> None:
    deal = desk.team.adds("Acme")
    for ago, chance in ((31, 0.01), (8, 0.99)):
        estimate = Estimate(chance, 30, None, 10)
        desk.now = MONDAY + days(40 - ago)
        Scores(desk.team.session, desk.team.workspace).keep({deal.id: estimate}, at=desk.now)
    desk.now = MONDAY + days(40)

    words = words_in(desk.types("/deal why Acme"))

    assert "▼ It was 99% a week ago." in words
    assert "▲ It was 1% a month ago." in words


def test_a_closed_deal_has_no_why(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Won")

    assert desk.types("/deal why Acme").text.startswith("*Acme* is closed (Won), so there is no chance left to tell.")


def test_a_move_is_taken_back(desk: Desk) -> None:
    desk.team.adds("Acme")
    desk.types("/deal advance Acme")

    reply = desk.types("/deal undo Acme")

    assert reply.text == "Ann took back the latest move of *Acme*. It is in *Lead identified* again."
    with pytest.raises(NothingToUndo):
        desk.types("/deal undo Acme")


def test_the_list_is_of_one_s_own_open_deals_and_marks_the_stalled(desk: Desk) -> None:
    desk.team.adds("Fresh", at=MONDAY + days(30), money=Money(900, "USD"))
    desk.team.adds("Quiet", stage="Proposal", at=MONDAY + days(15))
    desk.team.adds("Quietest", at=MONDAY, money=Money(200, "USD"))
    desk.team.adds("Gone", stage="Won")
    desk.team.adds("Bob's", owner=desk.team.bob)
    desk.now = MONDAY + days(31)

    reply = desk.types("/deal list")

    assert reply.text == "Your 3 open deals"
    assert names_in(words_in(reply)) == ["Fresh", "Quietest", "Quiet"]
    assert words_in(reply).count("quiet for") == 2
    assert labels_in(reply) == ["Show"] * 3


def test_the_list_is_ranked_by_chance_times_amount_and_says_the_chance_and_the_band(desk: Desk) -> None:
    likely, big, euros, unpriced = (
        desk.team.adds("Likely", money=Money(300, "USD")),
        desk.team.adds("Big", money=Money(1_000, "USD")),
        desk.team.adds("Euros", money=Money(9_000, "EUR")),
        desk.team.adds("Unpriced", stage="Proposal"),
    )
    chances = {likely.id: 0.8, big.id: 0.2, euros.id: 0.9, unpriced.id: 0.9}
    kept = {deal_id: Estimate(0.5, 30, 1, 10, won=chance) for deal_id, chance in chances.items()}
    Scores(desk.team.session, desk.team.workspace).keep(kept, at=desk.now)

    words = words_in(desk.types("/deal list"))

    assert names_in(words) == ["Likely", "Big", "Unpriced", "Euros"]
    assert "$300 · 0 days · 80% to be won · :fire: hot" in words
    assert "$1,000 · 0 days · 20% to be won · :sunny: warm" in words


def test_stalled_deals_are_listed_by_themselves_by_what_can_be_expected_of_them(desk: Desk) -> None:
    desk.team.adds("Small", money=Money(100, "USD"))
    desk.team.adds("Large", money=Money(900, "USD"), at=MONDAY + days(1))
    desk.team.adds("Fresh", money=Money(5_000, "USD"), at=MONDAY + days(30))
    desk.now = MONDAY + days(31)

    assert names_in(words_in(desk.types("/deal list stalled"))) == ["Large", "Small"]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("all", ["Beta", "Gamma", "Acme"]),
        ("@bob", ["Gamma"]),
        ("bob", ["Gamma"]),
        ("<@UBOB|bob>", ["Gamma"]),
        ("proposal", ["Beta", "Gamma"]),
        ("me", ["Beta", "Acme"]),
        ("stalled", []),
        ("won", []),
    ],
)
def test_the_list_may_be_of_others_or_of_a_stage(desk: Desk, words: str, names: list[str]) -> None:
    desk.team.adds("Acme", at=MONDAY)
    desk.team.adds("Beta", stage="Proposal", at=MONDAY + timedelta(seconds=1))
    desk.team.adds("Gamma", stage="Proposal", owner=desk.team.bob, at=MONDAY + timedelta(seconds=2))

    reply = desk.types(f"/deal list {words}")

    assert names_in(words_in(reply.blocks[1:])) == names


def test_what_can_be_listed_is_said_when_it_was_not_understood(desk: Desk) -> None:
    with pytest.raises(SelectionUnknown):
        desk.types("/deal list quux")


def test_a_long_list_says_how_many_it_leaves_out(desk: Desk) -> None:
    for number in range(27):
        desk.team.adds(f"Deal {number}")

    reply = desk.types("/deal list")

    assert reply.text == "Your 27 open deals"
    assert words_in(reply).splitlines()[-2:] == ["and 12 more", "Next"]


def test_deals_are_found_by_any_word(desk: Desk) -> None:
    desk.team.adds("Website", company="Globex")
    desk.team.adds("Globex renewal", stage="Won")

    reply = desk.types("/deal find globex")

    assert reply.text == "2 deals with *globex*"
    assert "*Stage*\nLead" in words_in(desk.types("/deal find website"))
    assert desk.types("/deal find initech").text.startswith("No deal, company or contact has *initech*")
    with pytest.raises(WordsMissing):
        desk.types("/deal find")


def test_help_begins_with_what_is_sensible_now(desk: Desk) -> None:
    nothing_yet = desk.types("/deal help")
    desk.team.adds("Acme")
    moving = desk.types("/deal help")
    desk.now = MONDAY + days(40)
    stalled = desk.types("/deal help")

    assert nothing_yet.text.startswith("You have no open deals yet.")
    assert moving.text.startswith("You have 1 open deal, and it is moving.")
    assert stalled.text.startswith("1 of your deals has stalled.")
    assert "/deal advance acme" in words_in(stalled)
