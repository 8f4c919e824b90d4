"""Amounts are read as people write them, and names are not mistaken for amounts."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money

from models.errors import DomainError
from models.money import MAX_AMOUNT, money_of
from models.reading_errors import AmountNotUnderstood, AmountOutOfRange, CurrencyUnknown
from models.reading_money import find_money, read_money

LOCALES = ["en", "de", "zh", "de_CH", "en_IN"]
CURRENCIES = ["USD", "EUR", "GBP", "JPY", "CNY", "INR", "CHF", "CAD", "BRL", "TRY"]
AMOUNTS = st.decimals(min_value=0, max_value=MAX_AMOUNT, places=2)
QUICKLY = settings(deadline=2000)  # milliseconds; the first reading also loads the languages


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("0", "0", "USD"),
        ("12000", "12000", "USD"),
        ("12k", "12000", "USD"),
        ("12K USD", "12000", "USD"),
        ("12k€", "12000", "EUR"),
        ("1.5m", "1500000", "USD"),
        (".5m", "500000", "USD"),
        ("2bn", "2000000000", "USD"),
        ("2 million dollars", "2000000", "USD"),
        ("$1,5 Mio", "1500000", "USD"),
        ("£2.5k", "2500", "GBP"),
        ("€900", "900", "EUR"),
        ("€ 900", "900", "EUR"),
        ("USD 12,000", "12000", "USD"),
        ("usd 12,000", "12000", "USD"),
        ("12 000 EUR", "12000", "EUR"),
        ("CHF 1’200", "1200", "CHF"),
        ("12\u202f000,50\u00a0€", "12000.50", "EUR"),
        ("1,20,000", "120000", "USD"),
        ("1,20,000.50", "120000.50", "USD"),
        ("HK$ 12", "12", "HKD"),
        ("$500 CAD", "500", "CAD"),
        ("TRY 500", "500", "TRY"),
        ("5亿", "500000000", "USD"),
        ("3万元", "30000", "CNY"),
        ("3万美元", "30000", "USD"),
        ("RMB 300", "300", "CNY"),
        ("￥３万", "30000", "CNY"),
    ],
)
def test_an_amount_is_read_in_many_spellings(text: str, amount: str, currency: str) -> None:
    assert read_money(text, currency="USD") == Money(amount, currency)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.200", "1200"),
        ("1,200", "1200"),
        ("1.200.000", "1200000"),
        ("1,200.50", "1200.50"),
        ("1.200,50", "1200.50"),
        ("1.20", "1.20"),
        ("1,2", "1.2"),
        ("0.200", "0.20"),
        ("1234.567", "1234.57"),
    ],
)
def test_a_mark_before_three_digits_separates_thousands_where_it_can(text: str, amount: str) -> None:
    assert read_money(text, currency="EUR") == Money(amount, "EUR")


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("12.856万", "128560", "CNY"),
        ("¥1.234亿", "123400000", "CNY"),
        ("1.250m", "1250000", "CNY"),
        ("€1.250 million", "1250000", "EUR"),
        ("1,250k", "1250000", "CNY"),
        ("1.234.567k", "1234567000", "CNY"),
        ("12.500 KWD", "12.500", "KWD"),
        ("KWD12.350", "12.350", "KWD"),
        ("12.350KWD", "12.350", "KWD"),
        ("BHD 1.250", "1.250", "BHD"),
        ("1,250 KWD", "1250", "KWD"),
        ("1,250.500 KWD", "1250.500", "KWD"),
        ("1.250,5 KWD", "1250.5", "KWD"),
        ("12.500", "12500", "CNY"),
    ],
)
def test_a_point_before_three_digits_is_that_of_decimals_with_a_scale_or_where_a_coin_is_a_thousandth(
    text: str, amount: str, currency: str
) -> None:
    assert read_money(text, currency="CNY") == Money(amount, currency)


@pytest.mark.parametrize("amount", ["0.005", "5.124", "12.5", "1234", "1234.567", "1234567.891"])
@pytest.mark.parametrize("code", ["KWD", "TND"])
def test_an_amount_that_has_thousandths_is_read_as_it_is_shown(amount: str, code: str) -> None:
    money = Money(amount, code)

    assert read_money(format_currency(money.amount, code, locale="en"), currency="USD") == money
    assert read_money(f"{money.amount:,.3f}", currency=code) == money


@pytest.mark.parametrize(
    ("text", "default", "meant"),
    [
        ("$5", "USD", "USD"),
        ("$5", "AUD", "AUD"),
        ("$5", "EUR", "USD"),
        ("¥5", "CNY", "CNY"),
        ("¥5", "EUR", "JPY"),
        ("¥5万", "EUR", "CNY"),
        ("¥5万", "JPY", "JPY"),
        ("5", "EUR", "EUR"),
    ],
)
def test_a_shared_sign_means_the_currency_at_hand(text: str, default: str, meant: str) -> None:
    assert read_money(text, currency=default).currency.code == meant


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "k", "1.200.50", "1e5", "nan", "inf", "12k k", "50%", "€5 USD", "1亿2000万", "1-2", ",5"]
)
def test_what_is_no_amount_is_not_understood(text: str) -> None:
    with pytest.raises(AmountNotUnderstood):
        read_money(text, currency="USD")


@pytest.mark.parametrize("text", ["-5", "−5", "$-5", "-$5", "-12k USD", "101bn", "100000000001", "9" * 30])
def test_a_negative_or_absurd_amount_is_out_of_range(text: str) -> None:
    with pytest.raises(AmountOutOfRange):
        read_money(text, currency="USD")


@pytest.mark.parametrize(("text", "unknown"), [("12 XYZ", "XYZ"), ("XYZ 12k", "XYZ"), ("5 quatloos", "quatloos")])
def test_an_unknown_currency_is_named(text: str, unknown: str) -> None:
    with pytest.raises(CurrencyUnknown) as caught:
        read_money(text, currency="USD")

    assert caught.value.text == unknown


@QUICKLY
@given(AMOUNTS, st.sampled_from(CURRENCIES), st.sampled_from(LOCALES))
def test_what_babel_writes_is_read_back(amount: Decimal, currency: str, locale: str) -> None:
    money = money_of(amount, currency)
    written = format_currency(money.amount, currency, locale=locale)

    assert read_money(written, currency=currency) == money


@QUICKLY
@given(st.text(max_size=3000))
def test_no_text_breaks_the_reading_of_an_amount(text: str) -> None:
    for read in (read_money, find_money):
        try:
            read(text, currency="USD")
        except DomainError:
            continue


@QUICKLY
@given(st.text(alphabet="0123456789.,' -+$€¥k万亿mbUSDusd元", max_size=80))
def test_no_almost_amount_breaks_the_reading(text: str) -> None:
    for read in (read_money, find_money):
        try:
            read(text, currency="USD")
        except DomainError:
            continue


@pytest.mark.parametrize(
    ("words", "amount", "taken"),
    [
        ("Acme Corp 12k USD close 15 March", Money(12000, "USD"), "12k USD"),
        ("3M 12k", Money(12000, "EUR"), "12k"),
        ("Acme 12k now 15k", Money(15000, "EUR"), "15k"),
        ("€900 Acme", Money(900, "EUR"), "€900"),
        ("Acme 12000", Money(12000, "EUR"), "12000"),
        ("Acme 12 000", Money(12000, "EUR"), "12 000"),
        ("Acme 1,200.50 renewal", Money("1200.50", "EUR"), "1,200.50"),
        ("Acme 12.500 KWD", Money("12.500", "KWD"), "12.500 KWD"),
        ("Acme 2000", Money(2000, "EUR"), "2000"),
        ("Acme $12", Money(12, "USD"), "$12"),
        ("Acme (12k)", Money(12000, "EUR"), "12k"),
        ("Acme - 12k", Money(12000, "EUR"), "12k"),
        ("Acme, 12k, soon", Money(12000, "EUR"), "12k"),
        ("Acme 2 million", Money(2000000, "EUR"), "2 million"),
        ("Acme 12k for all", Money(12000, "EUR"), "12k"),
        ("Acme 12k TRY", Money(12000, "TRY"), "12k TRY"),
        ("AMD 12k", Money(12000, "EUR"), "12k"),
        ("AMD AMD 12k", Money(12000, "AMD"), "AMD 12k"),
        ("Acme TRY 12k", Money(12000, "TRY"), "TRY 12k"),
        ("Acme 12k try again", Money(12000, "EUR"), "12k"),
        ("Studio 54 200k", Money(200000, "EUR"), "200k"),
        ("阿里巴巴3万元", Money(30000, "CNY"), "3万元"),
        ("阿里巴巴 ¥3万 预计3月15日", Money(30000, "CNY"), "¥3万"),
        ("Acme\u00a012k\u00a0USD", Money(12000, "USD"), "12k\u00a0USD"),
    ],
)
def test_an_amount_is_found_among_words(words: str, amount: Money, taken: str) -> None:
    found = find_money(words, currency="EUR")

    assert found is not None
    assert found.money == amount
    assert words[found.start : found.end] == taken


@pytest.mark.parametrize(
    "words",
    [
        "",
        "3M",
        "3M renewal",
        "Area 51",
        "7-Eleven",
        "Studio 54 renewal",
        "Fortune 500 company",
        "TOP 500 Ltd",
        "24/7 Gym",
        "Renewal 2026",
        "Acme v2.0",
        "Acme 12k/yr",
        "Acme 100%",
        "Acme €1,200,50",
        "第3000号",
        "阿里 1亿2000万",
        "阿里 ¥1亿2000万",
    ],
)
def test_a_name_with_a_number_has_no_amount(words: str) -> None:
    assert find_money(words, currency="EUR") is None


@pytest.mark.parametrize("words", ["Acme -12k", "Acme -5", "Acme $-5", "Acme 999999999999"])
def test_a_negative_or_absurd_amount_among_words_is_no_name(words: str) -> None:
    with pytest.raises(AmountOutOfRange):
        find_money(words, currency="EUR")


@QUICKLY
@given(AMOUNTS, st.sampled_from(CURRENCIES), st.sampled_from(["Acme", "3M", "Studio 54 ×", "阿里巴巴", "Bob & Co"]))
def test_an_amount_with_its_currency_is_found_behind_any_name(amount: Decimal, currency: str, name: str) -> None:
    money = money_of(amount, currency)

    found = find_money(f"{name} {money.amount} {currency} soon", currency="EUR")

    assert found is not None
    assert found.money == money
    assert found.start == len(name) + 1
