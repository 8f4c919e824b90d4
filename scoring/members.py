"""Three ways to learn how likely a lead is to be won, each answering in log-odds that can be taken apart by column.

They were measured on nine public sets of leads before they were chosen: the logistic regression is ahead with few
outcomes and when times change, the forest and the boosting when there are many. The boosting splits the values of a
category into any two halves; to the forest their codes are numbers, in the order of how often leads with that value
were won.
"""

import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol, Self

import numpy as np
from scipy.special import logit
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from scoring.arrays import Bools, Floats, Ints
from scoring.rates import Rates
from scoring.trees import Trees, trees_of_boosting, trees_of_forest

LOGISTIC, BOOSTING, FOREST = "logistic regression", "boosting", "forest"
SMALL = "small logistic regression"
"""Sees a few columns only."""
BASE_RATE = "base rate"
"""Sees none."""
_FEW_ROWS = 64
_STRENGTH = 0.1
_STRENGTH_OF_PARTS = 0.3
"""For rows that are parts of a deal and count less than one: together they tell more of it than one row would."""
_TRUST = 50.0
"""The forest's chance is drawn to the overall rate as by one lead among so many, so that it is never quite 0 or 1."""


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

    def __init__(self, *, n_bins: int = 10, strength: float = _STRENGTH) -> None:
        self._n_bins = n_bins
        self._strength = strength

    def fit(self, matrix: Floats, won: Bools, n_categories: int, weights: Floats | None = None) -> Self:
        self._edges = [None if place < n_categories else self._cut(column) for place, column in enumerate(matrix.T)]
        self._sizes = [
            int(np.nanmax(column, initial=0)) + 1 if edges is None else len(edges) + 1
            for edges, column in zip(self._edges, matrix.T, strict=True)
        ]
        codes = self._codes(matrix)
        blocks = [codes[:, [place]] == np.arange(size + 1) for place, size in enumerate(self._sizes)]
        indicators = np.hstack([np.zeros((len(matrix), 1), dtype=np.bool_), *blocks]).astype(np.float64)
        model = LogisticRegression(C=self._strength, solver="newton-cholesky")
        with warnings.catch_warnings():
            # At the best answer from the start on, Newton's method finds no better one and takes another solver.
            warnings.filterwarnings("ignore", "Line search of Newton solver", ConvergenceWarning)
            model.fit(indicators, won, weights)
        ends = np.cumsum([1, *(size + 1 for size in self._sizes)])
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
        quantiles: Floats = np.unique(np.quantile(there, np.linspace(0, 1, self._n_bins + 1)[1:-1]))
        return quantiles


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


class _OfTrees:
    """A member made of trees, which are kept without what can be read off them again; reading checks them, too."""

    _trees: Trees
    _subjects: Sequence[int]

    def explained_by(self, subjects: Sequence[int]) -> Self:
        self._subjects = list(subjects)
        self._trees = self._read(self._subjects)
        return self

    def _read(self, subjects: Sequence[int]) -> Trees:
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_trees"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._trees = self._read(self._subjects)


class Boosting(_OfTrees):
    """Small trees, each mending what those before it got wrong; strongly regularised.

    The codes of a category must have no gaps, as those of `Columns` have none: they are then what scikit-learn's own
    encoder would make of them. That encoder is left out, because it holds functions, which no artifact may.
    """

    def __init__(self, *, random_state: int = 0) -> None:
        self._boosting = HistGradientBoostingClassifier(
            learning_rate=0.05,
            max_iter=200,
            max_leaf_nodes=15,
            min_samples_leaf=30,
            l2_regularization=20,
            max_features=0.5,
            early_stopping=False,
            random_state=random_state,
        )

    def fit(self, matrix: Floats, won: Bools, n_categories: int, weights: Floats | None = None) -> Self:
        codes = [np.unique(column[~np.isnan(column)]) for column in matrix.T[:n_categories]]
        if any(not np.array_equal(each, np.arange(len(each))) for each in codes):
            raise ValueError("The codes of a category must be whole numbers from 0 on, without gaps.")
        self._boosting.set_params(categorical_features=list(range(n_categories))).fit(matrix, won, weights)
        self._boosting._preprocessor = None
        return self

    def log_odds(self, matrix: Floats) -> Floats:
        total: Floats = self._boosting.decision_function(matrix)
        return total

    def _read(self, subjects: Sequence[int]) -> Trees:
        return trees_of_boosting(self._boosting, subjects)

    @property
    def start(self) -> float:
        return self._trees.start

    def contributions(self, matrix: Floats) -> tuple[Floats, Floats]:
        summands = self._trees.contributions(self._trees.leaves(matrix))
        return self.start + summands.sum(axis=1), summands


class Forest(_OfTrees):
    """Many deep trees, each grown on other leads; their mean is the chance."""

    def __init__(self, *, n_trees: int = 100, most_rows: int = 20_000, random_state: int = 0) -> None:
        self._n_trees = n_trees
        self._most_rows = most_rows
        self._random_state = random_state

    def fit(self, matrix: Floats, won: Bools, n_categories: int, weights: Floats | None = None) -> Self:
        n_leads = len(matrix) if weights is None else max(1, round(float(weights.sum())))
        self._forest = RandomForestClassifier(
            self._n_trees,
            min_samples_leaf=int(np.clip(n_leads // 1500, 3, 20)),
            max_features=0.4 if n_leads >= 5_000 else "sqrt",
            max_samples=min(n_leads, self._most_rows),
            random_state=self._random_state,
        ).fit(matrix, won, weights)
        self._rate = float(np.average(won, weights=weights))
        return self

    def log_odds(self, matrix: Floats) -> Floats:
        return self._log_odds(self._forest.predict_proba(matrix)[:, 1])

    def _read(self, subjects: Sequence[int]) -> Trees:
        return trees_of_forest(self._forest, subjects)

    @property
    def start(self) -> float:
        return float(self._log_odds(np.array([self._trees.start]))[0])

    def contributions(self, matrix: Floats) -> tuple[Floats, Floats]:
        """What moved the chance, stretched so that it adds up in log-odds."""
        few = len(matrix) <= _FEW_ROWS
        leaves = self._trees.leaves(matrix) if few else self._forest.apply(matrix) + self._trees.roots
        summands = self._trees.contributions(leaves)
        moved = summands.sum(axis=1)
        total = self._log_odds(self._trees.start + moved)
        return total, summands * stretch(total - self.start, moved)[:, None]

    def _log_odds(self, chances: Floats) -> Floats:
        drawn = (chances * _TRUST + self._rate) / (_TRUST + 1)
        log_odds: Floats = logit(drawn)
        return log_odds


def new_member(name: str, random_state: int, few: Sequence[int] = (), *, each_counts_one: bool = True) -> Member:
    """An unfitted member; `few` are the places of the columns that the small one sees, `each_counts_one` whether leads
    have no weights."""
    members: dict[str, Member] = {
        SMALL: Narrow(few),
        BASE_RATE: Flat(),
        LOGISTIC: Logistic(strength=_STRENGTH if each_counts_one else _STRENGTH_OF_PARTS),
        BOOSTING: Boosting(random_state=random_state),
        FOREST: Forest(random_state=random_state),
    }
    return members[name]


def stretch(distance: Floats, moved: Floats) -> Floats:
    """The factors by which summands that add up to `moved` add up to `distance`; 1 where nothing moved."""
    still = np.abs(moved) < 1e-9
    factors: Floats = np.where(still, 1.0, distance / np.where(still, 1.0, moved))
    return factors


def _membership(subjects: Sequence[int]) -> Floats:
    membership = np.zeros((len(subjects), max(subjects, default=0) + 1))
    membership[np.arange(len(subjects)), list(subjects)] = 1.0
    return membership
