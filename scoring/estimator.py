"""The two ways to answer: how often deals move on from this stage, and a model that weighs everything known of a deal.

Both take rows of `features_of` as they are. The model is a logistic regression on steps and categories: with the few
hundred outcomes that a sales team has it beats heavier ones, it is calibrated by itself, and every score is a plain
sum that can be taken apart into reasons. We gave up effects that depend on one another.
"""

import math
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from scoring.features import CUSTOM, Row

Floats = NDArray[np.float64]

PRIOR_RATE = 0.3
"""What is believed of a team without any past: three deals in ten move on within the horizon."""
PRIOR_DEALS = 4.0
_STRENGTHS = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)


def logistic(*, strength: float = 0.3, random_state: int = 0) -> Pipeline:
    """The unfitted model. Both steps take weights: `encoding__sample_weight` and `regression__sample_weight`."""
    regression = LogisticRegression(C=strength, solver="newton-cholesky", random_state=random_state)
    return Pipeline([("encoding", Steps()), ("regression", regression)])


class Steps(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Turns rows into steps and categories, each as its distance from the average deal.

    A number becomes one column for each of its quantiles, saying whether it lies above; a category one column for each
    of its frequent values; either one more where it may be missing. Values that were not seen in time of learning
    count as rare. Fields that are the same everywhere, and free text, leave no column.

    Parameters
    ----------
    n_steps : int, default=10
        Into how many parts of equal size a number is cut.
    least : float, default=10
        The number of deals from which a category's value has a column of its own.
    most : int, default=30
        The number of values of one category that have columns, the most frequent ones.

    Attributes
    ----------
    edges_ : dict of str to ndarray
        For each number the values to lie above.
    values_ : dict of str to list of str
        For each category its frequent values.
    features_ : list of str
        For each column the feature that it belongs to.
    mean_ : ndarray of shape (n_columns,)
        The average deal.

    Examples
    --------
    >>> steps = Steps(n_steps=2, least=1).fit([{"days": 1.0, "source": "web"}, {"days": 9.0, "source": "fair"}])
    >>> steps.features_
    ['days', 'source', 'source']
    >>> steps.transform([{"days": 9.0, "source": "never seen"}]).tolist()
    [[0.5, -0.5, -0.5]]
    """

    def __init__(self, *, n_steps: int = 10, least: float = 10.0, most: int = 30) -> None:
        self.n_steps = n_steps
        self.least = least
        self.most = most

    def fit(self, rows: Sequence[Row], y: Any = None, sample_weight: Floats | None = None) -> Self:
        weight = np.ones(len(rows)) if sample_weight is None else sample_weight
        self.edges_: dict[str, Floats] = {}
        self.values_: dict[str, list[str]] = {}
        self.may_miss_: dict[str, bool] = {}
        for name in sorted({name for row in rows for name in row}):
            column = [row.get(name, math.nan) for row in rows]
            if any(isinstance(value, str) for value in column):
                self._fit_category(name, column, weight)
            else:
                self._fit_number(name, np.array(column, dtype=np.float64), weight)
        encoded = self._encode(rows)
        self.mean_: Floats = np.average(encoded, axis=0, weights=weight)
        return self

    def transform(self, rows: Sequence[Row]) -> Floats:
        centred: Floats = self._encode(rows) - self.mean_
        return centred

    @property
    def features_(self) -> list[str]:
        numbers = [name for name, edges in self.edges_.items() for _ in range(len(edges) + self.may_miss_[name])]
        categories = [name for name, values in self.values_.items() for _ in range(len(values) + self.may_miss_[name])]
        return numbers + categories

    def _fit_number(self, name: str, column: Floats, weight: Floats) -> None:
        there = column[~np.isnan(column)]
        if there.size:
            quantiles = np.quantile(there, np.linspace(0, 1, self.n_steps + 1)[:-1], method="lower")
            self.edges_[name] = np.unique(quantiles[quantiles < there.max()])
            self.may_miss_[name] = self._is_frequent(float(weight[np.isnan(column)].sum()), weight)

    def _fit_category(self, name: str, column: list[float | str], weight: Floats) -> None:
        counts: dict[str, float] = {}
        for value, each in zip(column, weight, strict=True):
            counts[_text(value)] = counts.get(_text(value), 0.0) + float(each)
        missing = counts.pop("", 0.0)
        frequent = [value for value, count in counts.items() if self._is_frequent(count, weight)]
        if name.startswith(CUSTOM) and not frequent:
            return
        self.values_[name] = sorted(frequent, key=lambda value: (-counts[value], value))[: self.most]
        self.may_miss_[name] = self._is_frequent(missing, weight)

    def _is_frequent(self, count: float, weight: Floats) -> bool:
        """Enough of them, and not all."""
        return self.least <= count < float(weight.sum()) - 1e-9

    def _encode(self, rows: Sequence[Row]) -> Floats:
        blocks: list[NDArray[Any]] = [np.empty((len(rows), 0))]
        for name, edges in self.edges_.items():
            numbers = np.array([_number(row.get(name, math.nan)) for row in rows])[:, None]
            blocks += [numbers > edges, *([np.isnan(numbers)] if self.may_miss_[name] else [])]
        for name, values in self.values_.items():
            places = {value: place for place, value in enumerate([*values, *([""] if self.may_miss_[name] else [])])}
            block = np.zeros((len(rows), len(places)))
            for number, row in enumerate(rows):
                place = places.get(_text(row.get(name, math.nan)))
                if place is not None:
                    block[number, place] = 1.0
            blocks.append(block)
        encoded: Floats = np.hstack(blocks).astype(np.float64)
        return encoded


class StageRates(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """How often deals move on from each stage, the fewer were seen the closer to the rate of all stages.

    How far the stages' rates are drawn together is itself estimated from how much they differ (empirical Bayes, the
    beta-binomial likelihood); the rate of all stages is drawn a little towards what is believed without any past.

    Attributes
    ----------
    overall_ : float
        The rate of all stages.
    rates_ : dict of str to float
        For each stage its rate.

    Examples
    --------
    >>> rates = StageRates().fit([{"stage": "demo"}] * 40 + [{"stage": "offer"}] * 40, [1, 0] * 20 + [1, 1] * 20)
    >>> rates.predict_proba([{"stage": "demo"}, {"stage": "never seen"}])[:, 1].round(2).tolist()
    [0.51, 0.73]
    """

    def fit(self, rows: Sequence[Row], y: Any, sample_weight: Floats | None = None) -> Self:
        moved = np.asarray(y, dtype=np.float64)
        weight = np.ones(len(rows)) if sample_weight is None else sample_weight
        self.classes_ = np.array([False, True])
        self.overall_ = float((weight @ moved + PRIOR_RATE * PRIOR_DEALS) / (weight.sum() + PRIOR_DEALS))
        hits: dict[str, float] = {}
        counts: dict[str, float] = {}
        for row, each, answer in zip(rows, weight.tolist(), moved.tolist(), strict=True):
            stage = str(row["stage"])
            counts[stage] = counts.get(stage, 0.0) + each
            hits[stage] = hits.get(stage, 0.0) + each * answer
        seen = [(hits[stage], counts[stage]) for stage in hits]
        strength = max(_STRENGTHS, key=lambda each: _likelihood(seen, self.overall_, each))
        self.rates_ = {stage: (hits[stage] + self.overall_ * strength) / (counts[stage] + strength) for stage in hits}
        return self

    def predict_proba(self, rows: Sequence[Row]) -> Floats:
        rates = np.array([self.rates_.get(str(row["stage"]), self.overall_) for row in rows])
        return np.column_stack([1 - rates, rates])


def _likelihood(seen: list[tuple[float, float]], rate: float, strength: float) -> float:
    """The log-likelihood of stages whose rates scatter about `rate` as closely as `strength` deals would tell it."""
    a, b = rate * strength, (1 - rate) * strength
    return sum(_log_beta(a + hits, b + count - hits) - _log_beta(a, b) for hits, count in seen)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _text(value: float | str) -> str:
    """A category's value; empty for a missing one."""
    if isinstance(value, str):
        return value
    return "" if math.isnan(value) else f"{value:g}"


def _number(value: float | str) -> float:
    return math.nan if isinstance(value, str) else value
