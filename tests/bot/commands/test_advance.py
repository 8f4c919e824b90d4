"""`/deal advance`"""

import pytest

from bot.faults import StageMissing
from bot.reply import Place
from models.errors import DealNotFound, NameMissing, SeveralDealsFit, StageNotFound
from models.history import Via
from models.moving_errors import LossReasonMissing, NoStageAhead, NotForward
from tests.bot.conftest import Desk
from tests.bot.reading import labels_in


@pytest.mark.parametrize(
    ("line", "stage"),
    [
        ("/deal advance Acme", "First contact"),
        ("/deal advance acme corp", "First contact"),
        ("/deal advance Acme Crop", "First contact"),
        ("/deal advance acme to proposal", "Proposal"),
        ("/deal advance acme proposal", "Proposal"),
        ("/deal advance acme to prop", "Proposal"),
        ('/deal advance "Acme Corp" proposal', "Proposal"),
    ],
)
def test_a_deal_advances_one_stage_or_to_the_one_that_is_named(desk: Desk, line: str, stage: str) -> None:
    desk.team.adds("Acme Corp")

    reply = desk.types(line)

    assert desk.deal("Acme Corp").stage.name == stage
    assert desk.deal("Acme Corp").changes[-1].via is Via.COMMAND
    assert reply.text == f"*Acme Corp* is in *{stage}* now."
    assert reply.place is Place.PRIVATE


@pytest.mark.parametrize("line", ["/deal advance Acme → Won", "/deal move Acme to Won", "/deal won Acme"])
def test_a_win_is_told_to_the_channel_however_it_is_said(desk: Desk, line: str) -> None:
    desk.team.adds("Acme", stage="Proposal")

    reply = desk.types(line)

    assert (reply.place, reply.text) == (Place.CHANNEL, ":tada: Ann won *Acme*!")


def test_what_follows_a_win_is_no_win(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Won")

    reply = desk.types("/deal advance Acme")

    assert (reply.place, reply.text) == (Place.PRIVATE, "*Acme* is in *After-sales* now.")


def test_the_card_offers_the_next_stage(desk: Desk) -> None:
    desk.team.adds("Acme")

    reply = desk.types("/deal advance Acme")

    assert labels_in(reply) == ["Advance to Qualified", "Note", "Why?", "Lost", "More"]


def test_a_name_may_have_a_to_in_it(desk: Desk) -> None:
    desk.team.adds("Path to Victory")

    desk.types("/deal advance Path to Victory")
    desk.types("/deal advance path to victory to proposal")

    assert desk.deal("Path to Victory").stage.name == "Proposal"


def test_a_name_that_ends_like_a_stage_is_a_name(desk: Desk) -> None:
    desk.team.adds("Road to Proposal")

    desk.types("/deal advance Road to Proposal")

    assert desk.deal("Road to Proposal").stage.name == "First contact"


def test_a_longer_name_is_meant_where_it_is_begun(desk: Desk) -> None:
    desk.team.adds("Acme")
    desk.team.adds("Acme Corp")

    desk.types("/deal advance acme co to proposal")

    assert desk.deal("#2").stage.name == "Proposal"
    assert desk.deal("#1").stage.name == "Lead identified"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/deal advance", NameMissing),
        ("/deal advance Globex", DealNotFound),
        ("/deal advance Acme to the moon", StageNotFound),
        ("/deal advance Acme to", StageMissing),
        ("/deal advance Acme to lost", LossReasonMissing),
        ("/deal advance Beta to lead", NotForward),
        ("/deal advance Gamma", NoStageAhead),
    ],
)
def test_what_cannot_advance_is_refused_with_its_reason(desk: Desk, line: str, error: type[Exception]) -> None:
    desk.team.adds("Acme")
    desk.team.adds("Beta", stage="Proposal")
    desk.team.adds("Gamma", stage="After-sales")

    with pytest.raises(error):
        desk.types(line)


def test_where_several_deals_fit_nothing_moves(desk: Desk) -> None:
    desk.team.adds("Acme North")
    desk.team.adds("Acme South")

    with pytest.raises(SeveralDealsFit):
        desk.types("/deal advance Acme to proposal")

    assert desk.deal("Acme North").stage.name == "Lead identified"
