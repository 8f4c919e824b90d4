"""What a model said of a deal: how likely it is to move forward, when it said so, which version, and why."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, enum_column
from models.workspace import InWorkspace, Workspace, one_at_a_time


@dataclass(frozen=True)
class Reason:
    """Why a score is what it is: a key of the catalogue with its values, and its weight in log-odds (signed)."""

    key: str
    values: dict[str, Any]
    weight: float


@dataclass(frozen=True)
class Estimate:
    """A probability (0 to 1) of moving forward within `horizon_days`, and its reasons, strongest first.

    `version` names the model, None where base rates answered; `learnt_from` is the number of outcomes behind it.
    """

    probability: float
    horizon_days: int
    version: int | None
    learnt_from: int
    reasons: tuple[Reason, ...] = ()

    @property
    def is_early(self) -> bool:
        """Whether base rates answered, because there is no model that is better than they are."""
        return self.version is None


class Score(InWorkspace, Base):
    """An estimate that was made of a deal; kept, so that one can see how it went."""

    __tablename__ = "score"
    __table_args__ = (Index("ix_score_deal_id_at", "deal_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    at: Mapped[datetime]
    probability: Mapped[float]
    horizon_days: Mapped[int]
    model_version: Mapped[int | None]
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)


def keep_scores(session: Session, workspace: Workspace, estimates: Mapping[int, Estimate], *, at: datetime) -> None:
    """Append what was said at a moment of the workspace's deals, given by their ids."""
    if estimates:
        session.execute(
            insert(Score),
            [
                {
                    "workspace_id": workspace.id,
                    "deal_id": deal_id,
                    "at": at,
                    "probability": estimate.probability,
                    "horizon_days": estimate.horizon_days,
                    "model_version": estimate.version,
                    "reasons": {"reasons": [asdict(reason) for reason in estimate.reasons]},
                }
                for deal_id, estimate in estimates.items()
            ],
        )


class ModelStatus(StrEnum):
    CHAMPION = "champion"
    REJECTED = "rejected"
    RETIRED = "retired"


class ModelVersion(InWorkspace, Base):
    """A model that was trained on a workspace's history. The artifact is a skops file; `sha256` is of its bytes."""

    __tablename__ = "model_version"
    __table_args__ = (UniqueConstraint("workspace_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    status: Mapped[ModelStatus] = mapped_column(enum_column(ModelStatus))
    trained_at: Mapped[datetime]
    trained_by: Mapped[str] = mapped_column(String(150))
    card: Mapped[dict[str, Any]]
    artifact: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))


class ModelVersions:
    """The models of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def champion(self) -> ModelVersion | None:
        """The version that answers now; None while base rates do."""
        return self._session.scalar(
            select(ModelVersion).where(
                ModelVersion.workspace_id == self._workspace.id,
                ModelVersion.status == ModelStatus.CHAMPION,
            )
        )

    def record(
        self,
        *,
        status: ModelStatus,
        card: dict[str, Any],
        artifact: bytes,
        sha256: str,
        trained_by: str,
        at: datetime,
    ) -> ModelVersion:
        """Keep a trained model under the next number; a new champion retires the one before."""
        one_at_a_time(self._session, self._workspace)
        before = self.champion()
        if status is ModelStatus.CHAMPION and before is not None:
            before.status = ModelStatus.RETIRED
        version = ModelVersion(
            workspace_id=self._workspace.id,
            number=self._latest_number() + 1,
            status=status,
            trained_at=at,
            trained_by=trained_by,
            card=card,
            artifact=artifact,
            sha256=sha256,
        )
        self._session.add(version)
        self._session.flush()
        return version

    def _latest_number(self) -> int:
        numbers = select(ModelVersion.number).where(ModelVersion.workspace_id == self._workspace.id)
        return self._session.scalar(numbers.order_by(ModelVersion.number.desc()).limit(1)) or 0
