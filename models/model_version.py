"""Which models a team's scores came from: every one that was trained, which one serves, and which served before it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from sqlalchemy import LargeBinary, ScalarSelect, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, enum_column
from models.errors import NoModelServes
from models.model_card import Card, Watch, card_from, watch_as_json, watch_from
from models.workspace import InWorkspace, Workspace, one_at_a_time


class Question(StrEnum):
    """What a model answers of an open deal: whether it moves forward within the workspace's horizon, or is won in the
    end. Each has a model of its own."""

    FORWARD = "forward"
    WON = "won"


class ModelStatus(StrEnum):
    """The champion serves. The challenger is the newest one that was not better than what served. Of each question
    there is at most one of either; all others are retired."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"
    RETIRED = "retired"


class Withdrawal(StrEnum):
    """Why a model was taken out of office other than by a better one: a person went back to the one before it, or it
    said worse than base rates would have."""

    ROLLED_BACK = "rolled_back"
    WORSE = "worse"


class ModelVersion(InWorkspace, Base):
    """A model that was trained on a workspace's history. The artifact is a skops file; `sha256` is of its bytes."""

    __tablename__ = "model_version"
    __table_args__ = (UniqueConstraint("workspace_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    question: Mapped[Question] = mapped_column(enum_column(Question))
    status: Mapped[ModelStatus] = mapped_column(enum_column(ModelStatus))
    trained_at: Mapped[datetime]
    trained_by: Mapped[str] = mapped_column(String(150))
    """A person's name, or what trained it by itself."""
    served_from: Mapped[datetime | None]
    """Since when it has been the champion, the last time that it was; None for one that never was."""
    card: Mapped[dict[str, Any]]
    artifact: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    watch: Mapped[dict[str, Any] | None]
    """How it has done since it serves, as of the last night."""
    went_bad_at: Mapped[datetime | None]
    """When it was first found to have gone bad; stays, so that nobody is told twice of one version."""
    withdrawn_at: Mapped[datetime | None]
    withdrawal: Mapped[Withdrawal | None] = mapped_column(enum_column(Withdrawal))
    """Both None for one that left office for a better one only, or never: another one never comes back."""

    @property
    def told(self) -> Card:
        """The card, as a value."""
        return card_from(self.card)

    @property
    def watched(self) -> Watch | None:
        """How it has done since it serves; None while nobody knows, also after it was taken back into office."""
        watch = watch_from(self.watch) if self.watch else None
        return watch if watch and self.served_from and watch.at >= self.served_from else None

    def withdraw(self, why: Withdrawal, *, at: datetime) -> None:
        """Out of office, for good."""
        self.status, self.withdrawal, self.withdrawn_at = ModelStatus.RETIRED, why, at

    def may_come_back(self, workspace: Workspace) -> bool:
        """Whether it served, left office for a better one only, and answers what the workspace asks now."""
        is_clean = self.withdrawn_at is None and self.went_bad_at is None
        return self.served_from is not None and is_clean and self.answers_for(workspace)

    def answers_for(self, workspace: Workspace) -> bool:
        """Whether it was learnt for the horizon that the workspace has now."""
        return self.question is not Question.FORWARD or self.told.horizon_days == workspace.horizon_days

    def take_note(self, watch: Watch) -> None:
        self.watch = watch_as_json(watch)
        if watch.is_bad and self.went_bad_at is None:
            self.went_bad_at = watch.at


def serving(question: Question) -> ScalarSelect[int]:
    """Of the workspace that a query is about, the number of the version that answers now; none while base rates do."""
    return (
        select(ModelVersion.number)
        .where(
            ModelVersion.workspace_id == Workspace.id,
            ModelVersion.question == question,
            ModelVersion.status == ModelStatus.CHAMPION,
        )
        .scalar_subquery()
    )


class ModelVersions:
    """The models of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def champion(self, question: Question) -> ModelVersion | None:
        """The version that answers now; None while base rates do."""
        return self._session.scalar(self._of(question, ModelStatus.CHAMPION))

    def challenger(self, question: Question) -> ModelVersion | None:
        return self._session.scalar(self._of(question, ModelStatus.CHALLENGER))

    def all(self, question: Question) -> Sequence[ModelVersion]:
        """The newest first."""
        return self._session.scalars(self._of(question).order_by(ModelVersion.number.desc())).all()

    def latest(self) -> ModelVersion | None:
        """The one that was trained last, whatever its question."""
        return self._session.scalar(self._mine().order_by(ModelVersion.number.desc()).limit(1))

    def changed_at(self, question: Question) -> list[datetime]:
        """When somebody else answered from then on: a model came into office, or left it."""
        versions = self.all(question)
        moments = [moment for each in versions for moment in (each.served_from, each.withdrawn_at) if moment]
        return sorted(moments)

    def record(
        self,
        *,
        question: Question,
        status: ModelStatus,
        card: dict[str, Any],
        artifact: bytes,
        sha256: str,
        trained_by: str,
        at: datetime,
    ) -> ModelVersion:
        """Keep a trained model under the next number. A new champion retires the champion and the challenger before
        it, a new challenger the challenger."""
        one_at_a_time(self._session, self._workspace)
        before = [self.challenger(question), self.champion(question) if status is ModelStatus.CHAMPION else None]
        for version in before:
            if version is not None:
                version.status = ModelStatus.RETIRED
        latest = self.latest()
        version = ModelVersion(
            workspace_id=self._workspace.id,
            number=latest.number + 1 if latest else 1,
            question=question,
            status=status,
            trained_at=at,
            trained_by=trained_by,
            served_from=at if status is ModelStatus.CHAMPION else None,
            card=card,
            artifact=artifact,
            sha256=sha256,
        )
        self._session.add(version)
        self._session.flush()
        return version

    def is_served_by(self, question: Question, number: int | None) -> bool:
        """Whether that version, or with None no version, still serves; it stays so until the transaction ends."""
        one_at_a_time(self._session, self._workspace)
        champion = self.champion(question)
        return (champion.number if champion else None) == number

    def rolled_back(self, question: Question) -> ModelVersion | None:
        """The version that a person went back from last, as long as none that was trained later has served."""
        versions = self.all(question)
        taken_back = [each for each in versions if each.withdrawal is Withdrawal.ROLLED_BACK]
        last = max(taken_back, key=attrgetter("withdrawn_at"), default=None)
        if last is None or last.withdrawn_at is None:
            return None
        has_successor = any(each.served_from and each.trained_at > last.withdrawn_at for each in versions)
        return None if has_successor else last

    def roll_back(self, question: Question, *, at: datetime) -> ModelVersion | None:
        """The champion steps down for good for the one that served last before it, which is returned; None where there
        is none that may come back, and base rates answer. Raises NoModelServes where they do already.
        """
        one_at_a_time(self._session, self._workspace)
        champion = self.champion(question)
        if champion is None:
            raise NoModelServes
        champion.withdraw(Withdrawal.ROLLED_BACK, at=at)
        earlier = [each for each in self.all(question) if each.may_come_back(self._workspace)]
        successor = max(earlier, key=attrgetter("served_from", "number"), default=None)
        if successor is not None:
            successor.status, successor.served_from = ModelStatus.CHAMPION, at
        self._session.flush()
        return successor

    def _mine(self) -> Select[ModelVersion]:
        return select(ModelVersion).where(ModelVersion.workspace_id == self._workspace.id)

    def _of(self, question: Question, status: ModelStatus | None = None) -> Select[ModelVersion]:
        asked = self._mine().where(ModelVersion.question == question)
        return asked if status is None else asked.where(ModelVersion.status == status)
