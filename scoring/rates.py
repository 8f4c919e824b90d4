"""How often leads with some value, such as deals in a stage, are won; the fewer were seen, the closer to all others.

How far the values' rates are drawn together is itself estimated from how much they differ (empirical Bayes with the
beta-binomial likelihood): either by the likeliest strength, or by all strengths, each as much as it is likely, which
moves less while little was seen. The rate of all is drawn a little towards what is believed without any past.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import numpy as np

from scoring.arrays import Bools, Floats

_STRENGTHS = (256.0, 128.0, 64.0, 32.0, 16.0, 8.0, 4.0, 2.0)
"""By how many leads a value's rate may be drawn; of equally likely ones the first."""


class Rates:
    """The rate of each value, and the rate of all.

    Parameters
    ----------
    prior_rate : float or mapping of str to float, default=0.5
        What is believed without any past, of all leads or of each value; above 0 and below 1. The values of a mapping
        are drawn to their own beliefs, other values to the rate of all, which is drawn to the mean belief.
    prior_count : float, default=1
        The number of leads that the rate of all is drawn by.
    is_averaged : bool, default=False
        Whether rates are averaged over all strengths instead of drawn by the likeliest.

    Attributes
    ----------
    overall_ : float
        The rate of all leads.
    rates_ : dict of str to float
        For each value that was seen its rate.

    Examples
    --------
    >>> rates = Rates().fit(["demo"] * 40 + ["offer"] * 40, [True, False] * 20 + [True] * 40)
    >>> [round(rates.rate_of(value), 2) for value in ("demo", "offer", "never seen")]
    [0.51, 0.99, 0.75]
    >>> Rates({"demo": 0.2, "offer": 0.5}).fit(["demo"], [True]).rate_of("offer")
    0.5
    >>> round(Rates({"demo": 0.1}, is_averaged=True).fit(["demo", "demo"], [True, True]).rate_of("demo"), 2)
    0.32
    """

    def __init__(
        self, prior_rate: float | Mapping[str, float] = 0.5, prior_count: float = 1.0, *, is_averaged: bool = False
    ) -> None:
        self.prior_rate = dict(prior_rate) if isinstance(prior_rate, Mapping) else prior_rate
        self.prior_count = prior_count
        self.is_averaged = is_averaged

    def fit(self, values: Sequence[str], won: Sequence[bool] | Bools, weights: Floats | None = None) -> Self:
        """Count; each lead counts as much as its weight says, or 1."""
        outcomes = np.asarray(won, dtype=np.float64)
        weight = np.ones(len(outcomes)) if weights is None else weights
        prior_hits = self.prior_count * self._prior_of_all()
        self.overall_ = float((weight @ outcomes + prior_hits) / (weight.sum() + self.prior_count))
        hits: dict[str, float] = {}
        counts: dict[str, float] = {}
        for value, each, outcome in zip(values, weight.tolist(), outcomes.tolist(), strict=True):
            counts[value] = counts.get(value, 0.0) + each
            hits[value] = hits.get(value, 0.0) + each * outcome
        believed = {value: self._beliefs().get(value, self.overall_) for value in counts}
        if len(counts) == 1 and not self._beliefs():
            self.rates_ = believed
            return self
        seen = [(hits[value], count, believed[value]) for value, count in counts.items()]
        likely = np.array([_likelihood(seen, each) for each in _STRENGTHS])
        strengths, shares = np.array(_STRENGTHS), np.exp(likely - likely.max())
        if not self.is_averaged:
            strengths, shares = strengths[[likely.argmax()]], np.ones(1)
        self.rates_ = {
            value: float(np.average((hits[value] + believed[value] * strengths) / (count + strengths), weights=shares))
            for value, count in counts.items()
        }
        return self

    def rate_of(self, value: str) -> float:
        """The rate of a value; of one that was never seen what was believed of it, or the rate of all."""
        return self.rates_.get(value, self._beliefs().get(value, self.overall_))

    def rates_of(self, values: Iterable[str]) -> Floats:
        return np.array([self.rate_of(value) for value in values], dtype=np.float64)

    def _beliefs(self) -> Mapping[str, float]:
        return self.prior_rate if isinstance(self.prior_rate, dict) else {}

    def _prior_of_all(self) -> float:
        if isinstance(self.prior_rate, dict):
            return sum(self.prior_rate.values()) / len(self.prior_rate)
        return self.prior_rate


def _likelihood(seen: list[tuple[float, float, float]], strength: float) -> float:
    """The log-likelihood of hits among counts whose rates scatter about beliefs as closely as `strength` leads tell."""
    total = 0.0
    for hits, count, belief in seen:
        a, b = belief * strength, (1 - belief) * strength
        total += _log_beta(a + hits, b + count - hits) - _log_beta(a, b)
    return total


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
