"""Learns from a list of leads with outcomes how likely another lead is to be won, and why; no Slack, no database.

It chooses among models by itself (see choosing), says how good it is on leads that it had not seen, and where nothing
beats the base rate beyond chance it says so and answers with the base rate.
"""

from contextlib import AbstractContextManager
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d, validate_data
from threadpoolctl import threadpool_limits

from scoring.arrays import Floats
from scoring.blending import blended, explained, lengthening
from scoring.calibrating import CALIBRATIONS
from scoring.choosing import choose
from scoring.column_reasons import ColumnReason, strongest
from scoring.columns import Columns
from scoring.evaluation import Evaluation, figures, gain
from scoring.lesson import Lesson, base_values
from scoring.members import SMALL
from scoring.tables import Leads, Table, are_rows, table_of_array, table_of_rows
from scoring.unseen import taught

_FEW = 64


class LeadScorer(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Calibrated, explained chances from any table of leads: numbers, categories, dates, text, with gaps.

    Parameters
    ----------
    base : tuple of str, default=()
        Names of columns that any model has to beat, such as a deal's stage and how long it has been there. The base
        rate is then a rate for each value of the first one, and a small regression of all of them is one more
        candidate. Without any, there is one base rate for all leads.
    must_prove : bool, default=True
        Whether the base rate answers where no model is better beyond chance on leads that it had not seen. Who compares
        on leads of their own before they use a model can leave that out: it takes many leads to prove anything twice.
    random_state : int, default=0
        Fixes what is drawn: folds, trees, the bootstrap.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The two outcomes; the second one is what the chance is of.
    choice_ : Choice
        Which model answers, how it is calibrated, and how it did on leads that it had not seen.
    columns_ : Columns
        What each column was found to be.
    rates_ : Rates
        How many of the leads learnt from had the second outcome, by the value of the first column of `base`.
    newest_rates_ : Rates
        The base rates that answer where no model is better: counted on the newest leads, where these differ.
    base_rate_, newest_rate_ : float
        The same of all leads, whatever their value.

    Examples
    --------
    >>> leads = [{"source": "fair" if n % 3 else "web", "seats": n % 10} for n in range(120)]
    >>> won = [lead["source"] == "fair" and n % 5 > 0 for n, lead in enumerate(leads)]
    >>> scorer = LeadScorer().fit(leads, won)
    >>> scorer.choice_.name
    'logistic regression + base rate'
    >>> chance = scorer.predict_proba([{"source": "fair", "seats": 3}, {"source": "web"}])[:, 1]
    >>> bool(chance[0] > 0.6 > chance[1])
    True
    >>> scorer.explain([{"source": "web"}])[0][0].column
    'source'
    """

    def __init__(self, *, base: tuple[str, ...] = (), must_prove: bool = True, random_state: int = 0) -> None:
        self.base = base
        self.must_prove = must_prove
        self.random_state = random_state

    def fit(
        self,
        X: Leads,
        y: ArrayLike,
        moments: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        *,
        known: ArrayLike | None = None,
        weights: ArrayLike | None = None,
    ) -> Self:
        """Learn from leads whose outcome is known.

        Parameters
        ----------
        X : Table, sequence of mappings, or array-like of shape (n_leads, n_columns)
            What was known of each lead when it should have been scored, nothing later.
        y : array-like of shape (n_leads,)
            The outcomes, two different ones.
        moments : array-like of shape (n_leads,), optional
            Numbers that put the leads into the order of time; candidates are then compared on later leads.
        groups : array-like of shape (n_leads,), optional
            Leads with the same value belong together, such as several rows of one deal or customer.
        known : array-like of shape (n_leads,), optional
            When each outcome became known, on the scale of `moments`. Candidates that are asked about later leads have
            then learnt from what was known when these begin, of the same groups too; otherwise, from other groups.
        weights : array-like of shape (n_leads,), optional
            As how many leads each one counts, in learning and in every figure; one of weight 0 is left out. How much
            is believed in spite of few leads depends on their sum, so it should be about the number of independent
            leads. It is not called `sample_weight`, since weight 2 is not the same as standing there twice: copies of
            a lead count as rows when leaves and folds are made.

        Raises
        ------
        ValueError
            The outcomes are not two, lengths differ, `base` names a column that is not there, weights are negative or
            all 0, or `known` lies before the moments or has none.
        """
        lesson = self._lesson(
            self._table(X, reset=True), y, moments=moments, groups=groups, known=known, weights=weights
        )
        with _one_thread():
            chosen = choose(lesson, must_prove=self.must_prove, random_state=self.random_state)
            self.choice_ = chosen.choice
            calibration = CALIBRATIONS[self.choice_.calibration]()
            self.calibration_ = calibration.fit(chosen.log_odds, chosen.won, chosen.weights)
            return self._learn(lesson)

    def refitted(
        self, X: Leads, y: ArrayLike, moments: ArrayLike | None = None, *, weights: ArrayLike | None = None
    ) -> "LeadScorer":
        """A scorer that has learnt from these leads what this one chose: the same members, calibration, and newest
        share (for which `moments` are needed). It takes one fit instead of a comparison, and is for learning once more
        from everything when the comparison is over; `choice_` keeps the figures of that.
        """
        check_is_fitted(self)
        fresh: LeadScorer = clone(self)
        lesson = fresh._lesson(fresh._table(X, reset=True), y, moments=moments, weights=weights)
        if fresh.classes_.tolist() != self.classes_.tolist():
            raise ValueError(f"The outcomes were {self.classes_.tolist()}, now they are {fresh.classes_.tolist()}.")
        fresh.choice_, fresh.calibration_ = self.choice_, self.calibration_
        with _one_thread():
            return fresh._learn(lesson)

    def _lesson(
        self,
        table: Table,
        y: ArrayLike,
        *,
        moments: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        known: ArrayLike | None = None,
        weights: ArrayLike | None = None,
    ) -> Lesson:
        outcomes = column_or_1d(y, warn=True)
        when, known_at, weight = (_numbers(each) for each in (moments, known, weights))
        same = None if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
        check_consistent_length(*table.columns[:1], outcomes, when, same, known_at, weight)
        check_classification_targets(outcomes)
        if weight is not None and not ((weight >= 0).all() and 0 < weight.sum() < np.inf):
            raise ValueError("Weights must be finite, at least 0, and not all 0.")
        counts = np.ones(len(outcomes), dtype=np.bool_) if weight is None else weight > 0
        self.classes_ = np.unique(outcomes[counts])
        if len(self.classes_) != 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is "
                f"{len(self.classes_)} class{'es' if len(self.classes_) > 1 else ''}."
            )
        lesson = Lesson(table, outcomes == self.classes_[1], self.base, when, known_at, same, weight)
        return lesson if counts.all() else lesson.take(np.flatnonzero(counts))

    def _learn(self, lesson: Lesson) -> Self:
        """What was chosen, from all of the leads."""
        self.rates_ = lesson.rates()
        self.newest_rates_ = lesson.rates(newest=self.choice_.newest)
        self.columns_ = Columns().fit(lesson.table, lesson.won)
        self.subjects_ = list(dict.fromkeys(self.columns_.sources_))
        matrix = self.columns_.transform(lesson.table)
        places = [self.subjects_.index(source) for source in self.columns_.sources_]
        by_base = taught((SMALL,) if self.base else (), lesson, self.columns_, matrix, self.random_state)
        self.by_base_ = next(by_base, None)
        names, are_few = self.choice_.members, self.choice_.are_few
        members = taught(names, lesson, self.columns_, matrix, self.random_state, are_few=are_few)
        self.members_ = [member.explained_by(places) for member in members]
        return self

    @property
    def base_rate_(self) -> float:
        return self.rates_.overall_

    @property
    def newest_rate_(self) -> float:
        return self.newest_rates_.overall_

    def predict_proba(self, X: Leads) -> Floats:
        """The chance of each of the two outcomes."""
        check_is_fitted(self)
        table = self._table(X, reset=False)
        matrix = self.columns_.transform(table)
        if not self.members_:
            chances = self.newest_rates_.rates_of(base_values(table, self.base))
        elif len(matrix) <= _FEW:
            # scikit-learn's own way costs many milliseconds a call, whether for one lead or for thousands.
            chances = expit(self.calibration_.bend(explained(self.members_, matrix)[0]))
        else:
            with _one_thread():
                log_odds = blended([member.log_odds(matrix) for member in self.members_])
            chances = expit(self.calibration_.bend(log_odds))
        return np.column_stack([1 - chances, chances])

    def chances_by_base(self, X: Leads) -> Floats:
        """The chance of the second outcome as the small regression on the columns of `base` alone tells it."""
        check_is_fitted(self)
        if self.by_base_ is None:
            raise ValueError("Without a base there is nothing to tell by.")
        chances: Floats = expit(self.by_base_.log_odds(self.columns_.transform(self._table(X, reset=False))))
        return chances

    def predict(self, X: Leads) -> NDArray[Any]:
        """The likelier outcome."""
        chances = self.predict_proba(X)[:, 1]
        outcomes: NDArray[Any] = self.classes_[(chances > 0.5).astype(np.intp)]
        return outcomes

    def explain(self, X: Leads, *, most: int = 6) -> list[tuple[ColumnReason, ...]]:
        """For each lead the columns that weighed most, the strongest first, whichever way they speak."""
        return self.predict_explained(X, most=most)[1]

    def predict_explained(self, X: Leads, *, most: int = 6) -> tuple[Floats, list[tuple[ColumnReason, ...]]]:
        """The chance of the second outcome, and its reasons."""
        check_is_fitted(self)
        table = self._table(X, reset=False)
        chances, weights = self.contributions(table)
        return chances, strongest(table, self.subjects_, weights, most=most)

    def contributions(self, X: Leads) -> tuple[Floats, Floats]:
        """The chance of the second outcome, and by how much, in log-odds, each of `subjects_` moves it from the average
        lead's: an array of shape (n_leads, n_subjects)."""
        check_is_fitted(self)
        table = self._table(X, reset=False)
        if not self.members_:
            return self._rated(table)
        log_odds, summands = explained(self.members_, self.columns_.transform(table))
        longer = lengthening(self.members_, self.calibration_, log_odds)
        return expit(self.calibration_.bend(log_odds)), summands * longer[:, None]

    def evaluate(
        self, X: Leads, y: ArrayLike, groups: ArrayLike | None = None, weights: ArrayLike | None = None
    ) -> Evaluation:
        """Compare the chances of leads that were not learnt from with their outcomes, and with the base rate."""
        table = self._table(X, reset=False)
        chances = self.predict_proba(table)[:, 1]
        won = np.asarray(y) == self.classes_[1]
        rates = self.rates_.rates_of(base_values(table, self.base))
        same = np.arange(len(won)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
        weight = _numbers(weights)
        return Evaluation(
            figures(won, chances, weight), figures(won, rates, weight), gain(won, chances, rates, same, weights=weight)
        )

    def _rated(self, table: Table) -> tuple[Floats, Floats]:
        """What base rates answer, and how the value that they are of moves it."""
        rates = self.newest_rates_.rates_of(base_values(table, self.base))
        weights = np.zeros((len(rates), len(self.subjects_)))
        if self.base and self.base[0] in self.subjects_:
            usual = self.newest_rate_
            weights[:, self.subjects_.index(self.base[0])] = logit(rates) - logit(usual)
        return rates, weights

    def _table(self, X: Leads, *, reset: bool) -> Table:
        table = table_of_rows(X) if are_rows(X) else X
        if not isinstance(table, Table):
            array = validate_data(self, table, reset=reset, dtype=None, ensure_all_finite="allow-nan")
            names = getattr(self, "feature_names_in_", None)
            return table_of_array(array, None if names is None else names.tolist())
        if reset:
            self.n_features_in_ = len(table.names)
            self.feature_names_in_ = np.array(table.names, dtype=object)
        known = dict(zip(table.names, table.columns, strict=True))
        names = self.feature_names_in_.tolist()
        return Table(tuple(names), tuple(known.get(name, [None] * len(table)) for name in names))

    def __sklearn_tags__(self) -> Tags:
        tags: Tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags


def _numbers(values: ArrayLike | None) -> Floats | None:
    return None if values is None else np.asarray(values, dtype=np.float64)


def _one_thread() -> AbstractContextManager[Any]:
    """On a busy machine, threads that wait for each other cost several times what they save, however many the leads."""
    limits: AbstractContextManager[Any] = threadpool_limits(1)
    return limits
