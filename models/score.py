"""What is said of a deal, and what was: how likely it is to move forward, and to be won, and why."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.deal import IS_OPEN, Deal
from models.model_version import ModelVersions, Question
from models.pipeline import Stage
from models.workspace import InWorkspace, Workspace


@dataclass(frozen=True)
class Reason:
    """Why a score is what it is: a key of the catalogue with its values, and its weight in log-odds (signed)."""

    key: str
    values: dict[str, Any]
    weight: float


@dataclass(frozen=True, slots=True)
class Prospect:
    """The chance (0 to 1) that deals are compared by: of being won in the end where that is known, else of moving
    forward."""

    chance: float
    is_of_winning: bool


@dataclass(frozen=True)
class Estimate:
    """A probability (0 to 1) of moving forward within `horizon_days`, and its reasons, strongest first.

    `version` names the model, None where base rates answered; `learnt_from` is the number of outcomes behind it.
    `won` is the probability of being won in the end.
    """

    probability: float
    horizon_days: int
    version: int | None
    learnt_from: int
    reasons: tuple[Reason, ...] = ()
    won: float | None = None

    @property
    def is_rate(self) -> bool:
        """Whether base rates answered, because there is no model that is better than they are."""
        return self.version is None

    @property
    def is_early(self) -> bool:
        """Whether they did so from few deals: of many, nothing that tells them apart has been found."""
        return self.is_rate and self.learnt_from < _MANY

    @property
    def prospect(self) -> Prospect:
        return _prospect(self.probability, self.won)


KEPT_FOR = timedelta(days=500)
_MANY = 200
"""From so many deals on a rate is sure to a few points."""
_LATELY = timedelta(days=2)


class Score(InWorkspace, Base):
    """An estimate that was made of a deal; kept, so that one can see how it went."""

    __tablename__ = "score"
    __table_args__ = (
        Index("ix_score_deal_id_at", "deal_id", "at"),
        Index("ix_score_workspace_id_at", "workspace_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    at: Mapped[datetime]
    probability: Mapped[float]
    won: Mapped[float | None]
    """The probability of being won in the end; None where only the other question was asked."""
    horizon_days: Mapped[int]
    model_version: Mapped[int | None]


class Scores:
    """What was said of one workspace's deals; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def keep(self, estimates: Mapping[int, Estimate], *, at: datetime) -> None:
        """Append what was said at a moment of the workspace's deals, given by their ids."""
        if estimates:
            self._session.execute(
                insert(Score),
                [
                    {
                        "workspace_id": self._workspace.id,
                        "deal_id": deal_id,
                        "at": at,
                        "probability": estimate.probability,
                        "won": estimate.won,
                        "horizon_days": estimate.horizon_days,
                        "model_version": estimate.version,
                    }
                    for deal_id, estimate in estimates.items()
                ],
            )

    def forget_old(self, at: datetime) -> None:
        """Delete what nobody asks for any more: nothing looks back further than a season and the longest horizon."""
        self._session.execute(delete(Score).where(Score.workspace_id == self._workspace.id, Score.at < at - KEPT_FOR))

    def prospects(self, *, since: datetime) -> dict[int, Prospect]:
        """What was last said of each open deal since a moment, by the deal's id.

        Nothing is found of a deal that has moved or been worked on after it was last scored.
        """
        newest_last = (
            select(Score.deal_id, Score.probability, Score.won)
            .join(Deal, Score.deal_id == Deal.id)
            .join(Stage, Deal.stage_id == Stage.id)
            .where(
                Score.workspace_id == self._workspace.id,
                Deal.workspace_id == self._workspace.id,
                IS_OPEN,
                Score.at >= since,
                Score.at >= Deal.entered_stage_at,
                Score.at >= func.coalesce(Deal.last_activity_at, Deal.entered_stage_at),
            )
            .order_by(Score.at, Score.id)
        )
        return {
            deal_id: _prospect(probability, won) for deal_id, probability, won in self._session.execute(newest_last)
        }

    def moved(
        self, *, owner_id: int | None = None, deal_id: int | None = None, since: datetime, at: datetime
    ) -> dict[int, float]:
        """By how much the chance of open deals, of one owner, one deal or all, is higher than it was at `since`, by
        their ids.

        Only of what one version of a model, or base rates, said about both, over one horizon.
        """
        whose = [Deal.owner_id == owner_id] if owner_id is not None else []
        whose += [Deal.id == deal_id] if deal_id is not None else []
        then, now = (self._said(whose, moment) for moment in (since, at))
        return {
            deal_id: now[deal_id][0].chance - prospect.chance
            for deal_id, (prospect, asked) in then.items()
            if deal_id in now and now[deal_id][1] == asked
        }

    def _said(
        self, whose: Sequence[ColumnElement[bool]], until: datetime
    ) -> dict[int, tuple[Prospect, tuple[Any, ...]]]:
        """What was last said of each of the open deals in the two days before a moment, and what was asked."""
        won_changed = ModelVersions(self._session, self._workspace).changed_at(Question.WON)
        newest_last = (
            select(Score.deal_id, Score.at, Score.probability, Score.won, Score.horizon_days, Score.model_version)
            .join(Deal, Score.deal_id == Deal.id)
            .join(Stage, Deal.stage_id == Stage.id)
            .where(
                Score.workspace_id == self._workspace.id,
                Deal.workspace_id == self._workspace.id,
                *whose,
                IS_OPEN,
                Score.at > until - _LATELY,
                Score.at <= until,
            )
            .order_by(Score.at, Score.id)
        )
        return {
            deal_id: (
                _prospect(probability, won),
                (horizon, version) if won is None else (bisect_right(won_changed, at),),
            )
            for deal_id, at, probability, won, horizon, version in self._session.execute(newest_last)
        }

    def of(self, deal_id: int, *, since: datetime) -> Sequence[Score]:
        """What was said of one deal since a moment, oldest first."""
        mine = select(Score).where(Score.workspace_id == self._workspace.id, Score.deal_id == deal_id)
        return self._session.scalars(mine.where(Score.at >= since).order_by(Score.at, Score.id)).all()


def _prospect(probability: float, won: float | None) -> Prospect:
    return Prospect(probability, is_of_winning=False) if won is None else Prospect(won, is_of_winning=True)
