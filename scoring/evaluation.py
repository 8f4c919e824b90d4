"""How good answers were, once the outcomes are known, and whether one set of answers is better beyond chance."""

import math
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from models.model_card import Quality
from scoring.arrays import Bools, Floats, Ints

COIN = math.log(2)
"""The log loss of who says .5 of everything."""
_SURE = 1e-6


@dataclass(frozen=True)
class Figures(Quality):
    """With the area under the ROC curve (.5: blind), None where all outcomes were alike."""

    auc: float | None

    @property
    def is_worse_than_a_coin(self) -> bool:
        return self.log_loss > COIN


@dataclass(frozen=True)
class Gain:
    """By how much log loss went down, with the interval that chance leaves open (95 %)."""

    mean: float
    low: float
    high: float

    @property
    def is_beyond_chance(self) -> bool:
        return self.low > 0


@dataclass(frozen=True)
class Evaluation:
    """How good the scores of some leads were once their outcomes were known, beside the base rate's."""

    model: Figures
    base_rate: Figures
    gain: Gain


def figures(outcomes: Bools, chances: Floats, weights: Floats | None = None) -> Figures:
    """Of answers that count as much as their weights say, or all the same."""
    mixed = len(np.unique(outcomes if weights is None else outcomes[weights > 0])) > 1
    return Figures(
        log_loss=float(np.average(log_losses(outcomes, chances), weights=weights)),
        brier=float(np.average((chances - outcomes) ** 2, weights=weights)),
        calibration_error=calibration_error(outcomes, chances, weights=weights),
        auc=float(roc_auc_score(outcomes, chances, sample_weight=weights)) if mixed else None,
    )


def log_losses(outcomes: Bools, chances: Floats) -> Floats:
    """Of each answer."""
    sure = np.clip(chances, _SURE, 1 - _SURE)
    losses: Floats = -np.log(np.where(outcomes, sure, 1 - sure))
    return losses


def calibration_error(outcomes: Bools, chances: Floats, *, bins: int = 10, weights: Floats | None = None) -> float:
    """How far apart what was said and what happened lie on average, over bins of equal weight.

    Equal chances belong together: where a cut between two bins meets some, each bin gets its share of all of them.
    """
    weight = np.ones(len(chances)) if weights is None else weights
    _, place = np.unique(chances, return_inverse=True)
    upto = np.cumsum([0.0, *np.bincount(place, weights=weight)])
    gaps = np.cumsum([0.0, *np.bincount(place, weights=weight * (chances - outcomes))])
    at_cuts = np.interp(np.linspace(0, upto[-1], bins + 1), upto, gaps)
    return float(np.abs(np.diff(at_cuts)).sum() / upto[-1])


def gain(
    outcomes: Bools,
    chances: Floats,
    baseline: Floats,
    deal_ids: Ints,
    *,
    weights: Floats | None = None,
    draws: int = 2000,
    random_state: int = 0,
) -> Gain:
    """Of `chances` over `baseline`, with a paired bootstrap that draws whole deals: a deal's moments go together."""
    saved = log_losses(outcomes, baseline) - log_losses(outcomes, chances)
    return spread(saved, deal_ids, weights=weights, draws=draws, random_state=random_state)


def spread(
    values: Floats, deal_ids: Ints, *, weights: Floats | None = None, draws: int = 2000, random_state: int = 0
) -> Gain:
    """The mean of values and the interval that chance leaves to it, with a bootstrap that draws whole deals."""
    _, deal = np.unique(deal_ids, return_inverse=True)
    weighted = values if weights is None else values * weights
    sums, counts = np.bincount(deal, weights=weighted), np.bincount(deal, weights=weights)
    random = np.random.default_rng(random_state)
    means = []
    for _ in range(draws):
        drawn = random.integers(len(sums), size=len(sums))
        means.append(float(sums[drawn].sum() / counts[drawn].sum()))
    low, high = np.quantile(means, [0.025, 0.975])
    return Gain(float(np.average(values, weights=weights)), float(low), float(high))
