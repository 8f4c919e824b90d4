"""What a model said of deals whose outcomes are known by now: once a week of each, so that long ones do not outvote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Label, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.deal import Deal
from models.model_version import ModelVersion
from models.score import Score
from models.workspace import Workspace

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Said:
    """A chance (0 to 1) that was given to a deal at a moment."""

    deal_id: int
    at: datetime
    chance: float


class Sayings:
    """What was said of one workspace's deals, a score a deal and week; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def of_moving_forward(self, version: ModelVersion, *, since: datetime, until: datetime) -> list[Said]:
        """What a version said from `since` up to `until`."""
        return self._once_a_week(
            Score.probability,
            Score.model_version == version.number,
            since=since,
            until=until,
        )

    def of_winning(self, *, since: datetime, until: datetime) -> list[Said]:
        """What was said from `since` up to `until`, by whichever version: which one is not kept."""
        return self._once_a_week(Score.won, Score.won.is_not(None), since=since, until=until)

    def _once_a_week(
        self,
        chance: InstrumentedAttribute[float] | InstrumentedAttribute[float | None],
        *conditions: ColumnElement[bool],
        since: datetime,
        until: datetime,
    ) -> list[Said]:
        first_of_week = (
            select(func.min(Score.id))
            .join(Deal, Score.deal_id == Deal.id)
            .where(Score.workspace_id == self._workspace.id, Deal.workspace_id == self._workspace.id)
            .where(Score.at >= since, Score.at <= until, *conditions)
            .group_by(Score.deal_id, _week(since, until))
        )
        rows = self._session.execute(
            select(Score.deal_id, Score.at, chance).where(Score.id.in_(first_of_week)).order_by(Score.id)
        )
        return [Said(deal_id, at, said) for deal_id, at, said in rows if said is not None]


def _week(since: datetime, until: datetime) -> Label[int]:
    """Which week after `since` a score is of; spelt out, since databases count weeks each in their own way."""
    ends: Sequence[datetime] = [since + _WEEK * number for number in range(1, (until - since) // _WEEK + 1)]
    whens = [(Score.at < end, literal(number)) for number, end in enumerate(ends)]
    return (case(*whens, else_=len(ends)) if whens else literal(0)).label("week")
