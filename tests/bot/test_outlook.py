"""How likely deals are is remembered from the night, and asked anew where something has happened since."""

from datetime import timedelta

import pytest
from moneyed import Money

from bot.outlook import FRESH, MOST_AT_ONCE, Outlook
from models.bands import Band, Bands
from models.history import Via
from models.score import Estimate, Prospect, Scores
from tests.bot.conftest import Desk
from tests.bot.reading import words_in
from tests.factories import MONDAY, days

KEPT = Estimate(0.123, 30, None, 10, won=0.0123)


def outlook(desk: Desk) -> Outlook:
    return desk.turn().outlook


def keep(desk: Desk, *deal_ids: int, estimate: Estimate = KEPT) -> None:
    Scores(desk.team.session, desk.team.workspace).keep(dict.fromkeys(deal_ids, estimate), at=desk.now)


def test_what_was_kept_lately_is_said_again(desk: Desk) -> None:
    deal = desk.team.adds("Acme")
    keep(desk, deal.id)

    desk.now += FRESH
    assert outlook(desk).prospects([deal]) == {deal.id: Prospect(0.0123, is_of_winning=True)}

    desk.now += timedelta(seconds=1)
    assert outlook(desk).prospects([deal])[deal.id] != Prospect(0.0123, is_of_winning=True)


def test_of_a_deal_that_has_moved_since_the_scorer_is_asked(desk: Desk) -> None:
    deal = desk.team.adds("Acme")
    keep(desk, deal.id)
    desk.now += days(1)

    deal.advance(by=desk.team.ann, at=desk.now, via=Via.BUTTON)

    estimate = outlook(desk).of(deal)
    assert estimate is not None
    assert outlook(desk).prospects([deal]) == {deal.id: estimate.prospect}


def test_a_closed_deal_has_no_outlook(desk: Desk) -> None:
    deal = desk.team.adds("Acme", stage="Won")

    assert outlook(desk).of(deal) is None
    assert outlook(desk).explain(deal) is None
    assert outlook(desk).prospects([deal]) == {}


def test_where_too_many_are_unknown_the_largest_are_asked_of(desk: Desk) -> None:
    deals = [desk.team.adds(f"Deal {number}", money=Money(number, "USD")) for number in range(MOST_AT_ONCE + 2)]

    assert outlook(desk).prospects(deals).keys() == {deal.id for deal in deals[2:]}


def test_the_bands_are_of_the_team_s_open_deals(desk: Desk) -> None:
    assert outlook(desk).bands == Bands.of([])

    for number in range(20):
        keep(desk, desk.team.adds(f"Deal {number}").id, estimate=Estimate(0.5 + number / 100, 30, 1, 10))

    assert outlook(desk).bands == Bands.of([0.5 + number / 100 for number in range(20)])


def test_a_deal_from_a_clock_that_is_ahead_is_explained_too(desk: Desk) -> None:
    deal = desk.team.adds("Acme", at=MONDAY + timedelta(minutes=5))

    explanation = outlook(desk).explain(deal)

    assert explanation is not None
    assert explanation.band in Band


@pytest.mark.parametrize("line", ["/deal advance Acme", "/deal note Acme: hello", "/deal set Acme amount 5k"])
def test_what_a_card_says_after_a_change_is_kept(desk: Desk, line: str) -> None:
    deal = desk.team.adds("Acme")

    desk.types(line)

    (score,) = Scores(desk.team.session, desk.team.workspace).of(deal.id, since=MONDAY)
    estimate = outlook(desk).of(deal)
    assert estimate is not None
    assert (score.at, score.probability, score.won) == (desk.now, estimate.probability, estimate.won)


def test_looking_keeps_nothing(desk: Desk) -> None:
    deal = desk.team.adds("Acme")

    for line in ("/deal show Acme", "/deal list", "/deal why Acme"):
        assert "Acme" in words_in(desk.types(line))

    assert Scores(desk.team.session, desk.team.workspace).of(deal.id, since=MONDAY) == []
