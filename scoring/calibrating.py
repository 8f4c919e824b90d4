"""Bends a model's chances so that of the leads called 30 % as many are won; never so that a better lead ranks below.

A chance is bent in log-odds. A sigmoid whose slope would be negative turns the ranking upside down, which happens when
the past and the present differ: its slope is held at 0 or more.
"""

from typing import Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression

from scoring.arrays import Bools, Floats

_CALM = 2.0
"""Of how many leads' weight the belief is that nothing needs bending."""


class AsItIs:
    def fit(self, log_odds: Floats, won: Bools, weights: Floats | None = None) -> Self:
        return self

    def bend(self, log_odds: Floats) -> Floats:
        return log_odds


class Sigmoid:
    """Shifts and stretches the log-odds, with a slope of 0 or more."""

    def fit(self, log_odds: Floats, won: Bools, weights: Floats | None = None) -> Self:
        weight = np.ones(len(won)) if weights is None else weights

        def loss(line: Floats) -> tuple[float, Floats]:
            bent = line[0] + line[1] * log_odds
            away = line - np.array([0.0, 1.0])
            gap = weight * (expit(bent) - won)
            lost = weight * np.logaddexp(0, bent)
            value = float(lost.sum() - (weight * bent)[won].sum() + _CALM * (away @ away))
            return value, np.array([gap.sum(), gap @ log_odds]) + 2 * _CALM * away

        found = minimize(loss, [0.0, 1.0], jac=True, method="L-BFGS-B", bounds=[(None, None), (0.0, None)])
        self._shift, self._slope = (float(each) for each in found.x)
        return self

    def bend(self, log_odds: Floats) -> Floats:
        return self._shift + self._slope * log_odds


class Isotonic:
    """Any bend that only goes up."""

    def fit(self, log_odds: Floats, won: Bools, weights: Floats | None = None) -> Self:
        # Half a lead more on either side, so that no chance is 0 or 1.
        n_leads = len(won) if weights is None else float(weights.sum())
        edge = 0.5 / (n_leads + 1)
        self._steps = IsotonicRegression(y_min=edge, y_max=1 - edge, out_of_bounds="clip").fit(log_odds, won, weights)
        return self

    def bend(self, log_odds: Floats) -> Floats:
        chances = self._steps.predict(log_odds)
        bent: Floats = logit(chances)
        return bent


Calibration = AsItIs | Sigmoid | Isotonic
CALIBRATIONS: dict[str, type[Calibration]] = {
    "none": AsItIs,
    "sigmoid": Sigmoid,
    "isotonic": Isotonic,
}
