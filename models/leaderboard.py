"""How the people of a team do beside each other: what they won, have open, did, and how they convert."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.attainment import Record, lots_of_won, wins
from models.deal import Deal
from models.known_deals import KnownDeal, Selection, known_before
from models.member import Member
from models.period import Period
from models.pipeline import StageKind
from models.pricing import Lot, Worth
from models.score import Prospect


@dataclass(frozen=True)
class Performance:
    """What one person did in a period, or what was done of deals that nobody owns, where there is no `member`.

    `won` and `lost` are the deals that were closed in it and stand so at its end, owned by them then; of the won ones
    `no_amount` have none. `activities` are the calls, emails and meetings that they logged. `weighted` is chance ×
    amount of the deals that they have open now.
    """

    member: Member | None
    amount: Worth
    won: int
    lost: int
    no_amount: int
    activities: int
    weighted: Worth

    @property
    def closed(self) -> int:
        return self.won + self.lost


def leaderboard(
    record: Record,
    period: Period,
    members: Sequence[Member],
    open_deals: Sequence[Deal],
    *,
    prospects: Mapping[int, Prospect],
) -> list[Performance]:
    """Of everybody who did anything, whoever won most first, by the number of wins where one of them has no rate; equal
    ones by the number of wins, then by name. Last stands what nobody owns, if there is any."""
    deals = known_before(record.histories, period.end, Selection())
    pricing = record.pricing
    won: dict[int | None, list[KnownDeal]] = defaultdict(list)
    for deal in wins(deals, record.stages, period):
        won[deal.fields.owner_id].append(deal)
    lost = Counter[int | None]()
    for deal in deals:
        if record.stages[deal.stage_id].kind is StageKind.LOST and deal.closed_at and period.has(deal.closed_at):
            lost[deal.fields.owner_id] += 1
    done = Counter(each.by_id for each in record.activities if period.has(each.at))
    weighted = _weighted(open_deals, prospects)
    every = [
        Performance(
            member=each,
            amount=pricing.sum_of(lots_of_won(won[number], pricing)),
            won=len(won[number]),
            lost=lost[number],
            no_amount=sum(deal.fields.amount is None for deal in won[number]),
            activities=done[number] if each else 0,
            weighted=pricing.sum_of(weighted[number]),
        )
        for number, each in [*((each.id, each) for each in members), (None, None)]
    ]
    busy = [each for each in every if each.closed or each.activities or any(each.weighted.told)]
    by_wins = is_by_wins(busy)

    def place(each: Performance) -> tuple[bool, Decimal, int, str]:
        amount = Decimal() if by_wins else -each.amount.amount
        return each.member is None, amount, -each.won, each.member.name if each.member else ""

    return sorted(busy, key=place)


def is_by_wins(found: Sequence[Performance]) -> bool:
    """Whether people are ranked by the number of wins, as nobody knows what one of them is worth beside the others."""
    return any(each.amount.unpriced for each in found if each.member)


def _weighted(deals: Sequence[Deal], prospects: Mapping[int, Prospect]) -> dict[int | None, list[Lot]]:
    """Of deals whose chance of being won is known: one of moving forward says nothing of money."""
    found: dict[int | None, list[Lot]] = defaultdict(list)
    for deal in deals:
        prospect = prospects.get(deal.id)
        if deal.amount is None or prospect is None or not prospect.is_of_winning:
            continue
        found[deal.owner_id].append(Lot(1, deal.currency, deal.amount * Decimal(prospect.chance)))
    return found
