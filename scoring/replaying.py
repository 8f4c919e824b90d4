"""What would have been said of deals at a moment of the past, had the score been learnt then; and how good it was."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np

from models.model_version import Question
from scoring.answering import UNKEPT, Answers, BaseRates, ModelAnswers
from scoring.arrays import Floats
from scoring.dataset import Dataset, datasets_of
from scoring.evaluation import Figures, figures
from scoring.past import FOR_MODELS, Past
from scoring.scorer import Scorer
from scoring.training import Step, Training, Verdict, lacking_in, train, unheard

_LEARNT_FIRST = 0.5
"""The share of the past that the first fold learns from."""


def scorer_as_of(
    past: Past,
    at: datetime,
    *,
    owners: Mapping[int, str],
    random_state: int = 0,
    tell: Callable[[Step], None] = unheard,
) -> Scorer:
    """The scorer that would have served at a moment, learnt there and then: nothing later is used for anything."""
    trainings = train(past, at=at, random_state=random_state, tell=tell)
    answers = {each: _answers(trained, BaseRates.of(past, each, at=at)) for each, trained in trainings.items()}
    return Scorer(answers[Question.FORWARD], answers[Question.WON], past.stages, owners, past.usual)


@dataclass(frozen=True)
class Fold:
    """How good the score was that was learnt at `learnt_at`, on the moments from then until `until`.

    `chosen` names the model; "base rate" where none was better. The figures are None where no answer is known.
    `lacking` is how many deals more, at the least, it would take to tell a better model from a lucky one.
    """

    question: Question
    learnt_at: datetime
    until: datetime
    chosen: str
    deals: int
    moments: int
    score: Figures | None
    base_rate: Figures | None
    lacking: int = 0


@dataclass(frozen=True)
class _Asked:
    moments: Dataset
    said: Floats
    rates: Floats


def backtest(
    past: Past, *, at: datetime, folds: int, random_state: int = 0, tell: Callable[[Step], None] = unheard
) -> Iterator[Fold]:
    """Learn at so many moments of the later half of the past, and ask each time about what came until the next one.

    Halves and folds are of what there is to ask about, not of the calendar, so that each has its share of it.
    A fold comes when it is done, for each takes as long as one training, and is left out where no answer is known; at
    the end of each question's, one for all folds together, under the name "all".
    """
    end = past.known_until(at)
    datasets = datasets_of(past, end=end, random_state=random_state)
    asked_at = sorted(moment.at for moment in datasets[Question.FORWARD].moments) or [end]
    shares = [_LEARNT_FIRST + (1 - _LEARNT_FIRST) * n / folds for n in range(folds)]
    cuts = sorted({asked_at[int(len(asked_at) * share)] for share in shares})
    asked: dict[Question, list[_Asked]] = defaultdict(list)
    for cut, until in pairwise([*cuts, end]):
        for question, training in train(past, at=cut, random_state=random_state, tell=tell).items():
            rates = BaseRates.of(past, question, at=cut, at_most=FOR_MODELS)  # asked the same as the model
            answers = _answers(training, rates)
            window = _between(datasets[question], cut, until)
            asked[question].append(_Asked(window, _chances(answers, window), _chances(rates, window)))
            if len(window):
                yield _fold(question, cut, until, answers.name, asked[question][-1:])
    for question, parts in asked.items():
        yield _fold(question, cuts[0], end, "all", parts)


def _answers(training: Training, rates: BaseRates) -> Answers:
    if training.model is not None and training.report.verdict is Verdict.PUBLISHED:
        return ModelAnswers(training.model, UNKEPT)
    return rates


def _chances(answers: Answers, asked: Dataset) -> Floats:
    return answers.chances(asked.rows) if asked.rows else np.empty(0)


def _between(dataset: Dataset, begin: datetime, end: datetime) -> Dataset:
    return dataset.where(lambda moment: begin <= moment.at < end)


def _fold(question: Question, learnt_at: datetime, until: datetime, chosen: str, parts: list[_Asked]) -> Fold:
    moments = [moment for part in parts for moment in part.moments.moments]
    outcomes = np.concatenate([part.moments.answers for part in parts])
    weights = np.concatenate([part.moments.weights for part in parts])

    def figures_of(said: list[Floats]) -> Figures | None:
        return figures(outcomes, np.concatenate(said), weights) if len(outcomes) else None

    return Fold(
        question=question,
        learnt_at=learnt_at,
        until=until,
        chosen=chosen,
        deals=len({moment.deal_id for moment in moments}),
        moments=len(outcomes),
        score=figures_of([part.said for part in parts]),
        base_rate=figures_of([part.rates for part in parts]),
        lacking=lacking_in(moments),
    )
