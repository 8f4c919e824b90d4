"""What a report on customers says: how satisfied they are, whether they stay, buy again, and send others."""

import math
from dataclasses import dataclass

from models.funnel_figures import Ratio
from models.period import Period

PROMOTER, DETRACTOR = 9, 6
"""From that score on a customer recommends the team, and up to that one they advise against it."""
_NORMAL = 1.96
"""Of a normal distribution 95 % lie within so many standard deviations."""
_MORE = 3
"""Answers, of which a quarter are of promoters and a quarter of detractors."""


@dataclass(frozen=True)
class NetPromoters:
    """The net promoter score (Reichheld, Harvard Business Review 81, 2003): the share of promoters less that of
    detractors, from -1 to 1, with the interval that chance leaves open (95 %). It is Rocks's adjusted Wald interval
    (2016): that of a multinomial taken as normal, after three more answers in the proportions 1 : 2 : 1. So a few that
    agree are no certainty.
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
        Of the customers who bought in the period, those for whom it was not the first time, or who did so twice.
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
        promoters, detractors = sum(self.answers[PROMOTER:]), sum(self.answers[: DETRACTOR + 1])
        score, among = (promoters - detractors) / self.count, self.count + _MORE
        middle = (promoters - detractors) / among
        variance = (promoters + detractors + _MORE / 2) / among - middle**2
        error = _NORMAL * math.sqrt(variance / among)
        return NetPromoters(score, max(min(score, middle - error), -1.0), min(max(score, middle + error), 1.0))
