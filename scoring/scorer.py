"""What the bot asks: how likely is this deal to move forward, and why?

A published model answers for the horizon it was trained for; otherwise, and where its artifact is refused, the stage's
base rate answers, which the estimate shows by having no version.
"""

import logging
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.member import Member
from models.model_version import ModelVersion, ModelVersions, Question
from models.score import Estimate
from models.timeline import DealHistory, StageFacts, Timelines
from models.workspace import Workspace
from scoring.artifact import FittedModel, ModelRefused, load
from scoring.dataset import all_moments, answers, past_of, weights
from scoring.estimator import StageRates
from scoring.explaining import Telling, contributions, reasons, stage_reason
from scoring.features import features_of
from scoring.usual import Usual

log = logging.getLogger(__name__)

RATES_AGE = timedelta(days=1)
"""Base rates are counted anew when they are older than this."""


class Scorer(Protocol):
    """Answers for the deals of one workspace; None for a deal that is closed at that moment, or not there yet."""

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
    usual: Usual

    def score(self, history: DealHistory, at: datetime) -> Estimate | None:
        return self.score_all([history], at)[0]

    def score_all(self, histories: Sequence[DealHistory], at: datetime) -> list[Estimate | None]:
        estimates: list[Estimate | None] = [None] * len(histories)
        known = {
            place: deal
            for place, history in enumerate(histories)
            if (deal := _known_open(history, at, self.stages)) is not None
        }
        if not known:
            return estimates
        rows = [features_of(deal, at, self.stages, self.usual) for deal in known.values()]
        encoding, regression = self.model.pipeline
        encoded = encoding.transform(rows)
        subjects, summands = contributions(self.model.pipeline, encoded)
        chances = _expit(summands.sum(axis=1) + float(regression.intercept_[0]))
        for number, (place, deal) in enumerate(known.items()):
            telling = Telling(
                known=deal,
                row=rows[number],
                stage=self.stages[deal.standing.stage_id].name,
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
        known = _known_open(history, at, self.stages)
        if known is None:
            return None
        stage = self.stages[known.standing.stage_id]
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
    moments = all_moments(past, end=past.known_until(at))
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
        champion = ModelVersions(session, workspace).champion(Question.FORWARD)
        model = self._model(champion) if champion else None
        if champion is not None and model is not None and model.horizon_days == workspace.horizon_days:
            return ModelScorer(
                model, champion.number, stages, _owners(session, workspace), past_of(session, workspace).usual
            )
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


def estimates_of(histories: Sequence[DealHistory], scorer: Scorer, *, at: datetime) -> dict[int, Estimate]:
    """What the scorer says of the deals that are open, by their ids."""
    scored = zip(histories, scorer.score_all(histories, at), strict=True)
    return {history.deal_id: estimate for history, estimate in scored if estimate is not None}


def _known_open(history: DealHistory, at: datetime, stages: Mapping[int, StageFacts]) -> DealHistory | None:
    """The deal as it was known at a moment, if it was there and open.

    One that is not there yet is no mistake: while deals are read to be scored as of a moment, others are added.
    """
    if history.created_at > at:
        return None
    known = history.as_of(at)
    return known if stages[known.standing.stage_id].is_open else None


def _owners(session: Session, workspace: Workspace) -> dict[int, str]:
    members = select(Member.id, Member.name).where(Member.workspace_id == workspace.id)
    return dict(row.tuple() for row in session.execute(members))


def _expit(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-log_odds))
    return chances


def _logit(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))
