"""`/deal won`, `/deal lost` and `/deal reopen`"""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from moneyed import Money

from bot.errors import worded
from bot.faults import SettingNotUnderstood
from bot.reply import Place
from models.errors import DealNotFound
from models.moving_errors import AlreadyThere, DealIsOpen, LossReasonMissing, LossReasonUnknown
from tests.bot.conftest import Desk
from tests.bot.reading import labels_in, words_in


def test_a_won_deal_is_celebrated_in_the_channel(desk: Desk) -> None:
    desk.team.adds("Acme", money=Money(12_000, "USD"))

    reply = desk.types("/deal won acme")

    assert desk.deal("Acme").is_won
    assert (reply.place, reply.text) == (Place.CHANNEL, ":tada: Ann won *Acme*: $12,000!")
    assert labels_in(reply) == ["Advance to After-sales", "Note", "More"]


def test_the_day_of_a_win_is_that_of_the_workspace_by_which_sums_count_it(desk: Desk) -> None:
    desk.team.adds("Acme", money=Money(12_000, "USD"))
    desk.now = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # April to Ann, who is in Berlin

    assert "*Won on*\nMar 31, 2026" in words_in(desk.types("/deal won Acme"))


@pytest.mark.parametrize("said", ["Acme 15k", "acme for 15,000 USD", '"Acme" 15000', "Acme 金额 1.5万"])
def test_what_is_won_may_be_said_with_the_win_and_is_undone_with_it(desk: Desk, said: str) -> None:
    desk.team.adds("Acme", money=Money(12_000, "USD"))

    assert desk.types(f"/deal won {said}").text == ":tada: Ann won *Acme*: $15,000!"

    desk.types("/deal undo Acme")
    assert desk.deal("Acme").is_open
    assert desk.deal("Acme").money == Money(12_000, "USD")


def test_a_number_that_ends_a_name_is_no_amount(desk: Desk) -> None:
    desk.team.adds("Acme", money=Money(12_000, "USD"))
    desk.team.adds("Acme 54")

    assert desk.types("/deal won Acme 54").text == ":tada: Ann won *Acme 54*!"


@pytest.mark.parametrize("said", ["Acme 2", "Acme 2026", "Acme 3M", "Acme (2)", "Acme 54"])
def test_a_number_that_may_end_a_name_is_no_amount_of_another_deal(desk: Desk, said: str) -> None:
    desk.team.adds("Acme", money=Money(12_000, "USD"))

    with suppress(DealNotFound):
        desk.types(f"/deal won {said}")
    assert desk.deal("Acme").money == Money(12_000, "USD")


def test_a_win_without_an_amount_is_celebrated_too(desk: Desk) -> None:
    desk.team.adds("Acme")

    assert desk.types("/deal win Acme").text == ":tada: Ann won *Acme*!"


@pytest.mark.parametrize(
    "line",
    [
        "/deal lost Acme because price",
        "/deal lost Acme due to price",
        "/deal lost Acme - price",
        "/deal lost Acme: price",
        "/deal lost Acme price",
        "/deal lose acme because of price",
        "/deal 丢单 Acme 因为price",
    ],
)
def test_a_lost_deal_has_a_reason_however_it_is_said(desk: Desk, line: str) -> None:
    desk.team.adds("Acme")

    reply = desk.types(line)

    assert desk.deal("Acme").loss_reason == "price"
    assert (reply.place, reply.text) == (Place.CHANNEL, "Ann marked *Acme* as lost: price")
    assert "Lost because: price" in words_in(reply)
    assert labels_in(reply) == ["Note", "More"]


def test_a_name_may_have_a_dash_in_it(desk: Desk) -> None:
    desk.team.adds("Acme - North")

    desk.types("/deal lost Acme - North because price")

    assert desk.deal("Acme - North").loss_reason == "price"


def test_a_loss_that_nobody_explains_is_asked_about(desk: Desk) -> None:
    desk.team.adds("Acme")

    with pytest.raises(LossReasonMissing):
        desk.types("/deal lost Acme")
    with pytest.raises(LossReasonMissing):
        desk.types("/deal lost Acme because")
    with pytest.raises(LossReasonMissing):
        desk.types("/deal lost Acme because -")
    with pytest.raises(LossReasonMissing) as fault:
        desk.types("/deal lost Acme because n/a")
    assert "*n/a* is no reason" in worded(fault.value, desk.turn().say, command="/deal").text


@pytest.mark.parametrize(
    "line",
    [
        "/deal lost Acme Beta because price",
        '/deal lost "Acme Beta" because price',
        "/deal lost Acme Beta: price",
        "/deal 丢单 Acme Beta 因为price",
        "/deal note Acme Beta: hello",
        '/deal note "Acme Beta" hello',
        "/deal refer Acme Beta: Globex",
        '/deal move "Acme Beta" to Proposal',
    ],
)
@pytest.mark.parametrize("other", ["Acme", "Acme Corp"])
def test_what_stands_before_because_a_colon_or_in_quotes_is_no_other_deal(desk: Desk, line: str, other: str) -> None:
    deal = desk.team.adds(other)

    with pytest.raises(DealNotFound) as missing:
        desk.types(line)

    assert missing.value.name == "Acme Beta"
    assert (deal.is_open, deal.stage.name, deal.activities) == (True, "Lead identified", [])


def test_a_reason_without_because_stands_behind_a_whole_name(desk: Desk) -> None:
    deal = desk.team.adds("Acme Corp")

    with pytest.raises(LossReasonMissing):
        desk.types("/deal lost Acme Beta")
    assert deal.is_open

    desk.types(f"/deal lost #{deal.id} price")
    assert deal.loss_reason == "price"


def test_a_team_that_has_agreed_on_reasons_is_given_no_others(desk: Desk) -> None:
    deal = desk.team.adds("Acme")
    desk.types("/funnel set loss reasons price, timing")

    with pytest.raises(LossReasonUnknown) as fault:
        desk.types("/deal lost Acme because weather")
    assert worded(fault.value, desk.turn().say, command="/deal").text == (
        "*weather* is none of the reasons that your team has agreed on: price and timing. Type one of these."
    )
    assert deal.is_open

    desk.types("/deal lost Acme because PRICE")
    assert deal.loss_reason == "price"


@pytest.mark.parametrize("said", ["unknown", "不知道", "TBD", "x", '"none"', "“n/a”", "Don’t know.", "no idea", "?"])
def test_what_people_type_to_get_past_the_question_why_is_no_reason(desk: Desk, said: str) -> None:
    deal = desk.team.adds("Acme")

    with pytest.raises(LossReasonMissing) as fault:
        desk.types(f"/deal lost Acme because {said}")
    with pytest.raises(SettingNotUnderstood):
        desk.types(f"/funnel set loss reasons price, {said}")

    assert "is no reason" in worded(fault.value, desk.turn().say).text
    assert (deal.is_open, desk.team.workspace.loss_reasons) == (True, [])


def test_a_closed_deal_is_reopened_where_it_was(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Proposal")
    desk.types("/deal lost Acme because price")

    reply = desk.types("/deal reopen acme")

    assert desk.deal("Acme").stage.name == "Proposal"
    assert reply.text == "Ann reopened *Acme*. It is in *Proposal* again."


def test_reopening_means_the_closed_one_of_two(desk: Desk) -> None:
    desk.team.adds("Acme 2025", stage="Proposal")
    desk.types("/deal lost Acme 2025 because price")
    desk.team.adds("Acme 2026")

    desk.types("/deal reopen Acme")

    assert desk.deal("Acme 2025").is_open


def test_what_is_open_or_won_already_stays(desk: Desk) -> None:
    desk.team.adds("Acme")
    desk.team.adds("Beta", stage="Won")

    with pytest.raises(DealIsOpen):
        desk.types("/deal reopen Acme")
    with pytest.raises(AlreadyThere):
        desk.types("/deal won Beta")


def test_the_channel_hears_of_a_deal_that_is_not_closed_after_all(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Proposal")
    desk.types("/deal won Acme")

    undone = desk.types("/deal undo Acme")
    desk.types("/deal lost Acme because price")
    reopened = desk.types("/deal reopen Acme")

    assert (undone.place, reopened.place) == (Place.CHANNEL, Place.CHANNEL)
