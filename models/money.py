"""An amount of money is a number of a currency, never below zero, rounded to the currency's smallest coin."""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Annotated, Any

from babel.core import get_global
from babel.numbers import get_currency_precision, get_territory_currencies
from moneyed import CURRENCIES, Money
from pydantic import PlainSerializer, PlainValidator

from models.reading_errors import AmountOutOfRange, CurrencyUnknown

MAX_AMOUNT = Decimal("1e11")


def _from_json(told: Any) -> Money:
    return told if isinstance(told, Money) else Money(*told)


KeptMoney = Annotated[
    Money,
    PlainValidator(_from_json),
    PlainSerializer(lambda money: [str(money.amount), money.currency.code], when_used="json"),
]
"""Money of a value that is kept as JSON."""
_ROOMY = Context(prec=60)
"""A total may have more digits than Decimals usually keep."""


@cache
def supported_currencies() -> frozenset[str]:
    """The ISO codes of all currencies that are legal tender somewhere today, as far as Money knows them too."""
    return frozenset(
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory)
        if code in CURRENCIES
    )


def currency_code(text: str) -> str:
    """The ISO code that `text` spells, in any case."""
    code = text.strip().upper()
    if code not in supported_currencies():
        raise CurrencyUnknown(text[:40])
    return code


def money_of(amount: Decimal, currency: str) -> Money:
    """Money that a deal may be worth; halves of the smallest coin are rounded up.

    The smallest coin is the one that Babel shows, so that what is kept is what people see.
    """
    if not (amount.is_finite() and 0 <= amount <= MAX_AMOUNT):
        raise AmountOutOfRange(f"{amount:f} {currency}", limit=MAX_AMOUNT)
    code = currency_code(currency)
    return Money(rounded(amount, code), code)


def rounded(amount: Decimal, code: str) -> Decimal:
    """To the smallest coin of a currency that is given by its code, halves up."""
    coin = Decimal(1).scaleb(-get_currency_precision(code))
    return amount.quantize(coin, ROUND_HALF_UP, context=_ROOMY)
