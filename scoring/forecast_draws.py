"""Draws what may be won in a period, thousands of times: from how often, and how unevenly, it happened before.

What is won in the end is what is won already, what comes of the deals that are open, and what comes of others, most of
which are not begun yet. How often open deals are won in a stretch of time, and how many others are, is counted in
earlier stretches that were as long, as each was known when it ended. Where more is won, again and again, at this point
of a quarter (many teams close most in its last weeks), both are so many times as much. Three things make the draws
differ:

- chance, deal by deal: each is won or not, and brings its amount;
- what is not known of the rates, as only so many deals have shown them (Beta and Gamma distributions);
- good and bad times, which all deals share: that earlier stretches differed by more than chance (overdispersion, by
  the method of moments) multiplies all rates of a draw by one factor. Deals that were drawn one by one, each for
  itself, would give ranges that are too narrow.
"""

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Bools, Floats, Ints
from scoring.forecast_spans import OPEN, WON, Spans

DRAWS = 4_000
_DAY = 86_400.0
_QUARTER = 365.2425 / 4 * _DAY
_FEWEST, _FEWEST_WON = 3, 10
"""Earlier stretches, and deals of whomever that were won before, without which nothing is said."""
_MOST = 40
_HALF_LIFE = 270 * _DAY
_PRIOR_SPREAD, _PRIOR_STRETCHES = 0.25, 4.0
"""Believed before anything is seen: good and bad times differ by a quarter, as if four stretches had shown it."""
_PRIOR_DEALS = 4.0
_PRIOR_QUARTERS = 0.75
"""Half of it an earlier quarter counts for, of what its point of a quarter tells."""
_SLIP_PRIOR = 10.0
_SUREST = 0.99
_NO_DATE, _IN_TIME, _LATER = 0, 1, 2


@dataclass(frozen=True)
class Window:
    """A forecast is made at `at` of what is won from `start` until right before `end`, all in seconds; `last_day` is
    the day before `end`."""

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
        return Window(self.at - by, max(self.start, self.at) - by, self.end - by, self.last_day - by / _DAY)


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


def draws_of(spans: Spans, window: Window, *, random_state: int = 0) -> Draws | None:
    """None where the past has too few stretches of that length."""
    past = _Past(spans, window)
    dice = np.random.default_rng(random_state)
    done = spans.won_between(window.start - 1e-3, min(window.at, window.end - 1e-3))
    won = float(np.nansum(spans.worth[done]))
    if not window.length:
        return Draws(won, np.zeros(DRAWS), np.zeros(DRAWS))
    if past.is_short:
        return None
    return Draws(won, past.of_open(dice), past.of_others(dice))


def chances_in(spans: Spans, window: Window) -> dict[int, float]:
    """Of each open deal, by its place, the chance of being won in the window."""
    past = _Past(spans, window)
    now = spans.open_at(window.at)
    if past.is_short or not window.length:
        return {}
    chances = np.minimum(past.rates[past.cells(window, now)] * past.times, _SUREST)
    return dict(zip(spans.deal[now].tolist(), chances.tolist(), strict=True))


def usual_slip(spans: Spans, at: float) -> tuple[list[float], list[float]]:
    """By how many days deals closed after the date that stood when 30 days before it had been reached, or when they
    were first given it; and by how much at least those will that are still open, or had their date moved."""
    known = np.isfinite(spans.close_day) & (spans.start <= at) & (spans.kind == OPEN)
    late: list[float] = []
    lasting: list[float] = []
    if not known.any():
        return late, lasting
    places = np.flatnonzero(known)
    _, first = np.unique(spans.deal[places], return_index=True)
    now = spans.standing(at)
    closed = dict(zip(spans.deal[now].tolist(), spans.closed_at[now].tolist(), strict=True))
    today = _day(at)
    for place in places[first].tolist():
        closed_at = closed.get(int(spans.deal[place]), np.nan)
        due = float(spans.close_day[place])
        if np.isfinite(closed_at):
            late.append(_day(closed_at) - due)
        else:
            lasting.append(today - due)
    return late, lasting


def _day(at: float) -> float:
    """Days of year 1 on, as dates count theirs; where the zone's midnight lies elsewhere, a day more or less."""
    return at // _DAY + 719_163


class _Past:
    """What earlier stretches, as long as the window, tell of it."""

    def __init__(self, spans: Spans, window: Window) -> None:
        self._spans, self._window = spans, window
        span = window.gap + window.length
        step = max(7 * _DAY, span / 4)
        # Before the first deal was won a team is too young, or its records are not whole.
        begun = spans.first_won(window.at) - window.gap
        count = int((window.at - span - begun) // step) + 1 if np.isfinite(begun) and span else 0
        self._stretches = [window.moved(span + step * number) for number in range(min(count, _MOST))]
        ages = np.array([window.at - each.at for each in self._stretches])
        self._weights: Floats = 0.5 ** (ages / _HALF_LIFE) * min(1.0, step / span if span else 1.0)
        """Stretches overlap: each counts for what it has of its own."""
        self._stages = int(spans.stage.max()) + 1 if len(spans.stage) else 1
        self._slip = self._median_slip()
        if not self.is_short:
            self._learn()

    @property
    def is_short(self) -> bool:
        spans, at = self._spans, self._window.at
        held = spans.standing(at)
        return len(self._stretches) < _FEWEST or int((spans.kind[held] == WON).sum()) < _FEWEST_WON

    def cells(self, window: Window, places: Ints) -> Ints:
        """Deals of one stage whose close date, put off by the usual slip, lies within the window, later, or is none."""
        day = self._spans.close_day[places] + self._slip
        due = np.where(np.isnan(day), _NO_DATE, np.where(day <= window.last_day, _IN_TIME, _LATER))
        cells: Ints = self._spans.stage[places] * 3 + due
        return cells

    def of_open(self, dice: np.random.Generator) -> Floats:
        spans = self._spans
        now = spans.open_at(self._window.at)
        if not len(now):
            return np.zeros(DRAWS)
        cells = self.cells(self._window, now)
        worth = spans.worth[now]
        is_known = np.isfinite(worth)
        totals = np.zeros(DRAWS)
        factor = _factor(self._open_spread, dice) * self.times
        for cell in np.unique(cells).tolist():
            mine = cells == cell
            rate, strength = self.rates[cell], self._strength[cell]
            drawn = np.clip(dice.beta(rate * strength, (1 - rate) * strength, DRAWS) * factor, 0, _SUREST)
            amounts = worth[mine & is_known]
            for start in range(0, len(amounts), 500):  # no more than two million numbers at once
                some = amounts[start : start + 500]
                totals += (dice.random((DRAWS, len(some))) < drawn[:, None]) @ some
            unknown = int((mine & ~is_known & self._is_without_amount(now)).sum())
            totals += self._amounts(dice.binomial(unknown, drawn), dice)
        return totals

    def of_others(self, dice: np.random.Generator) -> Floats:
        weights = self._weights
        shape = float(weights @ self._others) + 0.5
        mean = dice.gamma(shape, 1 / weights.sum(), DRAWS) * _factor(self._others_spread, dice) * self.times
        return self._amounts(dice.poisson(mean), dice)

    def _is_without_amount(self, places: Ints) -> Bools:
        """An amount without a rate is told as unpriced, and guessed no more than taken as it stands."""
        found: Bools = self._spans.has_no_amount[places]
        return found

    def _amounts(self, counts: Ints, dice: np.random.Generator) -> Floats:
        """The sum of so many amounts, drawn from those that were won before."""
        known = self._won_amounts
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

    def _learn(self) -> None:
        n_cells = self._stages * 3
        seen, hits = np.zeros(n_cells), np.zeros(n_cells)
        counted = [self._counted(stretch, n_cells) for stretch in self._stretches]
        for weight, (there, won, _) in zip(self._weights, counted, strict=True):
            seen += weight * there
            hits += weight * won
        overall = (hits.sum() + 0.5) / (seen.sum() + 5)
        stage_seen, stage_hits = (each.reshape(-1, 3).sum(axis=1) for each in (seen, hits))
        by_stage = (stage_hits + _PRIOR_DEALS * overall) / (stage_seen + _PRIOR_DEALS)
        self.rates: Floats = (hits + _PRIOR_DEALS * np.repeat(by_stage, 3)) / (seen + _PRIOR_DEALS)
        self._strength: Floats = seen + _PRIOR_DEALS
        self._others: Floats = np.array([others for _, _, others in counted], dtype=np.float64)
        expected = np.array([there @ self.rates for there, _, _ in counted])
        came = np.array([won.sum() for _, won, _ in counted])
        by_chance = np.array([there @ (self.rates * (1 - self.rates)) for there, _, _ in counted])
        usual = np.full(len(self._others), self._weights @ self._others / self._weights.sum())
        self.times, usually = self._calendar(came + self._others, expected + usual)
        self._open_spread = _spread(came, expected * usually, by_chance, self._weights)
        self._others_spread = _spread(self._others, usual * usually, usual, self._weights)

    def _calendar(self, came: Floats, expected: Floats) -> tuple[float, Floats]:
        """How many times as much as usual is won at this point of a quarter, and at that of each earlier stretch, as
        the other ones tell; drawn to once while few have."""
        starts = np.array([max(each.at, each.start) for each in (self._window, *self._stretches)])
        apart = np.abs((starts[:, None] - starts[1:] + _QUARTER / 2) % _QUARTER - _QUARTER / 2)
        near = np.maximum(1 - apart / max(self._window.length / 2, 7 * _DAY), 0)
        np.fill_diagonal(near[1:], 0)
        weights = near * self._weights
        seen = weights.sum(axis=1)
        found: Floats = ((weights @ came + 0.5) / (weights @ expected + 0.5)) ** (seen / (seen + _PRIOR_QUARTERS))
        return float(found[0]), found[1:]

    def _counted(self, stretch: Window, n_cells: int) -> tuple[Floats, Floats, int]:
        """Of the deals in each cell how many there were and how many were won; and how many others were."""
        spans = self._spans
        there = spans.open_at(stretch.at)
        won = spans.won_between(max(stretch.at, stretch.start), stretch.end)
        is_won = np.zeros(spans.deals, dtype=np.bool_)
        is_won[spans.deal[won]] = True
        cells = self.cells(stretch, there)
        mine = is_won[spans.deal[there]]
        seen = np.bincount(cells, minlength=n_cells).astype(np.float64)
        hits = np.bincount(cells[mine], minlength=n_cells).astype(np.float64)
        return seen, hits, len(won) - int(mine.sum())

    @property
    def _won_amounts(self) -> Floats:
        """Of the last three hundred that the selected deals brought."""
        spans = self._spans
        held = spans.standing(self._window.at)
        won = held[(spans.kind[held] == WON) & spans.is_selected[held] & np.isfinite(spans.worth[held])]
        latest = won[np.argsort(-np.nan_to_num(spans.closed_at[won]), kind="stable")[:300]]
        amounts: Floats = spans.worth[latest]
        return amounts

    def _median_slip(self) -> float:
        late, _ = usual_slip(self._spans, self._window.at)
        return float(np.median(late)) * len(late) / (len(late) + _SLIP_PRIOR) if late else 0.0


def _factor(spread: float, dice: np.random.Generator) -> Floats:
    """Around 1, as good and bad times are."""
    return dice.gamma(1 / spread, spread, DRAWS) if spread > 0 else np.ones(DRAWS)


def _spread(came: Floats, expected: Floats, by_chance: Floats, weights: Floats) -> float:
    """The variance of the factor that good and bad times are, beyond what chance explains."""
    beyond = weights @ ((came - expected) ** 2 - by_chance)
    size = weights @ (expected**2)
    count = weights.sum()
    seen = max(0.0, float(beyond / size)) if size > 0 else 0.0
    return float((seen * count + _PRIOR_SPREAD**2 * _PRIOR_STRETCHES) / (count + _PRIOR_STRETCHES))
