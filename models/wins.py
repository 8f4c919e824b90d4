"""What was won in each of several periods, and what of it was taken back or came to another amount in a later one."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.attainment import wins
from models.deal import DealField
from models.known_deals import KnownDeal, Selection, known_before
from models.period import Period
from models.timeline import DealHistory, StageFacts


@dataclass(frozen=True)
class TakenBack:
    """A win, as an earlier period has counted it, that no longer stood from a moment of a later one on."""

    counted_in: Period
    deal: KnownDeal
    at: datetime


@dataclass(frozen=True)
class Amended:
    """A win, as an earlier period has counted it and as it reads since a moment of a later one: all but its amount is
    as it was then."""

    counted_in: Period
    deal: KnownDeal
    now: KnownDeal
    at: datetime


@dataclass(frozen=True)
class Won:
    """What was won in a period and stands so at its end, less what was reopened of earlier ones, and by how much more
    or less others of these were won; all commission of the period comes of it."""

    period: Period
    deals: Sequence[KnownDeal]
    taken_back: Sequence[TakenBack] = ()
    amended: Sequence[Amended] = ()


def won_in(histories: Iterable[DealHistory], stages: Mapping[int, StageFacts], periods: Sequence[Period]) -> list[Won]:
    """In each of some periods, one after the other, with or without days between them. A win that one of them has
    counted and which stands no more at the end of a later one is taken back there, and one that comes to another amount
    is amended; all of them together count what stands at the end, with its amount of then."""
    starts, ends = ([getattr(period, name) for period in periods] for name in ("start", "end"))
    moved: list[list[DealHistory]] = [[] for _ in periods]
    for history in histories:
        moments = [*(move.at for move in history.moves), *_amended_at(history)]
        for place in {bisect_right(ends, moment) for moment in moments} - {len(periods)}:
            moved[place].append(history)
    counted: dict[int, tuple[Period, KnownDeal]] = {}
    found = []
    for period, some in zip(periods, moved, strict=True):
        deals, taken_back, amended = [], [], []
        for history in some:
            for deal in known_before([history], period.end, Selection()):
                of = counted.get(history.deal_id)
                if of and of[1].closed_at == deal.closed_at:
                    now = _with_amount_of(deal, of[1])
                    if now != of[1]:
                        at = max(at for at in _amended_at(history) if at < period.end)
                        amended.append(Amended(*of, now, at))
                        counted[history.deal_id] = of[0], now
                    continue
                if of:
                    taken_back.append(TakenBack(*counted.pop(history.deal_id), _ended_at(history, of[1], period.end)))
                place = bisect_right(starts, deal.closed_at) - 1 if deal.closed_at else -1
                if place >= 0 and wins([deal], stages, periods[place]):
                    counted[history.deal_id] = period, deal
                    deals.append(deal)
        found.append(Won(period, deals, taken_back, amended))
    return found


def first_win(won: Sequence[Won], at: datetime) -> datetime:
    """When the first of what was won, taken back or amended had been won; `at` where there is nothing."""
    deals = [deal for each in won for deal in each.deals]
    deals += [back.deal for each in won for back in each.taken_back]
    deals += [former.deal for each in won for former in each.amended]
    return min((deal.closed_at for deal in deals if deal.closed_at), default=at)


def _amended_at(history: DealHistory) -> list[datetime]:
    return [each.at for each in history.revisions if each.field == DealField.AMOUNT]


def _with_amount_of(deal: KnownDeal, win: KnownDeal) -> KnownDeal:
    fields = replace(win.fields, amount=deal.fields.amount, currency=deal.fields.currency)
    return replace(win, fields=fields)


def _ended_at(history: DealHistory, win: KnownDeal, until: datetime) -> datetime:
    """When a win ended that stands no more by then: by the last move that found it standing."""

    def stood(at: datetime) -> bool:
        return any(deal.closed_at == win.closed_at for deal in known_before([history], at, Selection()))

    return next(move.at for move in reversed(history.moves) if move.at < until and stood(move.at))
