"""What is usual in a team: how long deals stay in a stage, what they are worth, how often an owner wins.

It answers for any moment from what had happened before the day of that moment began (UTC), and from nothing later.
Whole days, so that what was counted once serves for a day, and is the same in training as it was in earnest. Usual is
the geometric mean: of ten stays of about a week and one of a year it is still about a week.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from operator import itemgetter

from models.history import Change
from models.pipeline import StageKind
from models.timeline import DealHistory, PastMove, StageFacts
from scoring.conversion import OWN_CURRENCIES, Conversion

_Event = tuple[str, Hashable, int, float, float]
"""What kind of event it is, what it is about, on which day (UTC, since 1970) it was known, what it counts, and what it
adds; the last two negative where it turned out not to be so."""

_FEW_STAYS = 5.0
_FEW_CLOSED = 5.0
"""As by so many is an average drawn to that of the whole team."""


class Usual:
    """What was usual on each day, learnt from all deals of a workspace.

    What is not known yet is None: before the first stay ended, the first deal was closed.
    """

    def __init__(
        self,
        histories: Sequence[DealHistory],
        stages: Mapping[int, StageFacts],
        conversion: Conversion = OWN_CURRENCIES,
    ) -> None:
        self.conversion = conversion
        events: dict[str, list[_Event]] = defaultdict(list)
        for history in histories:
            for event in _events_of(history, stages, conversion):
                events[event[0]].append(event)
        self._stays = _Running(events["stay"])
        self._leavings = _Running(events["leaving"])
        self._amounts = _Running(events["amount"])
        self._by_owner = _Running(events["owner"])
        self._by_company = _Running(events["company"])
        self._deals = _Running(events["deal"])

    def days_in_stage(self, stage_id: int, at: datetime) -> float | None:
        """How long deals stay in a stage, in days; drawn to all stages where few have left it."""
        return _days(self._stays.mean(stage_id, at, drawn_by=_FEW_STAYS))

    def age_on_leaving(self, stage_id: int, at: datetime) -> float | None:
        """How old deals are when they leave a stage, in days."""
        return _days(self._leavings.mean(stage_id, at, drawn_by=_FEW_STAYS))

    def amount(self, currency: str, at: datetime) -> float | None:
        """What deals are worth when they are added, of those whose amounts are told in a currency."""
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

    def __init__(self, events: Iterable[_Event]) -> None:
        in_order = sorted(events, key=itemgetter(2))
        by_key: dict[Hashable, list[_Event]] = defaultdict(list)
        for event in in_order:
            by_key[event[1]].append(event)
        self._of_key = {key: _Sums(mine) for key, mine in by_key.items()}
        self._of_all = _Sums(in_order)

    def mean(self, key: Hashable, at: datetime, *, drawn_by: float = 0.0) -> float | None:
        of_all = self._of_all.at(at)
        count, total = self._of_key[key].at(at) if key in self._of_key else (0.0, 0.0)
        if drawn_by and of_all[0] > 0:
            count, total = count + drawn_by, total + drawn_by * of_all[1] / of_all[0]
        return total / count if count > 0 else None

    def count(self, key: Hashable, at: datetime) -> float:
        return self._of_key[key].at(at)[0] if key in self._of_key else 0.0


class _Sums:
    """What events in the order of time had come to before a day began."""

    def __init__(self, events: Sequence[_Event]) -> None:
        self._days = [event[2] for event in events]
        self._counts = list(accumulate((event[3] for event in events), initial=0.0))
        self._totals = list(accumulate((event[4] for event in events), initial=0.0))

    def at(self, moment: datetime) -> tuple[float, float]:
        known = bisect_left(self._days, _day(moment))
        return self._counts[known], self._totals[known]


def _events_of(history: DealHistory, stages: Mapping[int, StageFacts], conversion: Conversion) -> Iterator[_Event]:
    """What a deal adds to what is usual. A move that is undone has counted until then."""
    first = history.as_of(history.created_at)
    if first.amount is not None and first.amount > 0:
        amount, currency = conversion.of(first.amount, first.currency, history.created_at)
        yield "amount", currency, _day(history.created_at), 1.0, log_amount(float(amount))
    if first.company:
        yield "deal", first.company.casefold(), _day(history.created_at), 1.0, 0.0
    kept: list[tuple[PastMove, list[_Event], list[_Event]]] = []
    for move in history.moves:
        if move.change is Change.UNDONE:
            _, _, events = kept.pop()
            yield from _taken_back(events, move.at)
            continue
        before, was_closed, _ = kept[-1] if kept else (None, [], [])
        is_closed = was_closed
        outcome = _outcome(stages[move.to_stage_id])
        if before is None or outcome is not _outcome(stages[before.to_stage_id]):
            is_closed = list(_closing(history, move.at, outcome))
        events = [] if is_closed is was_closed else [*_taken_back(was_closed, move.at), *is_closed]
        if before is not None and stages[before.to_stage_id].is_open:
            events += _leaving(history, before, move)
        kept.append((move, is_closed, events))
        yield from events


def _outcome(stage: StageFacts) -> StageKind:
    """What stands after the sale was won, by whoever had it then."""
    return StageKind.WON if stage.kind is StageKind.AFTER_SALES else stage.kind


def _closing(history: DealHistory, at: datetime, outcome: StageKind) -> Iterator[_Event]:
    """A closed deal counts for whose it was then; one that is open counts for nobody."""
    if outcome is not StageKind.OPEN:
        known, day, won = history.as_of(at), _day(at), float(outcome is StageKind.WON)
        yield "owner", known.owner_id, day, 1.0, won
        if known.company:
            yield "company", known.company.casefold(), day, 1.0, won


def _taken_back(events: Iterable[_Event], at: datetime) -> Iterator[_Event]:
    return ((kind, key, _day(at), -count, -total) for kind, key, _, count, total in events)


def _leaving(history: DealHistory, before: PastMove, move: PastMove) -> tuple[_Event, _Event]:
    stage_id, day = before.to_stage_id, _day(move.at)
    return (
        ("stay", stage_id, day, 1.0, log_days(move.at - before.at)),
        ("leaving", stage_id, day, 1.0, log_days(move.at - history.created_at)),
    )


def log_days(span: timedelta) -> float:
    """The binary logarithm of a time in days, a day more than it was so that none is minus infinity."""
    return math.log2(1 + max(span.total_seconds() / 86_400, 0.0))


def log_amount(amount: float) -> float:
    """The binary logarithm of an amount, one more than it is; 0 for what is below zero."""
    return math.log2(1 + max(amount, 0.0))


def _day(moment: datetime) -> int:
    return int(moment.timestamp() // 86_400)


def _days(log: float | None) -> float | None:
    return None if log is None else 2**log - 1
