"""An amount of money is never negative, never absurd and never finer than its currency."""

from decimal import Decimal

import pytest
from moneyed import Money

from models.money import MAX_AMOUNT, currency_code, money_of, supported_currencies
from models.reading_errors import AmountOutOfRange, CurrencyUnknown


@pytest.mark.parametrize(
    ("amount", "currency", "kept"),
    [("12.345", "USD", "12.35"), ("12.5", "JPY", "13"), ("1.2345", "KWD", "1.235"), ("0", "EUR", "0")],
)
def test_an_amount_is_rounded_to_the_smallest_coin(amount: str, currency: str, kept: str) -> None:
    assert money_of(Decimal(amount), currency) == Money(kept, currency)


@pytest.mark.parametrize("amount", ["-0.01", "-Infinity", "Infinity", "NaN", "100000000000.01", "1e999"])
def test_an_amount_below_zero_or_beyond_belief_is_refused(amount: str) -> None:
    with pytest.raises(AmountOutOfRange):
        money_of(Decimal(amount), "USD")


def test_the_largest_amount_is_allowed() -> None:
    assert money_of(MAX_AMOUNT, "USD").amount == MAX_AMOUNT


def test_a_currency_is_known_in_any_case() -> None:
    assert currency_code(" eur ") == "EUR"


@pytest.mark.parametrize("text", ["", "XXX", "DEM", "dollar", "EURO"])
def test_what_is_no_tender_today_is_no_currency(text: str) -> None:
    with pytest.raises(CurrencyUnknown):
        currency_code(text)


def test_the_currencies_of_large_markets_are_supported() -> None:
    assert {"USD", "EUR", "GBP", "JPY", "CNY", "INR", "CHF", "BRL"} <= supported_currencies()


@pytest.mark.parametrize("code", sorted(supported_currencies()))
def test_there_can_be_money_of_every_supported_currency(code: str) -> None:
    assert money_of(Decimal(1), code).currency.code == code


def test_an_absurd_amount_is_told_as_it_was_written() -> None:
    with pytest.raises(AmountOutOfRange) as refused:
        money_of(Decimal("99999999999999999"), "USD")

    assert refused.value.text == "99999999999999999 USD"
