"""How the people of a team do beside each other: what they won, have open, did, and how they convert."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.attainment import Record, wins, worth_of_won
from models.attention import expected_value
from models.deal import Deal
from models.known_deals import Selection, known_before
from models.member import Member
from models.money import rounded
from models.period import Period
from models.pipeline import StageKind
from models.pricing import Pricing
from models.score import Prospect


@dataclass(frozen=True)
class Performance:
    """What one person did in a period, in the workspace's currency.

    `won` and `lost` are the deals that were closed in it and stand so at its end, owned by them then; of the won ones
    `unpriced` have no amount or no rate, and are not in `amount`. `activities` are the calls, emails and meetings that
    they logged. `weighted` is chance × amount of the deals that they have open now.
    """

    member: Member
    amount: Decimal
    won: int
    lost: int
    unpriced: int
    activities: int
    weighted: Decimal

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
    """Of everybody who did anything, whoever won most first; equal ones by the number of wins, then by name."""
    deals = known_before(record.histories, period.end, Selection())
    pricing = record.pricing
    won, amount = Counter[int | None](), dict.fromkeys([member.id for member in members], Decimal())
    unpriced, lost = Counter[int | None](), Counter[int | None]()
    for deal in wins(deals, record.stages, period):
        owner, worth = deal.fields.owner_id, worth_of_won(deal, pricing)
        won[owner] += 1
        unpriced[owner] += worth is None
        if owner in amount and worth is not None:
            amount[owner] += worth
    for deal in deals:
        if record.stages[deal.stage_id].kind is StageKind.LOST and deal.closed_at and period.has(deal.closed_at):
            lost[deal.fields.owner_id] += 1
    done = Counter(each.by_id for each in record.activities if period.has(each.at))
    weighted = _weighted(open_deals, prospects, pricing)
    every = [
        Performance(
            member=each,
            amount=rounded(amount[each.id], pricing.currency),
            won=won[each.id],
            lost=lost[each.id],
            unpriced=unpriced[each.id],
            activities=done[each.id],
            weighted=rounded(weighted.get(each.id, Decimal()), pricing.currency),
        )
        for each in members
    ]
    busy = [each for each in every if each.closed or each.activities or each.weighted]
    return sorted(busy, key=lambda each: (-each.amount, -each.won, each.member.name))


def _weighted(deals: Sequence[Deal], prospects: Mapping[int, Prospect], pricing: Pricing) -> dict[int, Decimal]:
    """Of deals whose chance of being won is known: one of moving forward says nothing of money."""
    found: dict[int, Decimal] = {}
    for deal in deals:
        prospect = prospects.get(deal.id)
        if deal.owner_id is None or prospect is None or not prospect.is_of_winning:
            continue
        expected = expected_value(deal, prospect, pricing)
        found[deal.owner_id] = found.get(deal.owner_id, Decimal()) + (expected or Decimal())
    return found
