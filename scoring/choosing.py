"""Chooses the model for a list of leads by what each candidate said of leads that it had not seen.

The candidates are the members and their blends (the mean of the log-odds). One of them is the first choice, because on
public sets of leads it was: the logistic regression where times change, the blend of boosting and forest where leads
are many, otherwise the blend of all. Where leads are few it is the logistic regression, drawn halfway to what it has to
beat: what passes for better by luck is then half as wrong, and more teams have the better half of a good one, since it
shows sooner. Where they are very few, and the leads that it is chosen by are all that it must prove itself on, it is
drawn two thirds of the way, and nothing else is tried: a rule that is not there looks good twice then. Another
candidate must do better than that beyond chance, and so must a calibration, or a base rate counted on the newest leads
only: the least loss of many is often luck. What is chosen must beat the base rate beyond chance, or that answers. Where
the base rate is one for each value of a column, a small regression of that column and its like stands between the base
rate and the models that see everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import numpy as np
from scipy.special import expit
from scipy.stats import norm, t

from scoring.arrays import Bools, Floats
from scoring.calibrating import CALIBRATIONS
from scoring.evaluation import Figures, Gain, figures, gain, log_losses
from scoring.lesson import Lesson
from scoring.members import BASE_RATE, BOOSTING, FOREST, LOGISTIC, SMALL
from scoring.unseen import LEAST, Answers, tells

_FEW = 200
"""Below so many leads, those of a group counting as one, a leaf of the boosting holds too large a part of them, and
every candidate more is a lottery ticket more."""
_VERY_FEW = 100
_MANY = 5_000
_BEYOND_CHANCE, _OF_FEW_BEYOND_CHANCE = 2.0, 2.6
"""In standard errors: about 95 %, and 99 % where leads are few, as then a lucky candidate is wrong by more."""
_DRAWS = 1000
_Key = TypeVar("_Key", float, str, tuple[str, ...])


@dataclass(frozen=True)
class Choice:
    """What was chosen, and what every candidate's log loss was on leads that it had not seen.

    `members` is empty where the base rate answers, which is counted on the share `newest` of the leads; `are_few` tells
    how strongly the regression is regularised. The figures are
    those of the best model, calibrated, and of the base rate, on the same leads; None where there were too few to try.
    """

    members: tuple[str, ...]
    calibration: str
    newest: float
    candidates: Mapping[str, float]
    model: Figures | None
    base_rate: Figures | None
    gain: Gain | None
    are_few: bool = False

    @property
    def name(self) -> str:
        return _name(self.members) or BASE_RATE


@dataclass(frozen=True)
class Chosen:
    """A choice, and what the chosen members said of leads that they had not seen, for the calibration to be fitted."""

    choice: Choice
    log_odds: Floats
    won: Bools
    weights: Floats | None


def choose(lesson: Lesson, *, must_prove: bool = True, random_state: int = 0) -> Chosen:
    """Where it need not prove that it is better than the base rate, the best model is chosen, however good it is."""
    are_few = lesson.n_groups < _FEW
    errors = _OF_FEW_BEYOND_CHANCE if are_few else _BEYOND_CHANCE
    names = (LOGISTIC,) if are_few else (LOGISTIC, BOOSTING, FOREST)
    plain = SMALL if lesson.base else BASE_RATE
    are_very_few = must_prove and lesson.n_groups < _VERY_FEW
    drawn = (LOGISTIC, plain, plain) if are_very_few else (LOGISTIC, plain)
    answers = None
    if min(int(lesson.won.sum()), int((~lesson.won).sum())) >= LEAST:
        answers = Answers.of((*names, plain), lesson, random_state=random_state, are_few=are_few)
    if answers is None:
        return Chosen(Choice((), "none", 1.0, {}, None, None, None), np.empty(0), np.empty(0, dtype=np.bool_), None)
    candidates = [subset for size in range(1, len(names) + 1) for subset in combinations(names, size)]
    candidates = [drawn] if are_very_few else candidates + [drawn] * are_few
    candidates += [(SMALL,)] * bool(lesson.base)
    said = {members: expit(answers.blend(members)) for members in candidates}
    first = drawn if are_few else _first_choice(names, len(lesson), in_order=answers.in_order)
    members = _best(answers, said, first=first, errors=errors)
    calibrations = ("none",) if are_very_few else tuple(CALIBRATIONS)
    bent = {name: expit(_bent(answers, answers.blend(members), name)) for name in calibrations}
    calibration = _best(answers, bent, first="none", errors=errors)
    chances = bent[calibration]
    rates = {newest: expit(log_odds) for newest, log_odds in answers.rates.items()}
    newest = _best(answers, rates, first=1.0, errors=errors)
    saved = gain(
        answers.won,
        chances,
        rates[1.0],
        answers.groups,
        weights=answers.weights,
        draws=_DRAWS,
        random_state=random_state,
    )
    # Who only follows a drift of the base rate has found no signal: so the base rate may follow it too.
    followed = expit(_bent(answers, answers.rates[1.0], calibration))
    is_signal = not must_prove or (
        saved.is_beyond_chance
        and _is_better(answers, chances, followed, errors)
        and _loss(answers, chances) < min(_loss(answers, each) for each in rates.values())
    )
    choice = Choice(
        members=members if is_signal else (),
        calibration=calibration if is_signal else "none",
        newest=newest,
        candidates={_name(each): _loss(answers, chances) for each, chances in said.items()},
        model=figures(answers.won, chances, answers.weights),
        base_rate=figures(answers.won, rates[1.0], answers.weights),
        gain=saved,
        are_few=are_few,
    )
    return Chosen(choice, answers.blend(members), answers.won, answers.weights)


def _name(members: tuple[str, ...]) -> str:
    """A member that stands there twice counts double in the blend."""
    return " + ".join(dict.fromkeys(members))


def _first_choice(names: tuple[str, ...], n_leads: int, *, in_order: bool) -> tuple[str, ...]:
    if in_order:
        return (LOGISTIC,)
    return (BOOSTING, FOREST) if n_leads >= _MANY else names


def _best(answers: Answers, chances: Mapping[_Key, Floats], *, first: _Key, errors: float) -> _Key:
    """The one with the least loss among those that are better than the first choice by so many standard errors, or
    that."""
    better = [key for key, each in chances.items() if _is_better(answers, each, chances[first], errors, always=True)]
    return min(better, key=lambda key: _loss(answers, chances[key]), default=first)


def _bent(answers: Answers, log_odds: Floats, calibration: str) -> Floats:
    """Each fold as a calibration bends it that was fitted on the others; on those known before it, where they have an
    order.

    The first fold of an order stays as it is.
    """
    bent = log_odds.copy()
    for fold in range(len(answers.begins)):
        here, others = answers.fold == fold, answers.besides(fold)
        if tells(answers.won[others]):
            weights = None if answers.weights is None else answers.weights[others]
            fitted = CALIBRATIONS[calibration]().fit(log_odds[others], answers.won[others], weights)
            bent[here] = fitted.bend(log_odds[here])
    return bent


def _loss(answers: Answers, chances: Floats) -> float:
    return float(np.average(log_losses(answers.won, chances), weights=answers.weights))


def _is_better(answers: Answers, chances: Floats, than: Floats, errors: float, *, always: bool = False) -> bool:
    """Whether the loss is less by more than so many standard errors, a group counting as one.

    Few groups tell little of how far they scatter: for them it takes as many more errors as Student's t says. `always`
    asks for more where folds follow each other in time: not to be worse in any of them, since what is better in one
    quarter by chance is so for all the leads in it.
    """
    saved = log_losses(answers.won, than) - log_losses(answers.won, chances)
    weights = np.ones(len(saved)) if answers.weights is None else answers.weights
    weighted = weights * saved
    if always and answers.in_order and (np.bincount(answers.fold, weights=weighted) < 0).any():
        return False
    _, group = np.unique(answers.groups, return_inverse=True)
    away = weights * (saved - np.average(saved, weights=weights))
    summed = np.bincount(group, weights=away)
    if len(summed) < 2:
        return False
    needed = t.ppf(norm.cdf(errors), len(summed) - 1)
    return bool(weighted.sum() > needed * np.sqrt((summed**2).sum()))
