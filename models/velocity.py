"""Sales velocity: how much money a day the deals that a team works on bring, as things went in a period."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from moneyed import Money

from models.known_deals import KnownDeal
from models.pipeline import StageKind
from models.pricing import Lot, Pricing, Unpriced, Worth
from models.timeline import StageFacts
from models.workspace import day_in


@dataclass(frozen=True)
class Velocity:
    """Opportunities × win rate × average won amount ÷ average cycle, in money a day: the formula that sales textbooks,
    Salesforce and HubSpot share. They leave open what each factor counts; here it is

    open
        The deals that are open at the period's end.
    opportunities
        The deals that were worked on: all that were open at any time of the period. Whatever was is open at its end, or
        was closed within it.
    won, lost
        The deals that were closed within the period, by how they stand at its end. The win rate is won ÷ (won + lost),
        so deals that are open, or were reopened, have no part in it.
    won_amount, won_priced
        What the won deals are worth in the workspace's currency, at the rates of the days they were won, and of how
        many of them that is known; the average is of these.
    cycle_days
        The mean time from a deal's beginning to its winning, of the won deals, in days.
    undated
        The deals closed at the very moment they began, which have no cycle: a file brought them without the date of
        their beginning, or with days alone.
    unpriced
        The won deals with an amount in a currency that there was no rate for, and those amounts; the others that are
        not priced have no amount.
    """

    open: int
    won: int
    lost: int
    won_amount: Money
    won_priced: int
    cycle_days: float | None
    unpriced: tuple[Unpriced, ...]
    undated: int

    @property
    def opportunities(self) -> int:
        return self.open + self.won + self.lost

    @property
    def win_rate(self) -> float | None:
        closed = self.won + self.lost
        return self.won / closed if closed else None

    @property
    def average_amount(self) -> Money | None:
        if not self.won_priced:
            return None
        return Money(self.won_amount.amount / self.won_priced, self.won_amount.currency)

    @property
    def worth(self) -> Worth:
        """What the won deals are worth: no total where some have an amount, and none of these a rate."""
        return Worth(self.won_amount if self.won_priced or not self.unpriced else None, self.unpriced)

    @property
    def no_amount(self) -> int:
        """How many won deals nobody has named an amount of."""
        return self.won - self.won_priced - sum(each.count for each in self.unpriced)

    @property
    def is_within_a_day(self) -> bool:
        return self.cycle_days is not None and self.cycle_days < 1

    @property
    def a_day(self) -> Money | None:
        """None where no deal with an amount was won, or the average cycle is under a day: a pace that is divided by
        hours tells nothing of days."""
        if self.win_rate is None or self.average_amount is None or self.cycle_days is None or self.is_within_a_day:
            return None
        expected = self.average_amount.amount * self.opportunities * self.won / (self.won + self.lost)
        return Money(expected / Decimal(str(self.cycle_days)), self.won_amount.currency)


def velocity_of(
    deals: Iterable[KnownDeal],
    stages: Mapping[int, StageFacts],
    closed_at: Callable[[KnownDeal], datetime | None],
    *,
    pricing: Pricing,
) -> Velocity:
    """Of deals as they were known at the period's end, in the workspace's currency. Those count as closed that were
    `closed_at` a moment; the cycle is of those of which it is known when."""
    still_open = won = lost = undated = 0
    lots: list[Lot] = []
    cycles: list[float] = []
    for deal in deals:
        kind = stages[deal.stage_id].kind
        if kind is StageKind.OPEN:
            still_open += 1
            continue
        if (at := closed_at(deal)) is None:
            continue
        undated += at == deal.began_at
        if kind is StageKind.LOST:
            lost += 1
        else:
            won += 1
            if deal.fields.amount is not None:
                lots.append(Lot(1, deal.fields.currency, deal.fields.amount, day_in(pricing.time_zone, at)))
            if at > deal.began_at:
                cycles.append((at - deal.began_at) / timedelta(days=1))
    worth = pricing.sum_of(lots)
    return Velocity(
        open=still_open,
        won=won,
        lost=lost,
        won_amount=Money(worth.amount, pricing.currency),
        won_priced=len(lots) - sum(each.count for each in worth.unpriced),
        cycle_days=sum(cycles) / len(cycles) if cycles else None,
        unpriced=worth.unpriced,
        undated=undated,
    )
