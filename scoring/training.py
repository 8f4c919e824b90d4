"""Learns a workspace's score from its past, and publishes it only when it beats the base rate on later deals.

The newest quarter of the past is kept aside: what was learnt before it answers for it, and is compared with the base
rates that were known at the same time. No moment is learnt from whose horizon reaches into that quarter. After the
decision the model is fitted once more, on everything.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline
from sqlalchemy.orm import Session

from models.history import standings
from models.model_version import ModelStatus, ModelVersion, ModelVersions, Question
from models.workspace import Workspace
from scoring.artifact import FittedModel, dump, fingerprint
from scoring.dataset import Dataset, Past, dataset_of
from scoring.estimator import StageRates, logistic
from scoring.evaluation import Figures, Gain, figures, gain
from scoring.explaining import DURATIONS, Usual
from scoring.hindsight import written_on_closing

_NEWEST_SHARE = 0.25
_LEAST_DEALS = 10
"""So many deals that moved forward, and so many that did not, must be seen before and after the cut: fewer could not
tell a better model from a lucky one."""


class Verdict(StrEnum):
    PUBLISHED = "published"
    NO_BETTER = "no_better"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True)
class Window:
    """From when to when moments were learnt from, and from when on they were kept aside for the comparison."""

    first: datetime
    cut: datetime
    last: datetime


@dataclass(frozen=True)
class TrainingReport:
    """What training came to. The figures are of the newest moments; all None where there was too little to compare.

    `deals` counts the deals that existed, `outcomes` those that were seen for at least one full horizon, `moved` those
    of them that moved forward within one. `set_aside` names features that would have told the outcome (see hindsight).
    """

    verdict: Verdict
    at: datetime
    horizon_days: int
    deals: int
    outcomes: int
    moved: int
    moments: int
    window: Window | None = None
    model: Figures | None = None
    base_rate: Figures | None = None
    gain: Gain | None = None
    features: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()

    @property
    def card(self) -> dict[str, Any]:
        """The model card, as JSON."""
        card = asdict(self) | {
            "verdict": self.verdict.value,
            "at": self.at.isoformat(),
            "features": [*self.features],
            "set_aside": [*self.set_aside],
        }
        if self.window:
            card["window"] = {name: moment.isoformat() for name, moment in asdict(self.window).items()}
        return card


@dataclass(frozen=True)
class Training:
    """The report, and the model it is about; no model where there was too little history to try."""

    report: TrainingReport
    model: FittedModel | None


def train(past: Past, *, at: datetime, random_state: int = 0) -> Training:
    """Learn from all that was known at `at`. It takes seconds and no database: no transaction should wait for it."""
    hindsight = written_on_closing(past, end=at)
    dataset = dataset_of(past, end=past.known_until(at)).without(hindsight)
    report = TrainingReport(
        verdict=Verdict.TOO_LITTLE,
        at=at,
        horizon_days=past.horizon_days,
        deals=sum(history.created_at <= at for history in past.histories),
        outcomes=dataset.n_deals,
        moved=len({moment.deal_id for moment in dataset.moments if moment.moved_forward}),
        moments=len(dataset),
        set_aside=tuple(sorted(hindsight)),
    )
    window = _window(dataset)
    if window is None:
        return Training(report, None)
    older = dataset.where(lambda moment: moment.at + past.horizon <= window.cut)
    newest = dataset.where(lambda moment: moment.at >= window.cut)
    if not (_tells(older) and _tells(newest)):
        return Training(report, None)
    compared = _compare(older, newest, random_state=random_state)
    pipeline = _fitted(dataset, random_state=random_state)
    model = FittedModel(pipeline, _usual(past, dataset, at), past.horizon_days, dataset.n_deals)
    features = tuple(dict.fromkeys(pipeline[0].features_))
    return Training(
        TrainingReport(**vars(report) | vars(compared) | {"window": window, "features": features}),
        model,
    )


def record(
    session: Session, workspace: Workspace, training: Training, *, trained_by: str, at: datetime
) -> ModelVersion | None:
    """Keep what was trained, a rejected model too; None where there is no model to keep."""
    if training.model is None:
        return None
    artifact = dump(training.model)
    published = training.report.verdict is Verdict.PUBLISHED
    return ModelVersions(session, workspace).record(
        question=Question.FORWARD,
        status=ModelStatus.CHAMPION if published else ModelStatus.CHALLENGER,
        card=training.report.card,
        artifact=artifact,
        sha256=fingerprint(artifact),
        trained_by=trained_by,
        at=at,
    )


@dataclass(frozen=True)
class _Comparison:
    verdict: Verdict
    model: Figures
    base_rate: Figures
    gain: Gain


def _compare(older: Dataset, newest: Dataset, *, random_state: int) -> _Comparison:
    chances = _fitted(older, random_state=random_state).predict_proba(newest.rows)[:, 1]
    rates = StageRates().fit(older.rows, older.answers, sample_weight=older.weights)
    baseline = rates.predict_proba(newest.rows)[:, 1]
    saved = gain(newest.answers, chances, baseline, newest.deal_ids, random_state=random_state)
    return _Comparison(
        verdict=Verdict.PUBLISHED if saved.is_beyond_chance else Verdict.NO_BETTER,
        model=figures(newest.answers, chances),
        base_rate=figures(newest.answers, baseline),
        gain=saved,
    )


def _window(dataset: Dataset) -> Window | None:
    """None where there is no moment at all."""
    moments = sorted(moment.at for moment in dataset.moments)
    if not moments:
        return None
    return Window(first=moments[0], cut=moments[int(len(moments) * (1 - _NEWEST_SHARE))], last=moments[-1])


def _tells(dataset: Dataset) -> bool:
    """Whether enough deals moved forward, and enough did not."""
    moved = {moment.deal_id for moment in dataset.moments if moment.moved_forward}
    stayed = {moment.deal_id for moment in dataset.moments if not moment.moved_forward}
    return min(len(moved), len(stayed)) >= _LEAST_DEALS


def _fitted(dataset: Dataset, *, random_state: int) -> Pipeline:
    weights = dataset.weights
    return logistic(random_state=random_state).fit(
        dataset.rows, dataset.answers, encoding__sample_weight=weights, regression__sample_weight=weights
    )


def _usual(past: Past, dataset: Dataset, at: datetime) -> Usual:
    """The median of each duration: of a stay in a stage when it ended, of the others at the moments of the dataset."""
    seen: dict[str, dict[str, list[float]]] = {name: {"": []} for name in DURATIONS}
    for row in dataset.rows:
        for name in DURATIONS:
            _note(seen[name], str(row["stage"]), float(row.get(name, np.nan)))
    seen["days_in_stage"] = _stays(past, at) or seen["days_in_stage"]
    return {
        name: {stage: float(np.nanmedian(days)) for stage, days in stages.items() if not np.isnan(days).all()}
        for name, stages in seen.items()
    }


def _stays(past: Past, at: datetime) -> dict[str, list[float]]:
    """How long deals had been in each stage when they left it."""
    stays: dict[str, list[float]] = {}
    for history in past.histories:
        if history.created_at <= at:
            for before, after in pairwise(standings(history.as_of(at).moves)):
                days = (after.entered_at - before.entered_at).total_seconds() / 86_400
                _note(stays, str(before.stage_id), days)
    return stays


def _note(seen: dict[str, list[float]], stage: str, days: float) -> None:
    seen.setdefault(stage, []).append(days)
    seen.setdefault("", []).append(days)
