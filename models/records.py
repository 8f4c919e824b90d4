"""Wins that are worth a cheer: the biggest deal of the year, somebody's best month, many weeks in a row with a win."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from models.deals import Piece
from models.past_wins import WonDay
from models.pricing import Lot, Pricing
from models.workspace import day_in

FEWEST_WINS = 5
"""The biggest of fewer deals of a year is nothing special."""
FEWEST_MONTHS = 3
SHORTEST_STREAK = 3
_WEEK = timedelta(weeks=1)
_NOBODY_KNOWS = Decimal("Infinity")


class Feat(StrEnum):
    BIGGEST = "biggest"
    QUARTER = "quarter"
    MONTH = "month"
    STREAK = "streak"


@dataclass(frozen=True)
class Win:
    """A deal that stands as won, whose, when, by the workspace's calendar, and what it is worth, not rounded: None
    without an amount, or `is_unpriced` without a rate."""

    deal_id: int
    owner_id: int | None
    at: datetime
    day: date
    worth: Decimal | None
    is_unpriced: bool = False


@dataclass(frozen=True)
class Celebrated:
    """What a win did: `amount` is the deal's worth or the month's total, `weeks` the length of a streak."""

    feat: Feat
    win: Win
    amount: Decimal = Decimal()
    weeks: int = 0


def won_of(pieces: Iterable[Piece], pricing: Pricing) -> list[Win]:
    """Deals that stand as won, in the order in which they were."""
    won = []
    for each in pieces:
        if each.closed_at is not None:
            day = day_in(pricing.time_zone, each.closed_at)
            worth = pricing.worth_when_closed(each.amount, each.currency, each.closed_at)
            is_unpriced = worth is None and each.amount is not None
            won.append(Win(each.id, each.owner_id, each.closed_at, day, worth, is_unpriced))
    return sorted(won, key=lambda each: (each.at, each.deal_id))


class Records:
    """What wins are held against: all that was won before them."""

    def __init__(self, before: Iterable[WonDay], pricing: Pricing) -> None:
        self._by_year: dict[int, _Largest] = defaultdict(_Largest)
        self._by_quarter: dict[tuple[int, int], _Largest] = defaultdict(_Largest)
        self._months: dict[int, dict[date, Decimal]] = defaultdict(dict)
        self._weeks: dict[int, set[date]] = defaultdict(set)
        for each in before:
            self._hold(each, pricing)

    def feats(self, won: Iterable[Win]) -> list[Celebrated]:
        """What wins did, in the order of time, each held against those before it, too. Nothing is known to be worth
        more than an unpriced win, or than a month that has one.

        - the biggest deal of the year: worth more than each of at least FEWEST_WINS with an amount won before it in its
          calendar year; or, where it is not that, of the quarter, likewise;
        - somebody's best month: with it their month is worth more than each of at least FEWEST_MONTHS earlier months in
          which they won something, told by the win that gets it there and by no other of that month;
        - a streak: their first win of a week, with one in each of the weeks before it, SHORTEST_STREAK in all or more.
        """
        found: list[Celebrated] = []
        for win in won:
            of_year = [*_biggest(Feat.BIGGEST, win, self._by_year[win.day.year])]
            of_quarter = [*_biggest(Feat.QUARTER, win, self._by_quarter[_quarter(win.day)])]
            found += of_year or of_quarter
            if win.owner_id is not None:
                found += _best_month(win, self._months[win.owner_id])
                found += _streak(win, self._weeks[win.owner_id])
        return found

    def _hold(self, won: WonDay, pricing: Pricing) -> None:
        total, largest = (
            pricing.worth_of_lot(Lot(1, won.currency, amount, won.day)) for amount in (won.total, won.largest)
        )
        if won.priced:
            for held in (self._by_year[won.day.year], self._by_quarter[_quarter(won.day)]):
                held.count += won.priced
                held.worth = max(held.worth, _NOBODY_KNOWS if largest is None else largest)
        if won.owner_id is not None:
            months, month = self._months[won.owner_id], won.day.replace(day=1)
            unknown = _NOBODY_KNOWS if won.priced else Decimal()
            months[month] = months.get(month, Decimal()) + (unknown if total is None else total)
            self._weeks[won.owner_id].add(_monday(won.day))


@dataclass
class _Largest:
    """Of so many wins with an amount."""

    count: int = 0
    worth: Decimal = Decimal("-Infinity")


def _biggest(feat: Feat, win: Win, before: _Largest) -> Iterable[Celebrated]:
    if win.worth is None:
        before.worth = _NOBODY_KNOWS if win.is_unpriced else before.worth
        return
    if before.count >= FEWEST_WINS and win.worth > before.worth:
        yield Celebrated(feat, win, amount=win.worth)
    before.count += 1
    before.worth = max(before.worth, win.worth)


def _best_month(win: Win, months: dict[date, Decimal]) -> Iterable[Celebrated]:
    month = win.day.replace(day=1)
    earlier = [total for each, total in months.items() if each < month]
    was = months.get(month, Decimal())
    months[month] = _NOBODY_KNOWS if win.is_unpriced else was + (win.worth or Decimal())
    if win.worth and len(earlier) >= FEWEST_MONTHS and was <= max(earlier) < months[month]:
        yield Celebrated(Feat.MONTH, win, amount=months[month])


def _streak(win: Win, weeks: set[date]) -> Iterable[Celebrated]:
    week = _monday(win.day)
    if week in weeks:
        return
    weeks.add(week)
    length = 1
    while week - _WEEK * length in weeks:
        length += 1
    if length >= SHORTEST_STREAK:
        yield Celebrated(Feat.STREAK, win, weeks=length)


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
