"""How each person of a team stands now: what is open, what it may bring, what stalls, what was won this month."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from models.deals import Deals, Piece
from models.member import Member
from models.money import rounded
from models.period import Period
from models.pricing import Lot, Pricing
from models.workspace import day_in


@dataclass(frozen=True)
class Workload:
    """One person, in the workspace's currency: amounts without one or without a rate are in no sum.

    `weighted` is chance × amount of what is open, `won` what was closed in the period and stands so.
    """

    member: Member
    open: int
    open_amount: Decimal
    weighted: Decimal
    stalled: int
    won: int
    won_amount: Decimal


def workloads(
    members: Sequence[Member],
    deals: Deals,
    chances: Mapping[int, float],
    pricing: Pricing,
    *,
    period: Period,
    at: datetime,
) -> list[Workload]:
    """Of these people, whoever won most first; `chances` are those of winning, by the deals' ids."""
    opened, closed = deals.open_pieces(), deals.won_pieces(since=period.start)
    stalled = Counter(deal.owner_id for deal in deals.stalled(at, owners=members))
    open_amounts, won_amounts = _sums(opened, pricing), _sums(closed, pricing)
    expected = _sums(opened, pricing, chances)
    count, won = (Counter(piece.owner_id for piece in pieces) for pieces in (opened, closed))
    found = [
        Workload(
            member=each,
            open=count[each.id],
            open_amount=rounded(open_amounts[each.id], pricing.currency),
            weighted=rounded(expected[each.id], pricing.currency),
            stalled=stalled[each.id],
            won=won[each.id],
            won_amount=rounded(won_amounts[each.id], pricing.currency),
        )
        for each in members
    ]
    return sorted(found, key=lambda each: (-each.won_amount, -each.weighted, each.member.name))


def _sums(
    pieces: Sequence[Piece], pricing: Pricing, chances: Mapping[int, float] | None = None
) -> dict[int | None, Decimal]:
    sums: dict[int | None, Decimal] = defaultdict(Decimal)
    for piece in pieces:
        if piece.amount is None:
            continue
        day = day_in(pricing.time_zone, piece.closed_at) if piece.closed_at else None
        worth = pricing.worth_of_lot(Lot(1, piece.currency, piece.amount, day)) or Decimal()
        sums[piece.owner_id] += worth if chances is None else worth * Decimal(chances.get(piece.deal_id, 0))
    return sums
