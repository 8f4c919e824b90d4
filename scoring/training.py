"""Learns a workspace's scores from its past, and publishes one only when it beats what served before on later deals.

The newest quarter of the past is kept aside: what was learnt before it answers for it, and is compared with the base
rates that were known at the same time, and, as far as that had not seen it either, with the model that serves. No
moment is learnt from whose answer was not known when that quarter began. After the decision what was chosen is fitted
once more, on everything.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np

from models.model_card import Window
from models.model_version import Question
from scoring.arrays import Floats
from scoring.artifact import FittedModel
from scoring.dataset import Dataset, Moment, datasets_of
from scoring.evaluation import Figures, Gain, figures, gain
from scoring.explaining import weightiest
from scoring.hindsight import naming_each, written_on_closing
from scoring.lead_scorer import LeadScorer
from scoring.past import Past

_NEWEST_SHARE = 0.25
LEAST_DEALS = 10
"""So many deals of which it happened, and so many of which it did not, must be seen before and after the cut: fewer
could not tell a better model from a lucky one."""
_LAST_WINDOW = 0.8
_SEASON = frozenset({"month", "quarter_ends_in"})
_TWO_OF_EACH_SEASON = timedelta(days=2 * 365)
"""In a shorter past a season was seen once or hardly more: what was peculiar about it may have been that year's. Nor
would the comparison on a newest quarter tell, for all of its deals share the season."""
_BASE = ("stage", "days_in_stage")
"""What a base rate may depend on: the stage, and how long the deal has been in it. Who tells no more than that has
found nothing about the deals."""


class Step(StrEnum):
    """What a training is at: what was known of the deals, then each of the questions."""

    FEATURES = "features"
    FORWARD = "forward"
    WON = "won"


def unheard(_step: Step) -> None:
    pass


class Verdict(StrEnum):
    PUBLISHED = "published"
    NO_BETTER = "no_better"
    """Than the base rate by stage, or by stage and age, beyond chance."""
    NOT_TRIED = "not_tried"
    """Too few deals came to a yes, or too few to a no, in one of the parts of the past that models are tried on."""
    NO_BETTER_THAN_SERVING = "no_better_than_serving"
    TOO_NEW = "too_new"
    """Too few outcomes came in since the serving model was trained to tell which is better."""
    HELD = "held"
    """A person took a model back, and too little has come since of deals to tell whether this one does better."""
    OVERTAKEN = "overtaken"
    """While this one was trained, another model came into office, or the one that it was compared with left it."""
    TOO_LITTLE = "too_little"


@dataclass(frozen=True)
class Incumbent:
    """Who answers a question when training begins: the version's number, None where base rates answer, and its model,
    None where it cannot be read. `taken_back_at` is when a person last took a model back, if none was published since.
    """

    number: int | None = None
    model: FittedModel | None = None
    taken_back_at: datetime | None = None


NOBODY = Incumbent()


@dataclass(frozen=True)
class TrainingReport:
    """What training came to. The figures are of the newest moments; all None where there was too little to compare.

    `horizon_days` is how long after a moment its answer counts as known. `deals` counts the deals that existed,
    `closed` those of them that were closed,
    `outcomes` those that were seen for at least one such horizon, `moved` those of them of which the answer was ever
    yes. `base_rate`, and the `gain` over it, are of the base rate by stage, or of that by stage and age, whichever is
    harder to beat. `weightiest` names what moved the chances of the newest moments most. `set_aside` names
    features that would have told the outcome (see hindsight). `serving` and `gain_over_serving`
    are of those newest moments that the serving model had not seen; where it is worse than the base rate beyond chance,
    it `steps_down`. `compared_with` is the number of the version that served then, None where base rates answered.
    `lacking` is how many deals more, at the least, must have come to a yes or a no before a model can be tried; 0 where
    one was. `data_hash` is of the rows and answers learnt from.
    """

    question: Question
    verdict: Verdict
    at: datetime
    knew_until: datetime
    horizon_days: int
    deals: int
    closed: int
    outcomes: int
    moved: int
    moments: int
    chosen: str = ""
    window: Window | None = None
    model: Figures | None = None
    base_rate: Figures | None = None
    serving: Figures | None = None
    gain: Gain | None = None
    gain_over_serving: Gain | None = None
    steps_down: bool = False
    lacking: int = 0
    compared_with: int | None = None
    features: tuple[str, ...] = ()
    weightiest: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    data_hash: str = ""
    candidates: Mapping[str, float] = field(default_factory=dict)
    """The log loss of each candidate on later deals within what was learnt from."""

    @property
    def card(self) -> dict[str, Any]:
        """The model card, as JSON."""
        card: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_as_text))
        return card


@dataclass(frozen=True)
class Training:
    """The report, and the model it is about; no model where there was too little history to try."""

    report: TrainingReport
    model: FittedModel | None


def train(
    past: Past,
    *,
    at: datetime,
    incumbents: Mapping[Question, Incumbent] | None = None,
    random_state: int = 0,
    tell: Callable[[Step], None] = unheard,
) -> dict[Question, Training]:
    """Learn from all that was known at `at`. It takes seconds and no database: no transaction should wait for it.

    Of the models that serve, one for another horizon answers another question, and is not compared with. `tell` hears
    of each step as it begins.
    """
    tell(Step.FEATURES)
    end = past.known_until(at)
    hindsight, named = written_on_closing(past, end=at), naming_each(past, end=at)
    existing = [history for history in past.histories if history.created_at <= at]
    closed = sum(history.as_of(at).standing.closed_at is not None for history in existing)
    datasets = datasets_of(past, end=end, random_state=random_state)
    trainings = {}
    for question, dataset in datasets.items():
        tell(Step(question))
        lesson = dataset.without(hindsight | named)
        report = TrainingReport(
            question=question,
            verdict=Verdict.TOO_LITTLE,
            at=at,
            knew_until=end,
            horizon_days=past.days_to(question, end=end),
            deals=len(existing),
            closed=closed,
            outcomes=lesson.n_deals,
            moved=len({moment.deal_id for moment in lesson.moments if moment.answer}),
            moments=len(lesson),
            set_aside=tuple(sorted(hindsight)),
            data_hash=_hash_of(lesson),
        )
        incumbent = (incumbents or {}).get(question, NOBODY)
        rival = incumbent.model
        if rival is not None and question is Question.FORWARD and rival.horizon_days != past.horizon_days:
            incumbent = replace(incumbent, model=None)
        trainings[question] = _trained(lesson, report, incumbent, random_state)
    return trainings


def _trained(lesson: Dataset, report: TrainingReport, incumbent: Incumbent, random_state: int) -> Training:
    window = _window(lesson)
    if window is None:
        return Training(replace(report, lacking=2 * lacking_in(lesson.moments)), None)
    older = lesson.where(lambda moment: moment.known_at <= window.cut)
    newest = lesson.where(lambda moment: moment.at >= window.cut)
    if window.cut - window.first < _TWO_OF_EACH_SEASON:
        lesson, older, newest = (each.without(_SEASON) for each in (lesson, older, newest))
    if lacking := lacking_in(older.moments) + lacking_in(newest.moments):
        return Training(replace(report, lacking=lacking), None)
    scorer = LeadScorer(base=_BASE, must_prove=False, random_state=random_state).fit(
        older.table,
        older.answers,
        moments=older.days,
        groups=older.deal_ids,
        known=older.known_days,
        weights=older.weights,
    )
    compared = _compare(scorer, newest, incumbent.model, random_state=random_state)
    since = incumbent.taken_back_at
    if compared["verdict"] is Verdict.PUBLISHED and since and not _tells(newest.where(lambda each: each.at >= since)):
        compared["verdict"] = Verdict.HELD
    final = scorer.refitted(lesson.table, lesson.answers, lesson.days, weights=lesson.weights)
    told = compared | {
        "window": window,
        "compared_with": incumbent.number,
        "chosen": scorer.choice_.name,
        "lacking": 0 if scorer.choice_.model else max(lacking_in(_tried_first(older).moments), 1),
        "candidates": scorer.choice_.candidates,
        "features": tuple(final.subjects_),
        "weightiest": weightiest(scorer.subjects_, scorer.contributions(newest.table)[1]),
    }
    model = FittedModel(final, report.question, report.horizon_days, report.outcomes, report.knew_until)
    return Training(TrainingReport(**vars(report) | told), model)


def _compare(scorer: LeadScorer, newest: Dataset, serving: FittedModel | None, *, random_state: int) -> dict[str, Any]:
    """The verdict and its figures, by their names in the report."""
    table, answers, deal_ids, weights = newest.table, newest.answers, newest.deal_ids, newest.weights
    chances = scorer.predict_proba(table)[:, 1]
    by_stage = scorer.rates_.rates_of([str(row["stage"]) for row in newest.rows])
    is_model = bool(scorer.choice_.members)
    saved, base_rate = min(
        (
            (gain(answers, chances, rates, deal_ids, weights=weights, random_state=random_state), rates)
            for rates in (by_stage, *([scorer.chances_by_base(table)] if is_model else []))
        ),
        key=lambda each: each[0].low,
    )
    is_signal = is_model and saved.is_beyond_chance
    told: dict[str, Any] = {
        "verdict": Verdict.PUBLISHED if is_signal else Verdict.NO_BETTER if scorer.choice_.model else Verdict.NOT_TRIED,
        "model": figures(answers, chances, weights),
        "base_rate": figures(answers, base_rate, weights),
        "gain": saved,
    }
    if serving is None:
        return told
    unseen = np.array([moment.at >= serving.knew_until for moment in newest.moments])
    fresh = newest.where(lambda moment: moment.at >= serving.knew_until)
    is_better = told["verdict"] is Verdict.PUBLISHED
    if not _tells(fresh):
        return told | ({"verdict": Verdict.TOO_NEW} if is_better else {})

    def gain_over(others: Floats, of: Floats) -> Gain:
        return gain(fresh.answers, of, others, fresh.deal_ids, weights=fresh.weights, random_state=random_state)

    says = serving.scorer.predict_proba(fresh.table)[:, 1]
    over_serving = gain_over(says, of=chances[unseen])
    steps_down = gain_over(by_stage[unseen], of=says).high < 0
    if is_better and not (over_serving.is_beyond_chance or steps_down):
        told["verdict"] = Verdict.NO_BETTER_THAN_SERVING
    return told | {
        "serving": figures(fresh.answers, says, fresh.weights),
        "gain_over_serving": over_serving,
        "steps_down": steps_down,
    }


def _window(dataset: Dataset) -> Window | None:
    """None where there is no moment at all."""
    moments = sorted(moment.at for moment in dataset.moments)
    if not moments:
        return None
    return Window(first=moments[0], cut=moments[int(len(moments) * (1 - _NEWEST_SHARE))], last=moments[-1])


def _tells(dataset: Dataset) -> bool:
    """Whether it happened of enough deals, and did not of enough."""
    return not lacking_in(dataset.moments)


def lacking_in(moments: Iterable[Moment]) -> int:
    """How many deals more it would take, of those of which it happened and of those of which it did not."""
    answers = {(moment.deal_id, bool(moment.answer)) for moment in moments}
    happened, did_not = ({deal_id for deal_id, answer in answers if answer is each} for each in (True, False))
    return sum(max(LEAST_DEALS - len(deals), 0) for deals in (happened, did_not))


def _tried_first(older: Dataset) -> Dataset:
    """What was known before the last of the windows on which candidates are compared (see unseen)."""
    begin = sorted(moment.at for moment in older.moments)[int(len(older) * _LAST_WINDOW)]
    return older.where(lambda moment: moment.known_at <= begin)


def _hash_of(lesson: Dataset) -> str:
    content = [[each.deal_id, each.at.isoformat(), each.answer] for each in lesson.moments]
    return hashlib.sha256(json.dumps([content, lesson.rows]).encode()).hexdigest()


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
