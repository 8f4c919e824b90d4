"""Three ways to learn how likely a lead is to be won, each answering in log-odds that can be taken apart by column.

They were measured on nine public sets of leads before they were chosen: the logistic regression is ahead with few
outcomes and when times change, the forest and the boosting when there are many. The boosting splits the values of a
category into any two halves; to the forest their codes are numbers, in the order of how often leads with that value
were won.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol, Self

import numpy as np
from scipy.sparse import csr_array
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from scoring.arrays import Bools, Floats, Ints
from scoring.ensembles import Boosting, Forest
from scoring.rates import Rates

LOGISTIC, BOOSTING, FOREST = "logistic regression", "boosting", "forest"
SMALL = "small logistic regression"
"""Sees a few columns only."""
BASE_RATE = "base rate"
"""Sees none."""
_BINS = 10
"""Of each number."""
_STRENGTH = 0.1
_TOLERANCE = 1e-6
_STRENGTH_OF_FEW_DEALS = 0.3
"""Of few deals, each of several rows: what is learnt of them is drawn halfway to the base rate afterwards."""


class Member(Protocol):
    """Learns from a matrix of `Columns` whose first `n_categories` columns are codes; a row counts its weight, or 1."""

    def fit(self, matrix: Floats, won: Bools, n_categories: int, weights: Floats | None = None) -> Self: ...

    def log_odds(self, matrix: Floats) -> Floats: ...

    def explained_by(self, subjects: Sequence[int]) -> "Self":
        """Prepares `contributions`, which sums columns that belong to the same subject."""
        ...

    def contributions(self, matrix: Floats) -> tuple[Floats, Floats]:
        """For each row the log-odds and what each subject contributed to their distance from `start`."""
        ...

    @property
    def start(self) -> float:
        """The log-odds of the average lead."""
        ...


class Logistic:
    """A logistic regression on the bins of each number and the values of each category."""

    def __init__(self, *, strength: float = _STRENGTH) -> None:
        self._strength = strength

    def fit(self, matrix: Floats, won: Bools, n_categories: int, weights: Floats | None = None) -> Self:
        self._edges = [None if place < n_categories else self._cut(column) for place, column in enumerate(matrix.T)]
        self._sizes = [
            int(np.nanmax(column, initial=0)) + 1 if edges is None else len(edges) + 1
            for edges, column in zip(self._edges, matrix.T, strict=True)
        ]
        codes = self._codes(matrix)
        ends = np.cumsum([1, *(size + 1 for size in self._sizes)])
        model = LogisticRegression(C=self._strength, solver="newton-cg", tol=_TOLERANCE)
        model.fit(_indicators(codes, ends), won, weights)
        effects = [model.coef_[0, begin:end] for begin, end in pairwise(ends)]
        average = [float(np.average(each[codes[:, place]], weights=weights)) for place, each in enumerate(effects)]
        self._effects = [each - usual for each, usual in zip(effects, average, strict=True)]
        self.start = float(model.intercept_[0]) + sum(average)
        return self

    def log_odds(self, matrix: Floats) -> Floats:
        total: Floats = self.start + self._summands(matrix).sum(axis=1)
        return total

    def explained_by(self, subjects: Sequence[int]) -> Self:
        self._subjects = _membership(subjects)
        return self

    def contributions(self, matrix: Floats) -> tuple[Floats, Floats]:
        summands = self._summands(matrix)
        return self.start + summands.sum(axis=1), summands @ self._subjects

    def _summands(self, matrix: Floats) -> Floats:
        codes = self._codes(matrix)
        summands = np.empty(matrix.shape)
        for place, effects in enumerate(self._effects):
            summands[:, place] = effects[codes[:, place]]
        return summands

    def _codes(self, matrix: Floats) -> Ints:
        """For each cell its bin or value; the last one is for what is missing, rare or unseen."""
        codes = np.empty(matrix.shape, dtype=np.intp)
        for place, (edges, size) in enumerate(zip(self._edges, self._sizes, strict=True)):
            column = matrix[:, place]
            code = np.nan_to_num(column) if edges is None else np.searchsorted(edges, column, side="right")
            codes[:, place] = np.where(np.isnan(column), size, code)
        return np.minimum(codes, self._sizes) if self._sizes else codes

    def _cut(self, column: Floats) -> Floats:
        there = column[~np.isnan(column)]
        if not there.size:
            return np.empty(0)
        quantiles: Floats = np.unique(np.quantile(there, np.linspace(0, 1, _BINS + 1)[1:-1]))
        return quantiles


def _indicators(codes: Ints, ends: Ints) -> csr_array:
    """A row with a 1 for each cell's code, the codes of a column standing from one of the ends to the next; the column
    before the first end stays empty, so that there is always one."""
    rows = np.arange(0, codes.size + 1, codes.shape[1]) if codes.size else np.zeros(len(codes) + 1, dtype=np.intp)
    return csr_array((np.ones(codes.size), (codes + ends[:-1]).ravel(), rows), shape=(len(codes), ends[-1]))


class Narrow:
    """A logistic regression on the columns at these places only."""

    def __init__(self, places: Sequence[int]) -> None:
        self._places = list(places)
        self._logistic = Logistic()

    def fit(self, matrix: Floats, won: Bools, n_categories: int, weights: Floats | None = None) -> Self:
        n_among_them = sum(place < n_categories for place in self._places)
        self._logistic.fit(matrix[:, self._places], won, n_among_them, weights)
        return self

    def log_odds(self, matrix: Floats) -> Floats:
        return self._logistic.log_odds(matrix[:, self._places])

    def explained_by(self, subjects: Sequence[int]) -> Self:
        self._n_subjects = max(subjects, default=0) + 1
        self._logistic.explained_by([subjects[place] for place in self._places])
        return self

    @property
    def start(self) -> float:
        return self._logistic.start

    def contributions(self, matrix: Floats) -> tuple[Floats, Floats]:
        log_odds, some = self._logistic.contributions(matrix[:, self._places])
        summands = np.zeros((len(matrix), self._n_subjects))
        summands[:, : some.shape[1]] = some
        return log_odds, summands


class Flat:
    """Says the same of all leads: how many were won."""

    def fit(self, matrix: Floats, won: Bools, n_categories: int, weights: Floats | None = None) -> Self:
        rate = Rates().fit([""] * len(won), won, weights).overall_
        self.start = float(logit(rate))
        return self

    def log_odds(self, matrix: Floats) -> Floats:
        return np.full(len(matrix), self.start)

    def explained_by(self, subjects: Sequence[int]) -> Self:
        self._n_subjects = max(subjects, default=0) + 1
        return self

    def contributions(self, matrix: Floats) -> tuple[Floats, Floats]:
        return self.log_odds(matrix), np.zeros((len(matrix), self._n_subjects))


def new_member(name: str, random_state: int, few: Sequence[int] = (), *, of_few_deals: bool = False) -> Member:
    """An unfitted member; `few` are the places of the columns that the small one sees."""
    members: dict[str, Member] = {
        SMALL: Narrow(few),
        BASE_RATE: Flat(),
        LOGISTIC: Logistic(strength=_STRENGTH_OF_FEW_DEALS if of_few_deals else _STRENGTH),
        BOOSTING: Boosting(random_state=random_state),
        FOREST: Forest(random_state=random_state),
    }
    return members[name]


def _membership(subjects: Sequence[int]) -> Floats:
    membership = np.zeros((len(subjects), max(subjects, default=0) + 1))
    membership[np.arange(len(subjects)), list(subjects)] = 1.0
    return membership
