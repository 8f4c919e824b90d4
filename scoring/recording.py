"""Keeps what was trained in the registry, and tells who serves there to be compared with."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from models.members import Members
from models.model_version import ModelStatus, ModelVersions, Question, Withdrawal
from models.workspace import Workspace
from scoring.artifact import ModelRefused, dump, fingerprint, load
from scoring.training import Incumbent, Training, TrainingReport, Verdict


def incumbents_of(session: Session, workspace: Workspace) -> dict[Question, Incumbent]:
    """Who serves now, to be compared with."""
    versions = ModelVersions(session, workspace)
    return {question: _incumbent(versions, question) for question in Question}


def _incumbent(versions: ModelVersions, question: Question) -> Incumbent:
    champion, taken_back = versions.champion(question), versions.rolled_back(question)
    taken_back_at = taken_back.withdrawn_at if taken_back else None
    if champion is None:
        return Incumbent(taken_back_at=taken_back_at)
    try:
        model = load(champion.artifact, sha256=champion.sha256)
    except ModelRefused:  # nor does it answer anybody
        model = None
    return Incumbent(champion.number, model, taken_back_at)


@dataclass(frozen=True)
class Outcome:
    """What became of a training: the report as it stands in the registry, and the version's number, None where there
    was no model to keep."""

    report: TrainingReport
    number: int | None


def record(session: Session, workspace: Workspace, training: Training, *, trained_by: str, at: datetime) -> Outcome:
    """Keep what was trained, a model that was not better too.

    Whoever it was compared with may have left office meanwhile: then neither that one nor another steps down for it.
    """
    versions, report = ModelVersions(session, workspace), training.report
    if training.model is None:
        return Outcome(report, None)
    if not versions.is_served_by(report.question, report.compared_with):
        verdict = Verdict.OVERTAKEN if report.verdict is Verdict.PUBLISHED else report.verdict
        report = replace(report, verdict=verdict, steps_down=False)
    champion = versions.champion(report.question)
    if champion is not None and report.steps_down:
        champion.withdraw(Withdrawal.WORSE, at=at)
    artifact, is_published = dump(training.model), report.verdict is Verdict.PUBLISHED
    version = versions.record(
        question=report.question,
        status=ModelStatus.CHAMPION if is_published else ModelStatus.CHALLENGER,
        card=report.card,
        artifact=artifact,
        sha256=fingerprint(artifact),
        trained_by=trained_by,
        at=at,
    )
    if is_published:
        Members(session, workspace).outdate_homes()
    return Outcome(report, version.number)
