"""What was won in each of several periods, and what of it was taken back in a later one."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.attainment import wins
from models.history import Change
from models.known_deals import KnownDeal, Selection, known_before
from models.period import Period
from models.timeline import DealHistory, StageFacts

_TAKES_BACK = (Change.REOPENED, Change.LOST, Change.UNDONE, Change.WON)
"""The moves after which a deal is not won any more, or by another win."""


@dataclass(frozen=True)
class TakenBack:
    """A win, as an earlier period has counted it, that no longer stood from a moment of a later one on."""

    counted_in: Period
    deal: KnownDeal
    at: datetime


@dataclass(frozen=True)
class Won:
    """What was won in a period and stands so at its end, less what was reopened of earlier ones; all commission of the
    period comes of it."""

    period: Period
    deals: Sequence[KnownDeal]
    taken_back: Sequence[TakenBack] = ()


def first_win(histories: Iterable[DealHistory], at: datetime) -> datetime:
    """When the first of these was won, a moment at the latest: since then wins count that may be taken back."""
    return min((move.at for history in histories for move in history.moves if move.change is Change.WON), default=at)


def won_in(histories: Iterable[DealHistory], stages: Mapping[int, StageFacts], periods: Sequence[Period]) -> list[Won]:
    """In each of some periods, one after the other. A win that one of them has counted and which stands no more at the
    end of a later one is taken back there; all of them together count what stands at the end."""
    starts = [period.start for period in periods]
    moved: list[list[DealHistory]] = [[] for _ in periods]
    for history in histories:
        for place in {bisect_right(starts, move.at) - 1 for move in history.moves} - {-1}:
            moved[place].append(history)
    counted: dict[int, tuple[Period, KnownDeal]] = {}
    found = []
    for period, some in zip(periods, moved, strict=True):
        deals, taken_back = [], []
        for history in some:
            for deal in known_before([history], period.end, Selection()):
                of = counted.get(history.deal_id)
                if of and of[1].closed_at == deal.closed_at:
                    continue
                if of:
                    taken_back.append(TakenBack(*counted.pop(history.deal_id), _taken_back_at(history, of[0])))
                place = bisect_right(starts, deal.closed_at) - 1 if deal.closed_at else -1
                if place >= 0 and wins([deal], stages, periods[place]):
                    counted[history.deal_id] = period, deal
                    deals.append(deal)
        found.append(Won(period, deals, taken_back))
    return found


def _taken_back_at(history: DealHistory, counted_in: Period) -> datetime:
    return next(move.at for move in history.moves if move.at >= counted_in.end and move.change in _TAKES_BACK)
