"""Wins that are worth a cheer: the biggest deal of the year, somebody's best month, many weeks in a row with a win."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from models.attainment import worth_of_won
from models.known_deals import KnownDeal
from models.pipeline import StageKind
from models.pricing import Pricing
from models.timeline import StageFacts
from models.workspace import day_in

FEWEST_WINS = 5
"""The biggest of fewer deals of a year is nothing special."""
FEWEST_MONTHS = 3
SHORTEST_STREAK = 3
_WEEK = timedelta(weeks=1)


class Feat(StrEnum):
    BIGGEST = "biggest"
    QUARTER = "quarter"
    MONTH = "month"
    STREAK = "streak"


@dataclass(frozen=True)
class Win:
    """A deal that stands as won, whose, when, by the workspace's calendar, and what it is worth, not rounded."""

    deal_id: int
    owner_id: int | None
    at: datetime
    day: date
    worth: Decimal | None


@dataclass(frozen=True)
class Celebrated:
    """What a win did: `amount` is the deal's worth or the month's total, `weeks` the length of a streak."""

    feat: Feat
    win: Win
    amount: Decimal = Decimal()
    weeks: int = 0


def won_of(deals: Iterable[KnownDeal], stages: Mapping[int, StageFacts], pricing: Pricing) -> list[Win]:
    """All that stand as won, in the order in which they were."""
    won = [
        Win(
            deal.fields.deal_id,
            deal.fields.owner_id,
            deal.closed_at,
            day_in(pricing.time_zone, deal.closed_at),
            worth_of_won(deal, pricing),
        )
        for deal in deals
        if deal.closed_at and stages[deal.stage_id].kind in (StageKind.WON, StageKind.AFTER_SALES)
    ]
    return sorted(won, key=lambda each: (each.at, each.deal_id))


def feats(won: Sequence[Win], *, since: datetime) -> list[Celebrated]:
    """What the wins since a moment did, each held against those before it, in the order of time.

    - the biggest deal of the year: worth more than each of at least FEWEST_WINS priced ones won before it in its
      calendar year; or, where it is not that, of the quarter, likewise;
    - somebody's best month: with it their month is worth more than each of at least FEWEST_MONTHS earlier months in
      which they won something, told by the win that gets it there and by no other of that month;
    - a streak: their first win of a week, with one in each of the weeks before it, SHORTEST_STREAK in all or more.
    """
    found: list[Celebrated] = []
    by_year: dict[int, list[Decimal]] = defaultdict(list)
    by_quarter: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    months: dict[int, dict[date, Decimal]] = defaultdict(dict)
    weeks: dict[int, set[date]] = defaultdict(set)
    for win in won:
        quarter = (win.day.year, (win.day.month - 1) // 3)
        of_year = [*_biggest(Feat.BIGGEST, win, by_year[win.day.year])]
        of_quarter = [*_biggest(Feat.QUARTER, win, by_quarter[quarter])]
        told = of_year or of_quarter
        if win.owner_id is not None:
            told = [*told, *_best_month(win, months[win.owner_id]), *_streak(win, weeks[win.owner_id])]
        if win.at > since:
            found += told
    return found


def _biggest(feat: Feat, win: Win, before: list[Decimal]) -> Iterable[Celebrated]:
    if win.worth is None:
        return
    if len(before) >= FEWEST_WINS and win.worth > max(before):
        yield Celebrated(feat, win, amount=win.worth)
    before.append(win.worth)


def _best_month(win: Win, months: dict[date, Decimal]) -> Iterable[Celebrated]:
    month = win.day.replace(day=1)
    earlier = [total for each, total in months.items() if each < month]
    was = months.get(month, Decimal())
    months[month] = was + (win.worth or Decimal())
    if len(earlier) >= FEWEST_MONTHS and was <= max(earlier) < months[month]:
        yield Celebrated(Feat.MONTH, win, amount=months[month])


def _streak(win: Win, weeks: set[date]) -> Iterable[Celebrated]:
    week = win.day - timedelta(days=win.day.weekday())
    is_first = week not in weeks
    weeks.add(week)
    length = 1
    while week - _WEEK * length in weeks:
        length += 1
    if is_first and length >= SHORTEST_STREAK:
        yield Celebrated(Feat.STREAK, win, weeks=length)
