"""What some deals come to: how many there are, what they are worth, and how many of them nobody has named an amount of.

A database adds up the amounts of one currency, and of closed deals those of one day, as each day has its own rates;
what such parts come to together is told here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from models.pricing import Lot, Pricing, Worth


@dataclass(frozen=True)
class Tally:
    """Some deals: how many, and their amounts in each currency, the workspace's own first.

    `unpriced` deals have no amount yet. `worth` is what the amounts are worth together, by the rates of `pricing`; None
    where they are all in the workspace's currency.
    """

    count: int
    amounts: tuple[Money, ...]
    unpriced: int
    worth: Worth | None = None

    @property
    def told(self) -> tuple[Money, ...]:
        """The amounts as one where there are rates, and beside it those without a rate, each in its currency."""
        return self.worth.told if self.worth else self.amounts


@dataclass(frozen=True)
class Part:
    """Some deals of one currency: how many, how many of them have an amount, and the sum of those; None without.

    `closed_on` is the day on which they were closed; None for open ones, and where no rate of that day is needed.
    """

    currency: str
    count: int
    priced: int
    amount: Decimal | None
    closed_on: date | None = None


def tally_of(parts: Iterable[Part], pricing: Pricing) -> Tally:
    count = unpriced = 0
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    some = list(parts)
    for part in some:
        count += part.count
        unpriced += part.count - part.priced
        if part.amount is not None:
            amounts[part.currency] += part.amount
    own_first = sorted(amounts, key=lambda currency: (currency != pricing.currency, currency))
    told = tuple(Money(amounts[currency], currency) for currency in own_first)
    return Tally(count, told, unpriced, pricing.total(lots_of(some)))


def lots_of(parts: Iterable[Part]) -> list[Lot]:
    """One of each currency and day."""
    priced: dict[tuple[str, date | None], int] = defaultdict(int)
    amounts: dict[tuple[str, date | None], Decimal] = defaultdict(Decimal)
    for part in parts:
        if part.amount is not None:
            priced[part.currency, part.closed_on] += part.priced
            amounts[part.currency, part.closed_on] += part.amount
    return [Lot(priced[each], each[0], amount, each[1]) for each, amount in amounts.items()]
