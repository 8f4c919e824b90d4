"""`/deal add`"""

from datetime import date

import pytest
from moneyed import Money

from bot.commands import answer
from bot.faults import WordsMissing
from bot.reply import Place
from models.errors import MemberNotFound, NameTaken, TextTooLong
from models.members import Profile
from models.reading_errors import DateNotUnderstood
from tests.bot.conftest import Desk
from tests.bot.reading import words_in


def test_a_new_deal_is_shown_to_the_channel(desk: Desk) -> None:
    reply = desk.types("/deal add Acme Corp 12k USD close 15 March")

    deal = desk.deal("Acme Corp")
    assert (deal.name, deal.money, deal.close_date) == ("Acme Corp", Money(12_000, "USD"), date(2026, 3, 15))
    assert (deal.owner, deal.stage.name) == (desk.team.ann, "Lead identified")
    assert reply.place is Place.CHANNEL
    assert reply.text == "Ann added *Acme Corp*."
    assert "$12,000" in words_in(reply)


@pytest.mark.parametrize(
    "line",
    [
        "Acme 12k source trade fair",
        "Acme 12k source trade fair close 15 March",
        "Acme 12k close 15 March source: trade fair",
        'Acme 12k source "trade fair" for <@UBOB>',
        '"Acme" source trade fair',
        "Acme 12k 来源 trade fair",
        "Acme 12k source trade fair, close 15 March",
        "Acme 12k source trade fair by 15 March",
        '"Acme" source trade fair 12k',
        '"Acme" source trade fair 12k close 15 March',
    ],
)
def test_a_source_may_stand_behind_the_amount(desk: Desk, line: str) -> None:
    desk.types(f"/deal add {line}")

    assert desk.deal("Acme").name == "Acme"
    assert desk.deal("Acme").source == "trade fair"


def test_the_last_source_is_the_source_and_takes_no_amount_with_it(desk: Desk) -> None:
    desk.types("/deal add Open Source 12k source word of mouth by friends for <@UBOB>")
    desk.types('/deal add "Acme" source trade fair 12k')

    assert desk.deal("Open Source").source == "word of mouth by friends"
    assert desk.deal("Open Source").owner is desk.team.bob
    assert desk.deal("Acme").money == Money(12_000, "USD")


@pytest.mark.parametrize(
    ("line", "source", "closes"),
    [
        ("Acme 12k source fair next friday", "fair", date(2026, 3, 13)),
        ("Acme 12k source fair tomorrow for <@UBOB>", "fair", date(2026, 3, 3)),
        ('"Acme" source fair tomorrow', "fair", date(2026, 3, 3)),
        ('"Acme" friday', "", date(2026, 3, 6)),
        ("Acme 12k source fair 15 March", "fair 15 March", None),
        ("Acme 12k source next door", "next door", None),
        ("Acme 12k source the next week sale", "the next week sale", None),
    ],
)
def test_a_day_behind_a_source_is_the_close_date_where_no_source_is_called_so(
    desk: Desk, line: str, source: str, closes: date | None
) -> None:
    desk.types(f"/deal add {line}")

    assert (desk.deal("Acme").source, desk.deal("Acme").close_date) == (source, closes)


def test_source_belongs_to_a_name_before_the_amount(desk: Desk) -> None:
    desk.types("/deal add Open Source Ltd 12k")

    assert desk.deal("Open Source Ltd").source == ""


def test_an_at_sign_belongs_to_the_name_where_nobody_is_called_so(desk: Desk) -> None:
    desk.types("/deal add Coffee @home Ltd 5k")

    deal = desk.deal("Coffee @home Ltd")
    assert (deal.owner, deal.money) == (desk.team.ann, Money(5_000, "USD"))
    with pytest.raises(MemberNotFound):
        desk.types("/deal add Coffee for @Zoe Smith")


def test_a_deal_may_be_added_for_a_colleague_whom_the_bot_has_not_met(desk: Desk) -> None:
    turn = desk.turn(UCLEO=Profile("UCLEO", "Cleo"))

    answer("/deal", "add Acme 12k <@UCLEO|cleo>", turn)

    owner = desk.deal("Acme").owner
    assert owner is not None
    assert (owner.name, owner.user_id) == ("Cleo", "UCLEO")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/deal add", WordsMissing),
        ('/deal add "  " 12k', WordsMissing),
        ('/deal add ""', WordsMissing),
        ("/deal add Acme 12k close 31 Feb", DateNotUnderstood),
        (f"/deal add {'x' * 3_000}", TextTooLong),
        ("/deal add Acme for <@UNOBODY>", MemberNotFound),
    ],
)
def test_what_makes_no_deal_is_refused(desk: Desk, line: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        desk.types(line)


def test_an_open_deal_keeps_its_name_to_itself(desk: Desk) -> None:
    desk.types("/deal add Acme")

    with pytest.raises(NameTaken):
        desk.types("/deal add ＡＣＭＥ")


@pytest.mark.parametrize("name", ["🚀 Rocket", "شركة المثال", "华为云", "<!channel>", "*bold* `code`", "x" * 150])
def test_any_name_is_kept_as_it_was_typed(desk: Desk, name: str) -> None:
    desk.types(f"/deal add {name} 12k")

    assert desk.deal(name).name == name
