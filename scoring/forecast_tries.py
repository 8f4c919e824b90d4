"""How far off earlier forecasts were, and what the next one learns of that.

What was won in the end stands somewhere among the draws of a forecast. Where the draws are right these places are
uniform, and as normal scores they have a variance of one. A team whose outcomes stand further out has had its draws too
close together, one whose outcomes crowd in the middle too far apart; the next draws are stretched about their median by
as much. That is recalibration (Kuleshov and others 2018) with one number to learn, drawn to one while few forecasts are
over: months are too few for more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
from scipy.stats import norm

from scoring.arrays import Floats

_PRIOR_TRIES = 8.0
_FURTHEST = 2.5
"""One outcome that nothing foretold counts for no more."""
_LEAST, _MOST = 0.6, 1.8


@dataclass(frozen=True)
class Try:
    """The draws that a forecast would have made of a period that is over, and what was won."""

    first: date
    last: date
    totals: Floats
    won: Decimal

    @cached_property
    def score(self) -> float:
        """Where among the draws the outcome stands, as a normal score."""
        won = float(self.won)
        below = ((self.totals < won).mean() + (self.totals <= won).mean()) / 2
        return float(np.clip(norm.ppf(below), -_FURTHEST, _FURTHEST))


def corrected(totals: Floats, tries: Sequence[Try]) -> Floats:
    """Draws as far apart as they should have been before."""
    squares = sum(each.score**2 for each in tries)
    stretch = np.clip(((squares + _PRIOR_TRIES) / (len(tries) + _PRIOR_TRIES)) ** 0.5, _LEAST, _MOST)
    places = (np.arange(len(totals)) + 0.5) / len(totals)
    found: Floats = np.quantile(totals, norm.cdf(stretch * norm.ppf(places)), method="inverted_cdf")
    return found
