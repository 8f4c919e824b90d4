"""Draws what may be won in a period, thousands of times: from how often, and how unevenly, it happened before.

What is won in the end is what is won already, what comes of the deals that are open, and what comes of others, most of
which are not begun yet. Three things make the draws differ:

- chance, deal by deal: each is won or not, and brings its amount;
- what is not known of the rates, as only so many deals have shown them (Beta and Gamma distributions);
- good and bad times, which all deals share: that earlier stretches differed by more than chance (overdispersion, by
  the method of moments) multiplies all rates of a draw by one factor. Deals that were drawn one by one, each for
  itself, would give ranges that are too narrow.
"""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats, Ints
from scoring.forecast_spans import WON, Spans
from scoring.forecast_stretches import Stretches, Window

DRAWS = 4_000
_SUREST = 0.99
_LATEST = 300
"""Of so many deals that were won last the amounts are drawn."""
_TIMES, _CELL, _OTHERS = range(3)
"""What dice are of: good and bad times of the open deals, those of a cell, and all others."""


@dataclass(frozen=True)
class Draws:
    """What is won: already, of deals that are open, and of others."""

    won: float
    open: Floats
    others: Floats

    @property
    def all(self) -> Floats:
        total: Floats = self.won + self.open + self.others
        return total

    @property
    def share_of_others(self) -> float:
        """On average; the middles of parts do not add up."""
        whole = float(self.all.mean())
        return float(self.others.mean()) / whole if whole else 0.0


def draws_of(spans: Spans, window: Window) -> Draws | None:
    """None where the past has too few stretches of that length, or no deal that was won has an amount and a rate:
    nothing is known then, which is not nothing."""
    if spans.knows_no_worth(window.known):
        return None
    done = spans.won_between(window.start - 1e-3, min(window.known, window.end - 1e-3))
    won = float(np.nansum(spans.worth[done]))
    if not window.length:
        return Draws(won, np.zeros(DRAWS), np.zeros(DRAWS))
    past = Stretches(spans, window)
    if past.is_short:
        return None
    amounts = _won_amounts(spans, window.known)
    return Draws(won, _of_open(past, amounts), _of_others(past, amounts))


def chances_in(spans: Spans, window: Window) -> dict[int, float]:
    """Of each open deal, by its place, the chance of being won in the window."""
    past = Stretches(spans, window)
    if past.is_short or not window.length:
        return {}
    now = spans.open_at(window.known)
    chances = np.minimum(past.rates[past.cells(window, now)] * past.times, _SUREST)
    return dict(zip(spans.deal[now].tolist(), chances.tolist(), strict=True))


def _of_open(past: Stretches, known: Floats) -> Floats:
    spans, window = past.spans, past.window
    now = spans.open_at(window.known)
    cells, worth = past.cells(window, now), spans.worth[now]
    totals = np.zeros(DRAWS)
    factor = _factor(past.open_spread, _dice(_TIMES)) * past.times
    for cell in np.unique(cells).tolist():
        dice, mine = _dice(_CELL, cell), cells == cell
        rate, strength = past.rates[cell], past.strength[cell]
        drawn = np.clip(dice.beta(rate * strength, (1 - rate) * strength, DRAWS) * factor, 0, _SUREST)
        amounts = worth[mine & np.isfinite(worth)]
        for start in range(0, len(amounts), 500):  # no more than two million numbers at once
            some = amounts[start : start + 500]
            totals += (dice.random((DRAWS, len(some))) < drawn[:, None]) @ some
        # An amount without a rate is told as unpriced, and guessed no more than taken as it stands.
        unknown = int((mine & spans.has_no_amount[now]).sum())
        totals += _sums(dice.binomial(unknown, drawn), known, dice)
    return totals


def _of_others(past: Stretches, known: Floats) -> Floats:
    dice = _dice(_OTHERS)
    shape = float(past.weights @ past.others) + 0.5
    mean = dice.gamma(shape, 1 / past.weights.sum(), DRAWS) * _factor(past.others_spread, dice) * past.times
    return _sums(dice.poisson(mean), known, dice)


def _won_amounts(spans: Spans, at: float) -> Floats:
    """What the selected deals brought that were won last."""
    held = spans.standing(at)
    won = held[(spans.kind[held] == WON) & spans.is_selected[held] & np.isfinite(spans.worth[held])]
    latest = won[np.argsort(-np.nan_to_num(spans.closed_at[won]), kind="stable")[:_LATEST]]
    amounts: Floats = spans.worth[latest]
    return amounts


def _sums(counts: Ints, known: Floats, dice: np.random.Generator) -> Floats:
    """Of so many amounts, drawn from known ones."""
    most = int(counts.max())
    if not most or not len(known):
        return np.zeros(DRAWS)
    if most <= 250:
        drawn = known[dice.integers(0, len(known), (DRAWS, most))]
        sums: Floats = (drawn * (np.arange(most) < counts[:, None])).sum(axis=1)
        return sums
    around = counts * known.mean() + np.sqrt(counts) * known.std() * dice.standard_normal(DRAWS)
    many: Floats = np.maximum(around, 0.0)
    return many


def _dice(*of: int) -> np.random.Generator:
    """The same for the same part of every forecast, whatever is drawn of the others: ranges do not differ by chance."""
    return np.random.default_rng(of)


def _factor(spread: float, dice: np.random.Generator) -> Floats:
    """Around 1, as good and bad times are."""
    return dice.gamma(1 / spread, spread, DRAWS) if spread > 0 else np.ones(DRAWS)
