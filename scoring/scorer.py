"""What the bot asks: how likely is this deal to move forward, and to be won, and why?

A published model answers for the horizon it was trained for; otherwise, and where its artifact is refused, the stage's
base rate answers, which the estimate shows by having no version.
"""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from models.history import StageChange
from models.member import Member
from models.model_version import ModelVersion, ModelVersions, Question, serving
from models.score import Estimate
from models.timeline import DealHistory, StageFacts
from models.timelines import Timelines
from models.workspace import Workspace
from scoring.answering import Answers, BaseRates, ModelAnswers
from scoring.artifact import FittedModel, ModelRefused, load
from scoring.features import features_of
from scoring.past import past_of
from scoring.telling import Telling
from scoring.usual import Usual

log = logging.getLogger(__name__)

COUNTS_AGE = timedelta(days=1)
"""What is usual, and base rates, are counted anew when they are older than this."""
_MANY_MORE, _MUCH_MORE = 20, 0.1
"""Or once so many moves were written down since, and such a share of all: a file was imported, or much happened."""


@dataclass(frozen=True)
class Scorer:
    """Answers for the deals of one workspace; None for a deal that is closed at that moment, or not there yet.

    `owners` are the names of members by id.
    """

    forward: Answers
    won: Answers
    stages: Mapping[int, StageFacts]
    owners: Mapping[int, str]
    usual: Usual

    def score(self, history: DealHistory, at: datetime) -> Estimate | None:
        return self.score_all([history], at)[0]

    def score_all(self, histories: Sequence[DealHistory], at: datetime) -> list[Estimate | None]:
        """In the order of the histories."""
        estimates: list[Estimate | None] = [None] * len(histories)
        deals = {place: deal for place, each in enumerate(histories) if (deal := self._telling(each, at)) is not None}
        if not deals:
            return estimates
        tellings = list(deals.values())
        chances, reasons = self.forward.explained(tellings)
        won = self.won.chances([deal.row for deal in tellings])
        for number, place in enumerate(deals):
            estimates[place] = Estimate(
                probability=float(chances[number]),
                horizon_days=self.forward.days,
                version=self.forward.version,
                learnt_from=self.forward.learnt_from,
                reasons=reasons[number],
                won=float(won[number]),
            )
        return estimates

    def _telling(self, history: DealHistory, at: datetime) -> Telling | None:
        """The deal as it was known at a moment, if it was there and open.

        One that is not there yet is no mistake: while deals are read to be scored as of a moment, others are added.
        """
        if history.created_at > at:
            return None
        known = history.as_of(at)
        stage = self.stages[known.standing.stage_id]
        if not stage.is_open:
            return None
        return Telling(
            known=known,
            at=at,
            row=features_of(known, at, self.stages, self.usual),
            stage=stage.name,
            owner=self.owners.get(known.owner_id or 0, ""),
            usual=self.usual,
        )


@dataclass(frozen=True)
class _Counted:
    """What is counted from all deals of a workspace."""

    at: datetime
    moves: int
    horizon_days: int
    usual: Usual
    rates: Mapping[Question, BaseRates]

    def is_of_today(self, at: datetime, moves: int) -> bool:
        """Whether it was counted on that day, and not much has been written down since."""
        more = abs(moves - self.moves)
        return self.at.date() == at.date() and more < max(_MANY_MORE, _MUCH_MORE * self.moves)


_AT_HAND = select(
    Workspace.id,
    Workspace.horizon_days,
    select(func.count()).where(StageChange.workspace_id == Workspace.id).scalar_subquery().label("moves"),
    *(serving(question).label(question) for question in Question),
).where(Workspace.id.in_(bindparam("team_ids", expanding=True)))
"""What each workspace's scorer follows from."""


class Scorers:
    """The scorer that serves each workspace, kept between questions; one for the whole process, safe among threads.

    A model is kept as long as it serves, what was counted for a day, or until much more has been written down. Two
    threads that ask at once may count twice, which costs a moment and harms nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._models: dict[tuple[str, Question], tuple[int, FittedModel | None]] = {}
        self._counted: dict[str, _Counted] = {}

    def scorer_for(self, session: Session, workspace: Workspace, *, at: datetime) -> Scorer:
        counted = self._counts(session, workspace, at)

        def answers(question: Question) -> Answers:
            champion = ModelVersions(session, workspace).champion(question)
            if champion is None:
                self._forget(workspace, question)
                return counted.rates[question]
            model = self._model(champion)
            is_ready = model is not None and champion.answers_for(workspace)
            return ModelAnswers(model, champion.number) if model and is_ready else counted.rates[question]

        return Scorer(
            forward=answers(Question.FORWARD),
            won=answers(Question.WON),
            stages=Timelines(session, workspace).stages(),
            owners=_owners(session, workspace),
            usual=counted.usual,
        )

    def keep_warm(self, session: Session, workspace: Workspace, *, at: datetime) -> None:
        """Have the models, and counts of today and of what is there by now, at hand before somebody asks.

        To count takes seconds where there are many deals, and Slack waits for three.
        """
        self.scorer_for(session, workspace, at=at)
        with self._lock:
            counted = self._counted[workspace.id]
        if not counted.is_of_today(at, Timelines(session, workspace).count_moves()):
            self._count(session, workspace, at)

    def cold(self, session: Session, team_ids: Sequence[str], *, at: datetime) -> list[str]:
        """The teams for which `keep_warm` would do something, of those that there are; one query for all."""
        found = session.execute(_AT_HAND, {"team_ids": team_ids}).all()
        with self._lock:
            counted = {team_id: self._counted.get(team_id) for team_id in team_ids}
            models = {(each, which): self._models.get((each, which)) for each in team_ids for which in Question}

        def is_warm(row: Row[Any]) -> bool:
            kept = counted[row.id]
            return (
                kept is not None
                and kept.horizon_days == row.horizon_days
                and kept.is_of_today(at, row.moves)
                and all((models[row.id, which] or (None, None))[0] == getattr(row, which) for which in Question)
            )

        return [row.id for row in found if not is_warm(row)]

    def refuses(self, version: ModelVersion) -> bool:
        """Whether the version cannot answer, because its artifact is not what was kept, or not to be trusted."""
        return self._model(version) is None

    def _model(self, version: ModelVersion) -> FittedModel | None:
        key = (version.workspace_id, version.question)
        with self._lock:
            number, kept = self._models.get(key, (None, None))
        if number == version.number:
            return kept
        try:
            model = load(version.artifact, sha256=version.sha256)
        except ModelRefused as refused:
            log.error("model %s of workspace %s refused: %s", version.number, version.workspace_id, refused)
            model = None
        with self._lock:
            self._models[key] = version.number, model
        return model

    def _forget(self, workspace: Workspace, question: Question) -> None:
        with self._lock:
            self._models.pop((workspace.id, question), None)

    def _counts(self, session: Session, workspace: Workspace, at: datetime) -> _Counted:
        with self._lock:
            kept = self._counted.get(workspace.id)
        if (
            kept is not None
            and kept.horizon_days == workspace.horizon_days
            and timedelta(0) <= at - kept.at < COUNTS_AGE
        ):
            return kept
        return self._count(session, workspace, at)

    def _count(self, session: Session, workspace: Workspace, at: datetime) -> _Counted:
        past = past_of(session, workspace, at=at)
        rates = {question: BaseRates.of(past, question, at=at) for question in Question}
        moves = Timelines(session, workspace).count_moves()
        counted = _Counted(at, moves, workspace.horizon_days, past.usual, rates)
        with self._lock:
            self._counted[workspace.id] = counted
        return counted


def estimates_of(histories: Sequence[DealHistory], scorer: Scorer, *, at: datetime) -> dict[int, Estimate]:
    """What the scorer says of the deals that are open, by their ids."""
    scored = zip(histories, scorer.score_all(histories, at), strict=True)
    return {history.deal_id: estimate for history, estimate in scored if estimate is not None}


def _owners(session: Session, workspace: Workspace) -> dict[int, str]:
    members = select(Member.id, Member.name).where(Member.workspace_id == workspace.id)
    return {row.id: row.name for row in session.execute(members)}
