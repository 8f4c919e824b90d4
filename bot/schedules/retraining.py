"""Each night what serving models said is held against what happened, and where it is time, models are trained anew."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.schedules.chore import Think, Write
from models.deals import Deals
from models.model_card import Watch
from models.model_version import ModelVersions, Question
from models.workspace import Workspace
from scoring import recording, training, watching
from scoring.past import past_of
from scoring.retraining import Cause, cause_to_train
from scoring.scorer import Scorers


def retrain(session: Session, workspace: Workspace, _scorers: Scorers, now: datetime) -> Think:
    """Most nights there is only something to watch, and while no model serves, nothing at all."""
    cause = _cause(session, workspace, now)
    is_served = any(ModelVersions(session, workspace).champion(question) for question in Question)
    if cause is None and not is_served:
        return _nothing
    past = past_of(session, workspace, at=now)
    spoken = watching.spoken(session, workspace, past, at=now)
    incumbents = recording.incumbents_of(session, workspace) if cause else {}

    def think() -> Write:
        seen = {each.question: (each.number, watching.watch(each, past, at=now)) for each in spoken}
        trained = training.train(past, at=now, incumbents=incumbents) if cause else {}

        def write(session: Session, workspace: Workspace) -> None:
            _note(session, workspace, seen)
            for each in trained.values():
                recording.record(session, workspace, each, trained_by=str(cause), at=now)

        return write

    return think


def _cause(session: Session, workspace: Workspace, now: datetime) -> Cause | None:
    versions, deals = ModelVersions(session, workspace), Deals(session, workspace)
    latest = versions.latest()
    if latest is None:
        return cause_to_train(at=now, trained_at=None, learnt_from=0, closed_since=deals.count_closed())
    known = latest.told.closed
    return cause_to_train(
        at=now,
        trained_at=latest.trained_at,
        learnt_from=latest.told.outcomes,
        closed_since=deals.count_closed(since=latest.trained_at) if known is None else deals.count_closed() - known,
        is_for_horizon=all(each.answers_for(workspace) for each in versions.all(Question.FORWARD)[:1]),
    )


def _note(session: Session, workspace: Workspace, seen: Mapping[Question, tuple[int, Watch]]) -> None:
    """Unless another model has come into office meanwhile."""
    for question, (number, watch) in seen.items():
        champion = ModelVersions(session, workspace).champion(question)
        if champion is not None and champion.number == number:
            champion.take_note(watch)


def _nothing() -> Write:
    return lambda _session, _workspace: None
