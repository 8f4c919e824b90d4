"""What earlier stretches of time tell of one that is to come, each as it was known when it ended.

They are as long as what is left of the period that is forecast, and lie as far behind the moment that they are seen
from. Counted is how often open deals were won in them, and how many others were; where more is won, again and again, at
this point of a quarter or of the year, both are so many times as much; and by how much more than chance they differed.
"""

from dataclasses import dataclass

import numpy as np

from models.forecast import Slip
from scoring.arrays import Floats, Ints
from scoring.forecast_spans import LOST, OPEN, WON, Spans
from scoring.funnel_statistics import quartiles

_DAY = 86_400.0
_YEAR = 365.2425 * _DAY
_CYCLES = (_YEAR / 4, _YEAR)
_FEWEST, _FEWEST_WON = 3, 10
"""Earlier stretches, and deals of whomever that were won before, without which nothing is said."""
_MOST = 80
_HALF_LIFE = 270 * _DAY
_PRIOR_SPREAD, _PRIOR_STRETCHES = 0.25, 4.0
"""Believed before anything is seen: good and bad times differ by a quarter, as if four stretches had shown it."""
_PRIOR_DEALS = 4.0
_PRIOR_CYCLES, _PRIOR_WON = 0.5, 3.0
"""Half of what a point of earlier cycles tells is believed once so much was seen of it, so many wins foreseen there."""
_PRIOR_SLIPS = 10.0
_NO_DATE, _IN_TIME, _LATER = 0, 1, 2


@dataclass(frozen=True)
class Window:
    """What is won from `start` until right before `end` is forecast by what is known at `known`, all in seconds;
    `last_day` is the day before `end`. What is left counts from `at`, the beginning of the day, so that a forecast
    stays the same all day unless something happens."""

    known: float
    at: float
    start: float
    end: float
    last_day: float

    @property
    def gap(self) -> float:
        return max(0.0, self.start - self.at)

    @property
    def length(self) -> float:
        return max(0.0, self.end - max(self.at, self.start))

    def moved(self, by: float) -> "Window":
        """As much of it as was left, so much earlier."""
        at = self.at - by
        return Window(at, at, max(self.start, self.at) - by, self.end - by, self.last_day - by / _DAY)


def usual_slip(spans: Spans, window: Window, first_days: Floats) -> Slip | None:
    """By how much deals were won after the first date on which they were to close. When one is lost says nothing of
    that; open deals count as late as they are so far, at least. None until half are won by that."""
    now = spans.standing(window.known)
    closed_at, kind = np.full(spans.deals, np.nan), np.full(spans.deals, LOST)
    closed_at[spans.deal[now]], kind[spans.deal[now]] = spans.closed_at[now], spans.kind[now]
    # Days of year 1 on, as dates count theirs; where the zone's midnight lies elsewhere, a day more or less.
    is_closed = np.isfinite(closed_at)
    until = np.where(is_closed, closed_at, window.at + _DAY / 2) // _DAY + 719_163
    late = until - first_days
    is_counted = np.isfinite(late) & (kind != LOST)
    found = quartiles(late[is_counted & is_closed].tolist(), late[is_counted & ~is_closed].tolist())
    if found.median is None:
        return None
    drawn = found.ended / (found.ended + _PRIOR_SLIPS)
    low, median, high = (0.0 if each is None else each * drawn for each in (found.low, found.median, found.high))
    return Slip(low, median, max(high, median), found.ended)


def first_days_of(spans: Spans, at: float) -> Floats:
    """Of each deal the first close date that it had while it was open, as was known at a moment."""
    places = np.flatnonzero(np.isfinite(spans.close_day) & (spans.start <= at) & (spans.kind == OPEN))
    deals, first = np.unique(spans.deal[places], return_index=True)
    days: Floats = np.full(spans.deals, np.nan)
    days[deals] = spans.close_day[places[first]]
    return days


class Stretches:
    """Those before a window, and what they tell of it."""

    def __init__(self, spans: Spans, window: Window) -> None:
        self.spans, self.window = spans, window
        span = window.gap + window.length
        step = max(7 * _DAY, span / 4)
        # Before the first deal was won a team is too young, or its records are not whole.
        begun = spans.first_won(window.known) - window.gap
        count = int((window.at - span - begun) // step) + 1 if np.isfinite(begun) and span else 0
        self._stretches = [window.moved(span + step * number) for number in range(min(count, _MOST))]
        ages = np.array([window.at - each.at for each in self._stretches])
        self.weights: Floats = 0.5 ** (ages / _HALF_LIFE) * min(1.0, step / span if span else 1.0)
        """Stretches overlap: each counts for what it has of its own."""
        self._stages = int(spans.stage.max()) + 1 if len(spans.stage) else 1
        self._first_days = first_days_of(spans, window.known)
        slip = usual_slip(spans, window, self._first_days)
        self._slip = slip.median if slip else 0.0
        if not self.is_short:
            self._learn()

    @property
    def is_short(self) -> bool:
        spans = self.spans
        held = spans.standing(self.window.known)
        return len(self._stretches) < _FEWEST or int((spans.kind[held] == WON).sum()) < _FEWEST_WON

    def cells(self, window: Window, places: Ints) -> Ints:
        """Deals of one stage that are likely to close within the window, later, or have no close date: at their first
        date and the usual slip; where it was put off, not before it; where it was brought forward, when it says."""
        said, first = self.spans.close_day[places], self._first_days[self.spans.deal[places]]
        day = np.where(said < first, said, np.fmax(first + self._slip, np.where(said > first, said, np.nan)))
        day = np.where(np.isnan(said), np.nan, day)
        due = np.where(np.isnan(day), _NO_DATE, np.where(day <= window.last_day, _IN_TIME, _LATER))
        cells: Ints = self.spans.stage[places] * 3 + due
        return cells

    def _learn(self) -> None:
        n_cells = self._stages * 3
        seen, hits = np.zeros(n_cells), np.zeros(n_cells)
        counted = [self._counted(stretch, n_cells) for stretch in self._stretches]
        for weight, (there, won, _) in zip(self.weights, counted, strict=True):
            seen += weight * there
            hits += weight * won
        overall = (hits.sum() + 0.5) / (seen.sum() + 5)
        stage_seen, stage_hits = (each.reshape(-1, 3).sum(axis=1) for each in (seen, hits))
        by_stage = (stage_hits + _PRIOR_DEALS * overall) / (stage_seen + _PRIOR_DEALS)
        self.rates: Floats = (hits + _PRIOR_DEALS * np.repeat(by_stage, 3)) / (seen + _PRIOR_DEALS)
        self.strength: Floats = seen + _PRIOR_DEALS
        self.others: Floats = np.array([others for _, _, others in counted], dtype=np.float64)
        expected = np.array([there @ self.rates for there, _, _ in counted])
        came = np.array([won.sum() for _, won, _ in counted])
        by_chance = np.array([there @ (self.rates * (1 - self.rates)) for there, _, _ in counted])
        usual = np.full(len(self.others), self.weights @ self.others / self.weights.sum())
        self.times, usually = self._calendar(came + self.others, expected + usual)
        self.open_spread = _spread(came, expected * usually, by_chance, self.weights)
        self.others_spread = _spread(self.others, usual * usually, usual, self.weights)

    def _calendar(self, came: Floats, expected: Floats) -> tuple[float, Floats]:
        """How many times as much as usual is won at this point of a quarter and of the year, and at that of each
        earlier stretch, as other quarters and years tell; drawn to once while they, or their deals, are few."""
        starts = np.array([max(each.at, each.start) for each in (self.window, *self._stretches)])
        apart = np.abs(starts[:, None] - starts[1:])
        times = np.ones(len(starts))
        for cycle in _CYCLES:
            off = np.abs((apart + cycle / 2) % cycle - cycle / 2)
            near = np.maximum(1 - off / max(self.window.length / 2, 7 * _DAY), 0) * (apart > cycle / 2)
            weights = near * self.weights
            won, foreseen = weights @ came + 0.5, weights @ (expected * times[1:]) + 0.5
            seen = np.maximum(weights.sum(axis=1), 1e-9)
            times *= (won / foreseen) ** (1 / (1 + _PRIOR_CYCLES / seen + _PRIOR_WON / foreseen))
        return float(times[0]), times[1:]

    def _counted(self, stretch: Window, n_cells: int) -> tuple[Floats, Floats, int]:
        """Of the deals in each cell how many there were and how many were won; and how many others were, but for those
        without a rate, which the range knows nothing of."""
        spans = self.spans
        there = spans.open_at(stretch.at)
        won = spans.won_between(max(stretch.at, stretch.start), stretch.end)
        is_won = np.zeros(spans.deals, dtype=np.bool_)
        is_won[spans.deal[won]] = True
        cells = self.cells(stretch, there)
        mine = is_won[spans.deal[there]]
        seen = np.bincount(cells, minlength=n_cells).astype(np.float64)
        hits = np.bincount(cells[mine], minlength=n_cells).astype(np.float64)
        is_there = np.zeros(spans.deals, dtype=np.bool_)
        is_there[spans.deal[there]] = True
        others = ~is_there[spans.deal[won]] & ~spans.is_unpriced(won)
        return seen, hits, int(others.sum())


def _spread(came: Floats, expected: Floats, by_chance: Floats, weights: Floats) -> float:
    """The variance of the factor that good and bad times are, beyond what chance explains."""
    beyond = weights @ ((came - expected) ** 2 - by_chance)
    size = weights @ (expected**2)
    count = weights.sum()
    seen = max(0.0, float(beyond / size)) if size > 0 else 0.0
    return float((seen * count + _PRIOR_SPREAD**2 * _PRIOR_STRETCHES) / (count + _PRIOR_STRETCHES))
