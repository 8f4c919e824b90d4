"""`/deal show`, `/deal list`, `/deal find`, `/deal undo` and `/deal help`"""

from datetime import timedelta

import pytest
from moneyed import Money

from bot.faults import SelectionUnknown, WordsMissing
from models.errors import NothingToUndo
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


def test_a_move_is_taken_back(desk: Desk) -> None:
    desk.team.adds("Acme")
    desk.types("/deal advance Acme")

    reply = desk.types("/deal undo Acme")

    assert reply.text == "Ann took back the latest move of *Acme*. It is in *Lead identified* again."
    with pytest.raises(NothingToUndo):
        desk.types("/deal undo Acme")


def test_the_list_is_of_one_s_own_open_deals_the_stalled_first(desk: Desk) -> None:
    desk.team.adds("Fresh", at=MONDAY + days(30))
    desk.team.adds("Quiet", stage="Proposal", at=MONDAY + days(15))
    desk.team.adds("Quietest", at=MONDAY)
    desk.team.adds("Gone", stage="Won")
    desk.team.adds("Bob's", owner=desk.team.bob)
    desk.now = MONDAY + days(31)

    reply = desk.types("/deal list")

    assert reply.text == "Your 3 open deals"
    assert names_in(words_in(reply)) == ["Quietest", "Quiet", "Fresh"]
    assert words_in(reply).count("quiet for") == 2
    assert labels_in(reply) == ["Show"] * 3


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("all", ["Acme", "Beta", "Gamma"]),
        ("@bob", ["Gamma"]),
        ("bob", ["Gamma"]),
        ("<@UBOB|bob>", ["Gamma"]),
        ("proposal", ["Beta", "Gamma"]),
        ("me", ["Acme", "Beta"]),
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
    assert words_in(reply).splitlines()[-1] == "and 12 more"


def test_deals_are_found_by_any_word(desk: Desk) -> None:
    desk.team.adds("Website", company="Globex")
    desk.team.adds("Globex renewal", stage="Won")

    reply = desk.types("/deal find globex")

    assert reply.text == "2 deals with *globex*"
    assert desk.types("/deal find initech").text.startswith("No deal, company or contact has *initech*")
    with pytest.raises(WordsMissing):
        desk.types("/deal find")


def test_help_begins_with_what_is_sensible_now(desk: Desk) -> None:
    nothing_yet = desk.types("/deal")
    desk.team.adds("Acme")
    moving = desk.types("/deal help")
    desk.now = MONDAY + days(40)
    stalled = desk.types("/deal")

    assert nothing_yet.text.startswith("You have no open deals yet.")
    assert moving.text.startswith("You have 1 open deal, and it is moving.")
    assert stalled.text.startswith("1 of your deals has stalled.")
    assert "/deal advance acme" in words_in(stalled)
