"""What the bot asks: how likely is this deal to move forward, and why?

A published model answers for the horizon it was trained for; otherwise, and where its artifact is refused, the stage's
base rate answers, which the estimate shows by having no version.
"""

import logging
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.member import Member
from models.score import Estimate, ModelVersion, ModelVersions, Score
from models.timeline import DealHistory, StageFacts, Timelines
from models.workspace import Workspace
from scoring.artifact import FittedModel, ModelRefused, load
from scoring.dataset import all_moments, answers, past_of, weights
from scoring.estimator import StageRates
from scoring.explaining import Telling, contributions, reasons, stage_reason
from scoring.features import features_of

log = logging.getLogger(__name__)

RATES_AGE = timedelta(days=1)
"""Base rates are counted anew when they are older than this."""


class Scorer(Protocol):
    """Answers for the deals of one workspace; None for a deal that is closed at that moment."""

    def score(self, history: DealHistory, at: datetime) -> Estimate | None: ...

    def score_all(self, histories: Sequence[DealHistory], at: datetime) -> list[Estimate | None]:
        """In the order of the histories."""
        ...


@dataclass(frozen=True)
class ModelScorer:
    """Answers with a published model; `owners` are the names of members by id."""

    model: FittedModel
    version: int
    stages: Mapping[int, StageFacts]
    owners: Mapping[int, str]

    def score(self, history: DealHistory, at: datetime) -> Estimate | None:
        return self.score_all([history], at)[0]

    def score_all(self, histories: Sequence[DealHistory], at: datetime) -> list[Estimate | None]:
        estimates: list[Estimate | None] = [None] * len(histories)
        known = [history.as_of(at) for history in histories]
        places = [place for place, deal in enumerate(known) if self._stage(deal).is_open]
        if not places:
            return estimates
        rows = [features_of(known[place], at, self.stages) for place in places]
        encoding, regression = self.model.pipeline
        encoded = encoding.transform(rows)
        subjects, summands = contributions(self.model.pipeline, encoded)
        chances = _expit(summands.sum(axis=1) + float(regression.intercept_[0]))
        for number, place in enumerate(places):
            deal = known[place]
            telling = Telling(
                known=deal,
                row=rows[number],
                stage=self._stage(deal).name,
                owner=self.owners.get(deal.owner_id or 0, ""),
                usual=self.model.usual,
            )
            estimates[place] = Estimate(
                probability=float(chances[number]),
                horizon_days=self.model.horizon_days,
                version=self.version,
                learnt_from=self.model.learnt_from,
                reasons=reasons(telling, subjects, summands[number]),
            )
        return estimates

    def _stage(self, known: DealHistory) -> StageFacts:
        return self.stages[known.standing.stage_id]


@dataclass(frozen=True)
class BaseRates:
    """How often deals of a workspace move on from each stage, and on how many deals that was seen: in each stage, and
    altogether (`learnt_from`)."""

    rates: StageRates
    seen: Mapping[int, int]
    horizon_days: int
    learnt_from: int


@dataclass(frozen=True)
class BaseRateScorer:
    """Answers early, before a model is better: with the rate of the deal's stage."""

    base: BaseRates
    stages: Mapping[int, StageFacts]

    def score(self, history: DealHistory, at: datetime) -> Estimate | None:
        stage = self.stages[history.as_of(at).standing.stage_id]
        if not stage.is_open:
            return None
        rates = self.base.rates
        rate = rates.rates_.get(str(stage.id), rates.overall_)
        reason = stage_reason(
            stage.name,
            rate=rate,
            count=self.base.seen.get(stage.id, 0),
            weight=_logit(rate) - _logit(rates.overall_),
        )
        return Estimate(rate, self.base.horizon_days, None, self.base.learnt_from, (reason,))

    def score_all(self, histories: Sequence[DealHistory], at: datetime) -> list[Estimate | None]:
        return [self.score(history, at) for history in histories]


def base_rates_of(session: Session, workspace: Workspace, *, at: datetime) -> BaseRates:
    """Reads every deal of the workspace; see Scorers for keeping it."""
    past = past_of(session, workspace)
    moments = all_moments(past, end=at)
    rates = StageRates().fit(
        [{"stage": str(moment.stage_id)} for moment in moments], answers(moments), sample_weight=weights(moments)
    )
    seen = Counter(stage_id for _, stage_id in {(moment.deal_id, moment.stage_id) for moment in moments})
    return BaseRates(rates, seen, past.horizon_days, len({moment.deal_id for moment in moments}))


class Scorers:
    """The scorer that serves each workspace, kept between questions; one for the whole process, safe among threads.

    A model is kept as long as it serves, base rates for a day. Two threads that ask at once may count twice, which
    costs a moment and harms nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._models: dict[int, FittedModel | None] = {}
        self._rates: dict[str, tuple[datetime, BaseRates]] = {}

    def scorer_for(self, session: Session, workspace: Workspace, *, at: datetime) -> Scorer:
        stages = Timelines(session, workspace).stages()
        champion = ModelVersions(session, workspace).champion()
        model = self._model(champion) if champion else None
        if champion is not None and model is not None and model.horizon_days == workspace.horizon_days:
            return ModelScorer(model, champion.number, stages, _owners(session, workspace))
        return BaseRateScorer(self._base_rates(session, workspace, at), stages)

    def keep_warm(self, session: Session, workspace: Workspace, *, at: datetime) -> None:
        """Have the model, or base rates younger than half a day, at hand before somebody asks.

        To count base rates takes seconds where there are many deals, and Slack waits for three.
        """
        if isinstance(self.scorer_for(session, workspace, at=at), ModelScorer):
            return
        with self._lock:
            counted_at, _ = self._rates[workspace.id]
        if at - counted_at >= RATES_AGE / 2:
            self._count(session, workspace, at)

    def _model(self, version: ModelVersion) -> FittedModel | None:
        with self._lock:
            if version.id in self._models:
                return self._models[version.id]
        try:
            model = load(version.artifact, sha256=version.sha256)
        except ModelRefused as refused:
            log.error("model %s of workspace %s refused: %s", version.number, version.workspace_id, refused)
            model = None
        with self._lock:
            self._models[version.id] = model
        return model

    def _base_rates(self, session: Session, workspace: Workspace, at: datetime) -> BaseRates:
        with self._lock:
            counted_at, kept = self._rates.get(workspace.id, (at, None))
        if kept and kept.horizon_days == workspace.horizon_days and timedelta(0) <= at - counted_at < RATES_AGE:
            return kept
        return self._count(session, workspace, at)

    def _count(self, session: Session, workspace: Workspace, at: datetime) -> BaseRates:
        fresh = base_rates_of(session, workspace, at=at)
        with self._lock:
            self._rates[workspace.id] = (at, fresh)
        return fresh


def rescore(session: Session, workspace: Workspace, scorer: Scorer, *, at: datetime) -> int:
    """Append a score for every open deal, since time passing is itself news; how many there are."""
    histories = Timelines(session, workspace).open()
    scores = [
        {
            "workspace_id": workspace.id,
            "deal_id": history.deal_id,
            "at": at,
            "probability": estimate.probability,
            "horizon_days": estimate.horizon_days,
            "model_version": estimate.version,
            "reasons": {"reasons": [asdict(reason) for reason in estimate.reasons]},
        }
        for history, estimate in zip(histories, scorer.score_all(histories, at), strict=True)
        if estimate is not None
    ]
    if scores:
        session.execute(insert(Score), scores)
    return len(scores)


def _owners(session: Session, workspace: Workspace) -> dict[int, str]:
    members = select(Member.id, Member.name).where(Member.workspace_id == workspace.id)
    return dict(row.tuple() for row in session.execute(members))


def _expit(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-log_odds))
    return chances


def _logit(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))
