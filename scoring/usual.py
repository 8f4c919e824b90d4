"""What is usual in a team: how long deals stay in a stage, what they are worth, how often an owner wins.

It answers for any moment from what had happened before the day of that moment began (UTC), and from nothing later.
Whole days, so that what was counted once serves for a day, and is the same in training as it was in earnest. Usual is
the geometric mean: of ten stays of about a week and one of a year it is still about a week.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from models.history import Change
from models.timeline import DealHistory, PastMove, StageFacts

_Event = tuple[datetime, float, float]
"""When something was known, what it counts, and what it adds; both negative where it turned out not to be so."""
_Told = tuple[str, Hashable, _Event]
"""A kind of event, what it is about, and the event."""

_FEW_STAYS = 5.0
_FEW_CLOSED = 5.0
"""As by so many is an average drawn to that of the whole team."""


class Usual:
    """What was usual on each day, learnt from all deals of a workspace.

    What is not known yet is None: before the first stay ended, the first deal was closed.
    """

    def __init__(self, histories: Sequence[DealHistory], stages: Mapping[int, StageFacts]) -> None:
        told: dict[str, list[tuple[Hashable, _Event]]] = defaultdict(list)
        for history in histories:
            for kind, key, event in _told_of(history, stages):
                told[kind].append((key, event))
        self._stays = _Running(told["stay"])
        self._leavings = _Running(told["leaving"])
        self._amounts = _Running(told["amount"])
        self._by_owner = _Running(told["owner"])
        self._by_company = _Running(told["company"])
        self._deals = _Running(told["deal"])

    def days_in_stage(self, stage_id: int, at: datetime) -> float | None:
        """How long deals stay in a stage, in days; drawn to all stages where few have left it."""
        return _days(self._stays.mean(stage_id, at, drawn_by=_FEW_STAYS))

    def age_on_leaving(self, stage_id: int, at: datetime) -> float | None:
        """How old deals are when they leave a stage, in days."""
        return _days(self._leavings.mean(stage_id, at, drawn_by=_FEW_STAYS))

    def amount(self, currency: str, at: datetime) -> float | None:
        """What deals in a currency are worth when they are added."""
        mean = self._amounts.mean(currency, at)
        return None if mean is None else 2**mean - 1

    def won_share_of_owner(self, owner_id: int | None, at: datetime) -> float | None:
        """How many of the closed deals of an owner were won; drawn to the team's share where they are few."""
        return self._by_owner.mean(owner_id, at, drawn_by=_FEW_CLOSED)

    def won_share_of_company(self, company: str, at: datetime) -> float | None:
        """How many of the closed deals with a company were won; drawn to the team's share where they are few."""
        return self._by_company.mean(company.casefold(), at, drawn_by=_FEW_CLOSED)

    def deals_of_company(self, company: str, at: datetime) -> float:
        """How many deals there were with a company."""
        return self._deals.count(company.casefold(), at)


class _Running:
    """Sums by key that can be read as they stood at the beginning of any day."""

    def __init__(self, events: Iterable[tuple[Hashable, _Event]]) -> None:
        by_key: dict[Hashable, list[_Event]] = defaultdict(list)
        for key, event in events:
            by_key[key].append(event)
        self._of_key = {key: _Sums(mine) for key, mine in by_key.items()}
        self._of_all = _Sums(event for mine in by_key.values() for event in mine)

    def mean(self, key: Hashable, at: datetime, *, drawn_by: float = 0.0) -> float | None:
        of_all = self._of_all.at(at)
        count, total = self._of_key[key].at(at) if key in self._of_key else (0.0, 0.0)
        if drawn_by and of_all[0] > 0:
            count, total = count + drawn_by, total + drawn_by * of_all[1] / of_all[0]
        return total / count if count > 0 else None

    def count(self, key: Hashable, at: datetime) -> float:
        return self._of_key[key].at(at)[0] if key in self._of_key else 0.0


class _Sums:
    def __init__(self, events: Iterable[_Event]) -> None:
        in_order = sorted(events)
        self._days = [moment.astimezone(UTC).date() for moment, _, _ in in_order]
        self._counts = [0.0, *accumulate(count for _, count, _ in in_order)]
        self._totals = [0.0, *accumulate(total for _, _, total in in_order)]

    def at(self, moment: datetime) -> tuple[float, float]:
        known = bisect_left(self._days, moment.astimezone(UTC).date())
        return self._counts[known], self._totals[known]


def _told_of(history: DealHistory, stages: Mapping[int, StageFacts]) -> Iterator[_Told]:
    """What a deal adds to what is usual. A move that is undone has counted until then."""
    first = history.as_of(history.created_at)
    if first.amount is not None and first.amount > 0:
        yield "amount", first.currency, (history.created_at, 1.0, log_amount(float(first.amount)))
    if first.company:
        yield "deal", first.company.casefold(), (history.created_at, 1.0, 0.0)
    kept: list[tuple[PastMove, float | None, list[_Told]]] = []
    for move in history.moves:
        if move.change is Change.UNDONE:
            _, _, told = kept.pop()
            yield from ((kind, key, (move.at, -count, -total)) for kind, key, (_, count, total) in told)
            continue
        before, was_won, _ = kept[-1] if kept else (None, None, [])
        is_won = _is_won(move.change, was_won)
        told = list(_closings(history, move.at, was_won, is_won))
        if before is not None and stages[before.to_stage_id].is_open:
            told += _leavings(history, before, move)
        kept.append((move, is_won, told))
        yield from told


def _is_won(change: Change, before: float | None) -> float | None:
    """1 for a deal that is won by now, 0 for a lost one, None for an open one."""
    match change:
        case Change.WON:
            return 1.0
        case Change.LOST:
            return 0.0
        case Change.REOPENED:
            return None
    return before


def _closings(history: DealHistory, at: datetime, was_won: float | None, is_won: float | None) -> Iterator[_Told]:
    if was_won == is_won:
        return
    known = history.as_of(at)
    for count, won in ((-1.0, was_won), (1.0, is_won)):
        if won is not None:
            yield "owner", known.owner_id, (at, count, count * won)
            if known.company:
                yield "company", known.company.casefold(), (at, count, count * won)


def _leavings(history: DealHistory, before: PastMove, move: PastMove) -> Iterator[_Told]:
    yield "stay", before.to_stage_id, (move.at, 1.0, log_days(move.at - before.at))
    yield "leaving", before.to_stage_id, (move.at, 1.0, log_days(move.at - history.created_at))


def log_days(span: timedelta) -> float:
    """The binary logarithm of a time in days, a day more than it was so that none is minus infinity."""
    return math.log2(1 + max(span / timedelta(days=1), 0.0))


def log_amount(amount: float) -> float:
    """The binary logarithm of an amount, one more than it is; 0 for what is below zero."""
    return math.log2(1 + max(amount, 0.0))


def _days(log: float | None) -> float | None:
    return None if log is None else 2**log - 1
