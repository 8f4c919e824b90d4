"""The exchange rates that a team goes by: which currency was worth how much of another from which day on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    ColumnElement,
    Dialect,
    String,
    TypeDecorator,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.deal import Deal
from models.pricing import RATE_LASTS, Pricing, Rate, Rates
from models.reading_errors import RateOutOfRange
from models.workspace import InWorkspace, Workspace, day_in, one_at_a_time

SMALLEST, LARGEST = Decimal("1e-9"), Decimal("1e9")
MOST_PLACES = 12
_AT_ONCE = 5_000


class ExactNumber(TypeDecorator[Decimal]):
    """A Decimal with all its digits, kept as text, since SQLite has no decimals and rates have their own scales."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class ExchangeRate(InWorkspace, Base):
    """One rate of one day. Of a pair of currencies there is one a day, in the direction in which it was given last."""

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("workspace_id", "day", "base", "currency"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    base: Mapped[str] = mapped_column(String(3))
    currency: Mapped[str] = mapped_column(String(3))
    day: Mapped[date]
    rate: Mapped[Decimal] = mapped_column(ExactNumber)


@dataclass(frozen=True)
class Kept:
    """What became of some rates: how many are new, took the place of another, or were there already."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)


class ExchangeRates:
    """The exchange rates of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def keep(self, rates: Iterable[Rate]) -> Kept:
        """Remember rates; what was said last of a pair and a day counts. Raises RateOutOfRange before any is kept."""
        latest = {(rate.day, _pair(rate)): rate for rate in rates}
        for rate in latest.values():
            if not (rate.rate.is_finite() and SMALLEST <= rate.rate <= LARGEST and _places(rate.rate) <= MOST_PLACES):
                raise RateOutOfRange(f"{rate.rate:f}", rate.base, rate.currency)
        one_at_a_time(self._session, self._workspace)
        sorted_by_day = sorted(latest.values(), key=lambda rate: rate.day)
        return sum((self._keep(some) for some in _slices(sorted_by_day)), Kept())

    def pricing(self, *, at: datetime, since: date | None = None) -> Pricing:
        """What deals are worth now, which is `at`; those that were closed, before or later, only from the day `since`
        on."""
        today = day_in(self._workspace.time_zone, at)
        rates = self._latest(today) if since is None else self._between(min(since, today) - RATE_LASTS, date.max)
        return Pricing(self._workspace.currency, self._workspace.time_zone, today, Rates(rates))

    def since(self, day: date) -> Rates:
        """All that count on a day or on any later one."""
        return Rates(self._between(day - RATE_LASTS, date.max))

    def needed(self) -> Sequence[str]:
        """The currencies, other than the workspace's own, in which deals have amounts, by their codes."""
        foreign = select(Deal.currency).where(
            Deal.workspace_id == self._workspace.id,
            Deal.currency != self._workspace.currency,
            Deal.amount.is_not(None),
        )
        return self._session.scalars(foreign.distinct().order_by(Deal.currency)).all()

    def _keep(self, rates: Sequence[Rate]) -> Kept:
        """Given in the order of their days, and no more than can be asked for at once."""
        fresh, outdated, unchanged = [], [], 0
        known = self._known(rates[0].day, rates[-1].day)
        for rate in rates:
            number, said = known.get((rate.day, _pair(rate)), (None, None))
            if said == rate:
                unchanged += 1
                continue
            fresh.append(rate)
            if number is not None:
                outdated.append(number)
        if outdated:
            self._session.execute(delete(ExchangeRate).where(self._is_mine, ExchangeRate.id.in_(outdated)))
        if fresh:
            self._session.execute(insert(ExchangeRate), [self._row(rate) for rate in fresh])
        return Kept(len(fresh) - len(outdated), len(outdated), unchanged)

    def _known(self, first: date, last: date) -> dict[tuple[date, frozenset[str]], tuple[int, Rate]]:
        query = select(ExchangeRate.id, *_RATE).where(self._is_mine, ExchangeRate.day.between(first, last))
        return {
            (day, frozenset((base, currency))): (number, Rate(base, currency, day, rate))
            for number, base, currency, day, rate in self._session.execute(query)
        }

    def _latest(self, on: date) -> Iterator[Rate]:
        """Of each pair of currencies the latest rate that counts on a day, one for either direction."""
        pair = (ExchangeRate.base, ExchangeRate.currency)
        counts = (self._is_mine, ExchangeRate.day <= on, ExchangeRate.day > on - RATE_LASTS)
        newest = select(*pair, func.max(ExchangeRate.day).label("day")).where(*counts).group_by(*pair).subquery()
        is_newest = and_(*(column == newest.c[column.key] for column in (*pair, ExchangeRate.day)))
        query = select(*_RATE).join(newest, is_newest).where(self._is_mine)
        return (Rate(*row) for row in self._session.execute(query))

    def _between(self, first: date, last: date) -> Iterator[Rate]:
        query = select(*_RATE).where(self._is_mine, ExchangeRate.day.between(first, last))
        return (Rate(*row) for row in self._session.execute(query))

    @property
    def _is_mine(self) -> ColumnElement[bool]:
        return ExchangeRate.workspace_id == self._workspace.id

    def _row(self, rate: Rate) -> dict[str, object]:
        return {
            "workspace_id": self._workspace.id,
            "base": rate.base,
            "currency": rate.currency,
            "day": rate.day,
            "rate": rate.rate,
        }


_RATE = (ExchangeRate.base, ExchangeRate.currency, ExchangeRate.day, ExchangeRate.rate)


def _pair(rate: Rate) -> frozenset[str]:
    return frozenset((rate.base, rate.currency))


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _slices(rates: Sequence[Rate]) -> Iterator[Sequence[Rate]]:
    return (rates[start : start + _AT_ONCE] for start in range(0, len(rates), _AT_ONCE))
