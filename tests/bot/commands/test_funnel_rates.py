"""`/funnel rates` and `/funnel set rate`, and what they change in what a team sees"""

from datetime import date
from decimal import Decimal

import pytest
from moneyed import Money

from bot.faults import SettingNotUnderstood, WordsMissing
from models.errors import NotAllowed
from models.member import Role
from models.reading_errors import CurrencyUnknown, RateOutOfRange
from models.score import Estimate, Scores
from tests.bot.conftest import Desk
from tests.bot.reading import words_in
from tests.factories import MONDAY, days

TODAY = date(2026, 3, 2)


def worth_of_a_euro(desk: Desk, *, into: str = "USD", on: date = TODAY) -> Decimal | None:
    rates = desk.turn().exchange_rates.pricing(at=MONDAY, since=TODAY - days(200)).rates
    found = rates.price("EUR", into, on)
    return found.of(Decimal(1)) if found else None


@pytest.mark.parametrize(
    "words",
    [
        "rate EUR 1.25",
        "rate eur = 1.25",
        "rate: 1 EUR = 1.25 USD",
        "rate EUR 1,25 USD",
        "rate USD 0.8 EUR",
        "rate EUR to 1.25",
        "rate EUR 1.25 on today",
        "rate EUR 1.25 since 2026-03-02",
        "rate EUR 1.25 自 3月2日",
    ],
)
def test_a_manager_gives_a_rate_for_today(desk: Desk, words: str) -> None:
    desk.types(f"/funnel set {words}")

    assert worth_of_a_euro(desk) == Decimal("1.25")
    assert worth_of_a_euro(desk, on=TODAY - days(1)) is None


@pytest.mark.parametrize(
    ("said", "day"),
    [("on 1 March", date(2026, 3, 1)), ("on 30 December", date(2025, 12, 30)), ("自 2月27日", date(2026, 2, 27))],
)
def test_a_day_without_a_year_is_the_latest_such_day(desk: Desk, said: str, day: date) -> None:
    desk.types(f"/funnel set rate EUR 1.25 {said}")

    assert worth_of_a_euro(desk, on=day) == Decimal("1.25")
    assert worth_of_a_euro(desk, on=day - days(1)) is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("100 JPY = 0.61 EUR", "1 JPY counts as 0.0061 EUR"),
        ("USD/EUR 0.92", "1 USD counts as 0.92 EUR"),
        ("gbp / usd 1.25 on 2026-01-15", "1 GBP counts as 1.25 USD"),
        ("欧元 1.25", "1 EUR counts as 1.25 USD"),
        ("100日元 = 4.9 人民币", "1 JPY counts as 0.049 CNY"),
    ],
)
def test_a_rate_is_read_as_banks_and_people_write_it(desk: Desk, words: str, told: str) -> None:
    assert told in desk.types(f"/funnel set rate {words}").text


def test_a_rate_may_be_of_an_earlier_day_and_of_any_two_currencies(desk: Desk) -> None:
    reply = desk.types("/funnel set rate EUR 0.865 GBP on 2026-01-15")

    assert reply.text.startswith("From Jan 15, 2026 on, 1 EUR counts as 0.865 GBP")
    assert worth_of_a_euro(desk, into="GBP", on=date(2026, 1, 14)) is None
    assert worth_of_a_euro(desk, into="GBP", on=date(2026, 1, 15)) == Decimal("0.865")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("rate", WordsMissing),
        ("rate EUR", SettingNotUnderstood),
        ("rate EUR lots", SettingNotUnderstood),
        ("rate EUR -1", SettingNotUnderstood),
        ("rate EUR 1,250", SettingNotUnderstood),
        ("rate EUR 1.25 on some day", SettingNotUnderstood),
        ("rate EUR 1.25 on 2026-03-03", SettingNotUnderstood),
        ("rate USD 1.25", SettingNotUnderstood),
        ("rate moon 1.25", CurrencyUnknown),
        ("rate EUR 1.25 XXX", CurrencyUnknown),
        ("rate EUR/GBP 1.25 USD", SettingNotUnderstood),
        ("rate 30 EUR 1.25", SettingNotUnderstood),
        ("rate EUR 0", RateOutOfRange),
        ("rate EUR 1.2345678901234", RateOutOfRange),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused(desk: Desk, words: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        desk.types(f"/funnel set {words}")


def test_the_team_s_currency_may_be_called_by_its_name(desk: Desk) -> None:
    desk.types("/funnel set currency 人民币")

    assert desk.team.workspace.currency == "CNY"


def test_a_rep_gives_no_rates(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.types("/funnel set rate EUR 1.25", by=desk.team.bob)


def test_the_rates_in_use_are_shown_with_their_days_and_those_that_are_missing(desk: Desk) -> None:
    for name, money in (("One", Money(1, "EUR")), ("Two", Money(2, "JPY")), ("Three", Money(3, "GBP"))):
        desk.team.adds(name, money=money)
    desk.types("/funnel set rate EUR 1.25 on 2026-02-27")
    desk.types("/funnel set rate EUR 180.123456 JPY")
    desk.types("/funnel set rate CHF 1.1")

    shown = words_in(desk.types("/funnel rates"))

    assert "*What other currencies are worth in USD*" in shown
    assert "1 EUR = 1.25 USD, of Feb 27, 2026" in shown
    assert "1 JPY = 0.00693968 USD, of Feb 27, 2026" in shown
    assert "No rate for GBP: such amounts are unpriced." in shown
    assert "`/funnel set rate GBP 1.08` gives today's rate" in shown
    assert "Also known, though no deal needs them: CHF" in shown


@pytest.mark.parametrize("line", ["/funnel rates EUR 1.2", "/funnel rate EUR 1.2 USD", "/funnel 汇率 EUR 1.2"])
def test_the_word_that_shows_rates_gives_one_too_and_passes_over_nothing(desk: Desk, line: str) -> None:
    assert desk.types(line).text.startswith("From Mar 2, 2026 on, 1 EUR counts as 1.2 USD")
    with pytest.raises(SettingNotUnderstood):
        desk.types("/funnel rates of last month")
    desk.team.ann.role = Role.REP
    with pytest.raises(NotAllowed):
        desk.types(line)


def test_a_team_of_one_currency_has_nothing_to_be_shown(desk: Desk) -> None:
    desk.team.adds("One", money=Money(1, "USD"))

    assert "No exchange rates are known yet, and no deal needs any." in words_in(desk.types("/funnel rates"))


def test_rates_are_shown_in_chinese(desk: Desk) -> None:
    desk.team.adds("One", money=Money(1, "EUR"))
    desk.types("/funnel set rate EUR 1.25")

    shown = words_in(desk.types("/funnel 汇率", locale="zh-CN"))

    assert "1 EUR = 1.25 USD（2026年3月2日）" in shown


def test_the_funnel_adds_up_what_there_is_a_rate_for_and_says_so(desk: Desk) -> None:
    desk.team.adds("Dollars", stage="Proposal", money=Money(10_000, "USD"))
    desk.team.adds("Euros", stage="Proposal", money=Money(8_000, "EUR"))
    desk.team.adds("Yen", stage="Proposal", money=Money(900_000, "JPY"))
    before = words_in(desk.types("/funnel"))
    desk.types("/funnel set rate EUR 1.25")

    reply = desk.types("/funnel")

    assert "*Proposal*: 3 deals, $10K + €8K + ¥900K" in before
    assert "2 deals are unpriced, as there is no rate: €8,000 + ¥900,000." in before
    assert "*Proposal*: 3 deals, $20K + ¥900K" in words_in(reply)
    assert "Amounts in EUR are counted in USD, at rates of Mar 2, 2026" in words_in(reply)
    assert "1 deal is unpriced, as there is no rate: ¥900,000." in words_in(reply)
    assert reply.text.startswith("Sales: 3 deals, $20K + ¥900K open")


def test_the_funnel_says_so_in_chinese(desk: Desk) -> None:
    desk.team.adds("Euros", stage="Proposal", money=Money(8_000, "EUR"))
    desk.types("/funnel set rate EUR 1.25")

    shown = words_in(desk.types("/funnel", locale="zh-CN"))

    assert "EUR 金额按 2026年3月2日的汇率折合为 USD" in shown


def test_a_list_ranks_by_what_deals_are_worth_in_the_team_s_currency(desk: Desk) -> None:
    deals = [
        desk.team.adds("Yen", money=Money(900_000, "JPY")),
        desk.team.adds("Dollars", money=Money(10_000, "USD")),
        desk.team.adds("Euros", money=Money(9_000, "EUR")),
    ]
    Scores(desk.team.session, desk.team.workspace).keep(
        {deal.id: Estimate(0.5, 30, None, 10) for deal in deals}, at=desk.now
    )
    desk.types("/funnel set rate EUR 1.25")

    listed = words_in(desk.types("/deal list"))

    assert listed.index("*Euros*") < listed.index("*Dollars*") < listed.index("*Yen*")
