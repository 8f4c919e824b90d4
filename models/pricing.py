"""What an amount in one currency is worth in another, by the exchange rates that a team goes by.

Which day counts: an open deal is worth what it would bring today, so it is converted at the rates of the day of the
report; a closed deal at those of the day it was closed, so that what was won in March stays what it was. Days are the
workspace's. Of a pair of currencies the latest rate counts that is not of a later day, for RATE_LASTS at most.

Nothing is rounded on the way. A total is rounded once, at its end, to the currency's smallest coin, halves up; so the
totals of parts may differ from the total of all by a coin each. An amount without a rate is *unpriced*: it is neither
nothing nor taken as it stands, but told beside the total in its own currency.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from moneyed import Money

from models.money import KeptMoney, rounded
from models.workspace import Workspace, day_in

RATE_LASTS = timedelta(days=92)
"""No quarter is longer: a team that sets its rates once a quarter is never without, and no older one is trusted."""


@dataclass(frozen=True, slots=True)
class Rate:
    """From a day on, one of `base` is worth `rate` of `currency`; a rate is above zero."""

    base: str
    currency: str
    day: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """What one of a currency is worth in another, as a fraction, since a rate that is turned round may have no end.

    `day` is that of the rate behind it, of the older one where there are two.
    """

    numerator: Decimal
    denominator: Decimal
    day: date

    def of(self, amount: Decimal) -> Decimal:
        """The amount in the other currency, not rounded."""
        return amount * self.numerator / self.denominator


class Rates:
    """Some rates, and what follows from them: the way back, and the way across a currency that both are known in."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        self._of_pair: dict[frozenset[str], list[Rate]] = defaultdict(list)
        self._partners: dict[str, set[str]] = defaultdict(set)
        for rate in sorted(rates, key=lambda rate: rate.day):
            self._of_pair[frozenset((rate.base, rate.currency))].append(rate)
            self._partners[rate.base].add(rate.currency)
            self._partners[rate.currency].add(rate.base)
        self._prices: dict[tuple[str, str, date], Price | None] = {}

    @property
    def currencies(self) -> tuple[str, ...]:
        """All that a rate is known of, on whatever day."""
        return tuple(sorted(self._partners))

    def price(self, currency: str, into: str, on: date) -> Price | None:
        """By the pair's own rate or across a third currency, whichever is of the later day, the pair's own where both
        are; None where no rate leads from one to the other."""
        wanted = currency, into, on
        if wanted not in self._prices:
            self._prices[wanted] = self._latest(currency, into, on)
        return self._prices[wanted]

    def _latest(self, currency: str, into: str, on: date) -> Price | None:
        own = self._leg(currency, into, on)
        across = [
            _joined(first, second)
            for third in sorted(self._partners.get(currency, set()) & self._partners.get(into, set()))
            if (first := self._leg(currency, third, on)) and (second := self._leg(third, into, on))
        ]
        return max([*([own] if own else []), *across], key=lambda price: price.day, default=None)

    def _leg(self, currency: str, into: str, on: date) -> Price | None:
        known = self._of_pair.get(frozenset((currency, into)), [])
        place = bisect_right(known, on, key=lambda rate: rate.day)
        if not place or on - known[place - 1].day >= RATE_LASTS:
            return None
        rate = known[place - 1]
        if rate.base == currency:
            return Price(rate.rate, Decimal(1), rate.day)
        return Price(Decimal(1), rate.rate, rate.day)


def _joined(first: Price, second: Price) -> Price:
    return Price(first.numerator * second.numerator, first.denominator * second.denominator, min(first.day, second.day))


@dataclass(frozen=True, slots=True)
class Lot:
    """Deals of one currency, how many and what they are worth together; all open, or all closed on one day."""

    count: int
    currency: str
    amount: Decimal
    closed_on: date | None = None


@dataclass(frozen=True)
class Unpriced:
    """How many deals of a currency have an amount and no rate, and those amounts."""

    count: int
    money: KeptMoney


@dataclass(frozen=True)
class Worth:
    """Amounts of several currencies as one total, and apart from it what has no rate. There is no total where none of
    some amounts has one: that would be nothing."""

    total: Money | None
    unpriced: tuple[Unpriced, ...]

    @property
    def amount(self) -> Decimal:
        """Of what has a rate. Not to rank by where some has none."""
        return Decimal(self.total.amount) if self.total else Decimal()

    @property
    def told(self) -> tuple[Money, ...]:
        """The total, and beside it what is not in it."""
        return (*(() if self.total is None else [self.total]), *(each.money for each in self.unpriced))


@dataclass(frozen=True)
class Basis:
    """By which rates amounts were converted: from which currencies, `first` to `last` being the days of the rates for
    open deals (None where none was converted), and whether closed deals were converted too, each at its own day."""

    currency: str
    converted: tuple[str, ...]
    first: date | None
    last: date | None
    has_closed: bool
    unpriced: tuple[Unpriced, ...]


class Valued(Protocol):
    """A deal, or what its amount's worth is told from."""

    @property
    def amount(self) -> Decimal | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def closed_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Pricing:
    """What a workspace's deals are worth in its currency, as of `today`."""

    currency: str
    time_zone: str
    today: date
    rates: Rates

    @classmethod
    def without_rates(cls, workspace: Workspace, *, at: datetime) -> "Pricing":
        """What is known of amounts in the workspace's own currency."""
        return cls(workspace.currency, workspace.time_zone, day_in(workspace.time_zone, at), Rates(()))

    def worth_of(self, deal: Valued) -> Decimal | None:
        """A deal's amount in the workspace's currency, not rounded; None where there is no amount, or no rate."""
        if deal.amount is None:
            return None
        if deal.closed_at is not None:
            return self.worth_when_closed(deal.amount, deal.currency, deal.closed_at)
        return self.worth_of_lot(Lot(1, deal.currency, deal.amount))

    def worth_when_closed(self, amount: Decimal | None, currency: str, closed_at: datetime) -> Decimal | None:
        """A closed deal's amount in the workspace's currency, at the rate of the day it was closed, not rounded; None
        where there is no amount, or no rate."""
        if amount is None:
            return None
        return self.worth_of_lot(Lot(1, currency, amount, day_in(self.time_zone, closed_at)))

    def worth_of_lot(self, lot: Lot) -> Decimal | None:
        """In the workspace's currency, not rounded; None where there is no rate."""
        if lot.currency == self.currency:
            return lot.amount
        price = self._price(lot)
        return price.of(lot.amount) if price else None

    def total(self, lots: Iterable[Lot]) -> Worth | None:
        """All of them together; None where they are all in the workspace's currency, and need no rates."""
        every = list(lots)
        return None if all(lot.currency == self.currency for lot in every) else self.sum_of(every)

    def sum_of(self, lots: Iterable[Lot]) -> Worth:
        """All of them together, also those in the workspace's currency alone."""
        every = list(lots)
        priced = [worth for lot in every if (worth := self.worth_of_lot(lot)) is not None]
        is_told = priced or not every
        total = Money(rounded(sum(priced, Decimal(0)), self.currency), self.currency) if is_told else None
        return Worth(total, self.unpriced(every))

    def basis(self, lots: Iterable[Lot]) -> Basis | None:
        """By which rates they were added up; None where that took none."""
        foreign = [lot for lot in lots if lot.currency != self.currency]
        if not foreign:
            return None
        used = [(lot, price) for lot in foreign if (price := self._price(lot)) is not None]
        days = [price.day for lot, price in used if lot.closed_on is None]
        return Basis(
            currency=self.currency,
            converted=tuple(sorted({lot.currency for lot, _ in used})),
            first=min(days, default=None),
            last=max(days, default=None),
            has_closed=any(lot.closed_on is not None for lot, _ in used),
            unpriced=self.unpriced(foreign),
        )

    def unpriced(self, lots: Iterable[Lot]) -> tuple[Unpriced, ...]:
        """What has no rate, by currencies."""
        counts: dict[str, int] = defaultdict(int)
        amounts: dict[str, Decimal] = defaultdict(Decimal)
        for lot in lots:
            if self.worth_of_lot(lot) is None:
                counts[lot.currency] += lot.count
                amounts[lot.currency] += lot.amount
        return tuple(Unpriced(counts[code], Money(amounts[code], code)) for code in sorted(counts))

    def _price(self, lot: Lot) -> Price | None:
        return self.rates.price(lot.currency, self.currency, lot.closed_on or self.today)
