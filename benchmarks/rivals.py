"""What the score is compared with: the base rate, Odoo's formula, plain logistic regression, LightGBM and CatBoost.

All of them are asked in the same way. The boostings run with the settings that they come with, once as they are and
once calibrated as their users are told to: on leads held out from the training (the newest quarter where there is an
order of time, five folds where leads are few), then fitted again on all of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from catboost import CatBoostClassifier
from lightgbm import LGBMClassifier
from scipy.special import expit, logit
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from benchmarks.data import Split
from benchmarks.odoo import Odoo
from scoring.arrays import Bools, Floats, Ints
from scoring.calibrating import Isotonic, Sigmoid
from scoring.columns import Columns
from scoring.lead_scorer import LeadScorer
from scoring.tables import Table

_FEW = 1_000
_SURE = 1e-6


@dataclass(frozen=True)
class Lesson:
    """What is learnt from, as a list of leads with what is known about them."""

    table: Table
    won: Bools
    moments: Floats | None
    groups: Ints | None


class Rival(Protocol):
    def fit(self, lesson: Lesson) -> Self: ...

    def chances(self, table: Table) -> Floats: ...


class Sluice:
    def fit(self, lesson: Lesson) -> Self:
        self.scorer = LeadScorer().fit(lesson.table, lesson.won, moments=lesson.moments, groups=lesson.groups)
        return self

    def chances(self, table: Table) -> Floats:
        return self.scorer.predict_proba(table)[:, 1]


class BaseRate:
    def fit(self, lesson: Lesson) -> Self:
        self._rate = float(lesson.won.mean())
        return self

    def chances(self, table: Table) -> Floats:
        return np.full(len(table), self._rate)


class OdooRival:
    def __init__(self, *, numbers: bool) -> None:
        self._odoo = Odoo(numbers=numbers)

    def fit(self, lesson: Lesson) -> Self:
        self._odoo.fit(lesson.table, lesson.won)
        return self

    def chances(self, table: Table) -> Floats:
        return self._odoo.chances(table)


class OnMatrix:
    """A model of scikit-learn's kind on the matrix of `Columns`; `prepare` shapes it first. Both are told how many of
    its columns are categories."""

    def __init__(
        self, fitted: Callable[[Any, Bools, int], Any], prepare: Callable[[Floats, int], Any] | None = None
    ) -> None:
        self._fit = fitted
        self._prepare = prepare or (lambda matrix, _: matrix)

    def fit(self, lesson: Lesson) -> Self:
        self._columns = Columns().fit(lesson.table, lesson.won)
        self._fitted = self._fit(self._matrix(lesson.table), lesson.won, self._columns.n_categories_)
        return self

    def chances(self, table: Table) -> Floats:
        chances: Floats = self._fitted.predict_proba(self._matrix(table))[:, 1]
        return chances

    def _matrix(self, table: Table) -> Any:
        return self._prepare(self._columns.transform(table), self._columns.n_categories_)


class Calibrated:
    def __init__(self, rival: Callable[[], Rival]) -> None:
        self._rival = rival

    def fit(self, lesson: Lesson) -> Self:
        log_odds, won = [], []
        for seen, held in self._held_out(lesson):
            part = Lesson(lesson.table.take(seen.tolist()), lesson.won[seen], None, None)
            log_odds.append(_log_odds(self._rival().fit(part).chances(lesson.table.take(held.tolist()))))
            won.append(lesson.won[held])
        calibration = Sigmoid() if len(lesson.won) < _FEW else Isotonic()
        self._calibration = calibration.fit(np.concatenate(log_odds), np.concatenate(won))
        self._fitted = self._rival().fit(lesson)
        return self

    def chances(self, table: Table) -> Floats:
        chances: Floats = expit(self._calibration.bend(_log_odds(self._fitted.chances(table))))
        return chances

    def _held_out(self, lesson: Lesson) -> Iterator[Split]:
        n = len(lesson.won)
        if n < _FEW:
            yield from KFold(5, shuffle=True, random_state=0).split(np.arange(n))
            return
        order = np.random.default_rng(0).permutation(n) if lesson.moments is None else np.argsort(lesson.moments)
        yield order[: n * 3 // 4], order[n * 3 // 4 :]


def _logistic(matrix: Any, won: Bools, n_categories: int) -> Any:
    """One-hot categories and standardised numbers, as in any textbook."""
    encoding = ColumnTransformer(
        [("categories", OneHotEncoder(handle_unknown="ignore"), slice(0, n_categories))],
        remainder=make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler()),
    )
    return make_pipeline(encoding, LogisticRegression(max_iter=1000)).fit(matrix, won)


def _lightgbm(matrix: Any, won: Bools, n_categories: int) -> Any:
    model = LGBMClassifier(random_state=0, n_jobs=1, verbose=-1)
    return model.fit(matrix, won, categorical_feature=list(range(n_categories)))


def _catboost(matrix: Any, won: Bools, n_categories: int) -> Any:
    model = CatBoostClassifier(random_seed=0, thread_count=1, verbose=False, allow_writing_files=False)
    return model.fit(matrix, won, cat_features=list(range(n_categories)))


def _with_words(matrix: Floats, n_categories: int) -> Any:
    """CatBoost takes categories as text."""
    mixed = matrix.astype(object)
    mixed[:, :n_categories] = matrix[:, :n_categories].astype(str)
    return mixed


def _log_odds(chances: Floats) -> Floats:
    log_odds: Floats = logit(np.clip(chances, _SURE, 1 - _SURE))
    return log_odds


RIVALS: dict[str, Callable[[], Rival]] = {
    "sluice": Sluice,
    "base rate": BaseRate,
    "odoo": lambda: OdooRival(numbers=False),
    "odoo+": lambda: OdooRival(numbers=True),
    "logistic": lambda: OnMatrix(_logistic),
    "LightGBM": lambda: OnMatrix(_lightgbm),
    "LightGBM, calibrated": lambda: Calibrated(lambda: OnMatrix(_lightgbm)),
    "CatBoost": lambda: OnMatrix(_catboost, _with_words),
    "CatBoost, calibrated": lambda: Calibrated(lambda: OnMatrix(_catboost, _with_words)),
}
