"""How far off earlier forecasts were, and what the next one learns of that.

What was won in the end stands somewhere among the draws of a forecast. Where the draws are right these places are
uniform, and as normal scores they have a variance of one. A team whose outcomes stand further out has had its draws too
close together, one whose outcomes crowd in the middle too far apart; the next draws are stretched about their median by
as much. That is recalibration (Kuleshov and others 2018) with one number to learn, drawn to one while few forecasts are
over: months are too few for more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np
from scipy.stats import norm

from models.forecast import Outcome, Range, Step
from models.money import rounded
from models.period import Period, Unit, whole_unit
from models.workspace import day_in
from scoring.arrays import Floats, Ints
from scoring.forecast_draws import draws_of
from scoring.forecast_spans import Spans
from scoring.forecast_stretches import Window

LOOKED_BACK = {Unit.MONTH: 12, Unit.QUARTER: 8}
"""How many forecasts of earlier periods are told of, at most."""
REMEMBERED = {Unit.MONTH: 24, Unit.QUARTER: 12}
"""From how many the next one learns how far off it may be."""
_PRIOR_TRIES = 8.0
_FURTHEST = 2.5
"""One outcome that nothing foretold counts for no more."""
_LEAST, _MOST = 0.6, 1.8


@dataclass(frozen=True)
class Try:
    """The draws that a forecast would have made of a period that is over, and what was won, with what has no rate."""

    first: date
    last: date
    totals: Floats
    won: Step

    @cached_property
    def score(self) -> float:
        """Where among the draws the outcome stands, as a normal score."""
        won = float(self.won.amount)
        below = ((self.totals < won).mean() + (self.totals <= won).mean()) / 2
        return float(np.clip(norm.ppf(below), -_FURTHEST, _FURTHEST))


def tries_before(
    period: Period, columns: Spans, *, at: datetime, most: int, worth: Callable[[Ints], Step]
) -> list[Try]:
    """Of the earlier periods that are over, latest first, each made when the same day of it began. `worth` tells what
    the deals of some spans were won for, by their places in the columns."""
    found = []
    passed = day_in(period.zone, at) - period.first
    earlier = period
    for _ in range(most):
        earlier = whole_unit(period.unit, earlier.first - timedelta(days=1), period.zone)
        if earlier.end > at:
            continue
        draws = draws_of(columns, window_of(earlier, min(_beginning(earlier, earlier.first + passed), earlier.end)))
        if draws is None:
            break
        won = columns.won_between(earlier.start.timestamp() - 1e-3, earlier.end.timestamp() - 1e-3)
        found.append(Try(earlier.first, earlier.last, draws.all, worth(won)))
    return found


def outcomes_of(tries: Sequence[Try], *, most: int, remembered: int, currency: str) -> list[Outcome]:
    """Each with the range that the tries before it would have given."""
    return [
        Outcome(
            each.first,
            each.last,
            range_of(corrected(each.totals, tries[place + 1 : place + 1 + remembered]), currency),
            each.won.amount,
            each.won.apart,
        )
        for place, each in enumerate(tries[:most])
    ]


def corrected(totals: Floats, tries: Sequence[Try]) -> Floats:
    """Draws as far apart as they should have been before."""
    squares = sum(each.score**2 for each in tries)
    stretch = np.clip(((squares + _PRIOR_TRIES) / (len(tries) + _PRIOR_TRIES)) ** 0.5, _LEAST, _MOST)
    places = (np.arange(len(totals)) + 0.5) / len(totals)
    found: Floats = np.quantile(totals, norm.cdf(stretch * norm.ppf(places)), method="inverted_cdf")
    return found


def range_of(totals: Floats, currency: str) -> Range:
    low, middle, high = (rounded(Decimal(float(each)), currency) for each in np.percentile(totals, (10, 50, 90)))
    return Range(low, middle, high)


def window_of(period: Period, at: datetime) -> Window:
    today = _beginning(period, day_in(period.zone, at))
    known, begun, start, end = (each.timestamp() for each in (at, today, period.start, period.end))
    return Window(known, begun, start, end, period.last.toordinal())


def _beginning(period: Period, day: date) -> datetime:
    return replace(period, first=day).start
