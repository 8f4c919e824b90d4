"""The members that are made of many trees. What each answers can be taken apart by column (`scoring/trees.py`)."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from scipy.special import logit
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from scoring.arrays import Bools, Floats
from scoring.trees import Trees, trees_of_boosting, trees_of_forest

_TREES = 100
_MOST_ROWS = 20_000
"""Each tree of a forest is grown on no more."""
_FEW_ROWS = 64
_TRUST = 50.0
"""The forest's chance is drawn to the overall rate as by one lead among so many, so that it is never quite 0 or 1."""


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

    def __init__(self, *, random_state: int = 0) -> None:
        self._random_state = random_state

    def fit(self, matrix: Floats, won: Bools, n_categories: int, weights: Floats | None = None) -> Self:
        n_leads = len(matrix) if weights is None else max(1, round(float(weights.sum())))
        self._forest = RandomForestClassifier(
            _TREES,
            min_samples_leaf=int(np.clip(n_leads // 1500, 3, 20)),
            max_features=0.4 if n_leads >= 5_000 else "sqrt",
            max_samples=min(n_leads, _MOST_ROWS),
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


def stretch(distance: Floats, moved: Floats) -> Floats:
    """The factors by which summands that add up to `moved` add up to `distance`; 1 where nothing moved."""
    still = np.abs(moved) < 1e-9
    factors: Floats = np.where(still, 1.0, distance / np.where(still, 1.0, moved))
    return factors
