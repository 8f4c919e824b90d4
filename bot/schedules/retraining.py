"""Each night what serving models said is held against what happened, and where it is time, models are trained anew."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.schedules.chore import Think, Write
from models.deals import Deals
from models.model_card import Watch
from models.model_version import ModelVersions, Question
from models.workspace import Workspace
from scoring import training, watching
from scoring.dataset import past_of
from scoring.retraining import Cause, cause_to_train
from scoring.scorer import Scorers


def retrain(session: Session, workspace: Workspace, _scorers: Scorers, now: datetime) -> Think:
    """Most nights there is only something to watch, and while no model serves, nothing at all."""
    cause = _cause(session, workspace, now)
    is_served = any(ModelVersions(session, workspace).champion(question) for question in Question)
    if cause is None and not is_served:
        return _nothing
    past = past_of(session, workspace)
    spoken = watching.spoken(session, workspace, past, at=now)
    serving = training.serving_of(session, workspace) if cause else {}

    def think() -> Write:
        seen = {each.question: (each.number, watching.watch(each, past, at=now)) for each in spoken}
        trained = training.train(past, at=now, serving=serving) if cause else {}

        def write(session: Session, workspace: Workspace) -> None:
            _note(session, workspace, seen)
            for each in trained.values():
                training.record(session, workspace, each, trained_by=str(cause), at=now)

        return write

    return think


def _cause(session: Session, workspace: Workspace, now: datetime) -> Cause | None:
    latest = ModelVersions(session, workspace).latest()
    trained_at = latest.trained_at if latest else None
    return cause_to_train(
        at=now,
        trained_at=trained_at,
        learnt_from=latest.told.outcomes if latest else 0,
        closed_since=Deals(session, workspace).count_closed(since=trained_at),
    )


def _note(session: Session, workspace: Workspace, seen: Mapping[Question, tuple[int, Watch]]) -> None:
    """Unless another model has come into office meanwhile."""
    for question, (number, watch) in seen.items():
        champion = ModelVersions(session, workspace).champion(question)
        if champion is not None and champion.number == number:
            champion.take_note(watch)


def _nothing() -> Write:
    return lambda _session, _workspace: None
