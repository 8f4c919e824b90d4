"""How each person of a team stands now: what is open, what it may bring, what stalls, what was won this month."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from models.deals import Deals, Piece
from models.member import Member
from models.open_deals import OpenDeals
from models.period import Period
from models.pricing import Lot, Pricing, Worth
from models.workspace import day_in


@dataclass(frozen=True)
class Workload:
    """One person. Deals without an amount are in no sum, those without a rate beside it.

    `weighted` is chance × amount of what is open, `won` what was closed in the period and stands so.
    """

    member: Member
    open: int
    open_amount: Worth
    weighted: Worth
    stalled: int
    won: int
    won_amount: Worth


def workloads(
    members: Sequence[Member],
    deals: Deals,
    open_deals: OpenDeals,
    chances: Mapping[int, float],
    pricing: Pricing,
    *,
    period: Period,
    at: datetime,
) -> list[Workload]:
    """Of these people, whoever won most first, and of equal ones whose open deals weigh most: by number where an amount
    of theirs has no rate. `chances` are those of winning, by the deals' ids."""
    opened, closed = deals.open_pieces(), deals.won_pieces(since=period.start)
    stalled = Counter(deal.owner_id for deal in open_deals.stalled(at, owners=members))
    open_amounts, won_amounts = _lots(opened, pricing), _lots(closed, pricing)
    expected = _lots(opened, pricing, chances)
    count, won = (Counter(piece.owner_id for piece in pieces) for pieces in (opened, closed))
    found = [
        Workload(
            member=each,
            open=count[each.id],
            open_amount=pricing.sum_of(open_amounts[each.id]),
            weighted=pricing.sum_of(expected[each.id]),
            stalled=stalled[each.id],
            won=won[each.id],
            won_amount=pricing.sum_of(won_amounts[each.id]),
        )
        for each in members
    ]
    by_wins, by_open = (
        any(sums.unpriced for sums in every)
        for every in ([each.won_amount for each in found], [each.weighted for each in found])
    )
    return sorted(
        found,
        key=lambda each: (
            -(each.won if by_wins else each.won_amount.amount),
            -(each.open if by_open else each.weighted.amount),
            each.member.name,
        ),
    )


def _lots(
    pieces: Sequence[Piece], pricing: Pricing, chances: Mapping[int, float] | None = None
) -> dict[int | None, list[Lot]]:
    """Of each owner, one of each currency and day, as thousands of deals may share them; by their chances where those
    are given."""
    amounts: dict[tuple[int | None, str, date | None], Decimal] = defaultdict(Decimal)
    counts: Counter[tuple[int | None, str, date | None]] = Counter()
    for piece in pieces:
        if piece.amount is None:
            continue
        day = day_in(pricing.time_zone, piece.closed_at) if piece.closed_at else None
        key = piece.owner_id, piece.currency, day
        amounts[key] += piece.amount if chances is None else piece.amount * Decimal(chances.get(piece.id, 0))
        counts[key] += 1
    lots: dict[int | None, list[Lot]] = defaultdict(list)
    for (owner, currency, day), amount in amounts.items():
        lots[owner].append(Lot(counts[owner, currency, day], currency, amount, day))
    return lots
