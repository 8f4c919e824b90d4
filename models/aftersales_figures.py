"""What a report on customers says: how satisfied they are, whether they stay, buy again, and send others."""

import math
from dataclasses import dataclass

from models.funnel_figures import Ratio
from models.period import Period

PROMOTER, DETRACTOR = 9, 6
"""From that score on a customer recommends the team, and up to that one they advise against it."""
_NORMAL = 1.96
"""Of a normal distribution 95 % lie within so many standard deviations."""


@dataclass(frozen=True)
class NetPromoters:
    """The net promoter score (Reichheld, Harvard Business Review 81, 2003): the share of promoters less that of
    detractors, from -1 to 1, with the interval that chance leaves open (95 %, a multinomial taken as normal).
    """

    score: float
    low: float
    high: float


@dataclass(frozen=True)
class AfterSales:
    """A period after the sale.

    answers
        How many customers gave each score, from 0 to 10.
    retention
        Of the renewals that were decided in the period, those that were won.
    repurchase
        Of the customers who were won in the period, those who had been won before.
    referrals, referrals_won
        The deals that customers sent in the period, and those of them that are won by now.
    """

    period: Period
    answers: tuple[int, ...]
    retention: Ratio | None
    repurchase: Ratio | None
    referrals: int
    referrals_won: int

    @property
    def is_empty(self) -> bool:
        return not (self.count or self.retention or self.repurchase or self.referrals)

    @property
    def count(self) -> int:
        return sum(self.answers)

    @property
    def mean(self) -> float | None:
        return sum(score * number for score, number in enumerate(self.answers)) / self.count if self.count else None

    @property
    def net_promoters(self) -> NetPromoters | None:
        if not self.count:
            return None
        promoters = sum(self.answers[PROMOTER:]) / self.count
        detractors = sum(self.answers[: DETRACTOR + 1]) / self.count
        score = promoters - detractors
        error = _NORMAL * math.sqrt(max(promoters + detractors - score**2, 0) / self.count)
        return NetPromoters(score, max(score - error, -1.0), min(score + error, 1.0))
