"""Sales velocity: how much money a day the open deals bring, if things go on as they went in a period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from moneyed import Money

from models.known_deals import KnownDeal
from models.money import rounded
from models.period import Period
from models.pipeline import StageKind
from models.pricing import Pricing
from models.timeline import StageFacts


@dataclass(frozen=True)
class Velocity:
    """Opportunities × win rate × average won amount ÷ average cycle, in money a day: the formula that sales textbooks,
    Salesforce and HubSpot share. They leave open what each factor counts; here it is

    opportunities
        The deals that are open at the period's end.
    won, lost
        The deals that were closed within the period, by how they stand at its end. The win rate is won ÷ (won + lost),
        so deals that are open, or were reopened, have no part in it.
    won_amount, won_priced
        What the won deals are worth in the workspace's currency, at the rates of the days they were won, and of how
        many of them that is known; the average is of these.
    cycle_days
        The mean time from a deal's beginning to its winning, of the won deals, in days.
    without_rate
        The won deals with an amount in a currency that there was no rate for; the others that are not priced have no
        amount.
    """

    opportunities: int
    won: int
    lost: int
    won_amount: Money
    won_priced: int
    cycle_days: float | None
    without_rate: int

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
    def a_day(self) -> Money | None:
        """None where no deal with an amount was won, or all were won the moment that they began."""
        if self.win_rate is None or self.average_amount is None or not self.cycle_days:
            return None
        expected = self.average_amount.amount * self.opportunities * self.won / (self.won + self.lost)
        return Money(expected / Decimal(str(self.cycle_days)), self.won_amount.currency)


def velocity_of(
    deals: Iterable[KnownDeal], stages: Mapping[int, StageFacts], period: Period, *, pricing: Pricing
) -> Velocity:
    """Of deals as they were known at the period's end, in the workspace's currency."""
    opportunities = lost = without_rate = 0
    amounts: list[Decimal | None] = []
    cycles: list[float] = []
    for deal in deals:
        kind, closed_at = stages[deal.stage_id].kind, deal.closed_at
        if kind is StageKind.OPEN:
            opportunities += 1
        elif closed_at is None or not period.has(closed_at):
            continue
        elif kind is StageKind.LOST:
            lost += 1
        else:
            worth = pricing.worth_when_closed(deal.fields.amount, deal.fields.currency, closed_at)
            without_rate += worth is None and deal.fields.amount is not None
            amounts.append(worth)
            cycles.append((closed_at - deal.began_at) / timedelta(days=1))
    priced = [amount for amount in amounts if amount is not None]
    return Velocity(
        opportunities=opportunities,
        won=len(amounts),
        lost=lost,
        won_amount=Money(rounded(sum(priced, Decimal()), pricing.currency), pricing.currency),
        won_priced=len(priced),
        cycle_days=sum(cycles) / len(cycles) if cycles else None,
        without_rate=without_rate,
    )
