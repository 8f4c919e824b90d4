"""What was forecast in the night, for posts that tell of it in short: of very many deals a forecast takes long."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.deal import Deal
from models.forecast import Glance
from models.period import Period
from models.schedule import Topic
from models.workspace import InWorkspace, Workspace

KEPT_FROM = 10_000
"""Deals of a pipeline; of fewer a forecast takes a second."""
LASTS = timedelta(hours=36)
"""So long that a night may be missed."""
_GLANCES = TypeAdapter(Glance)


class KeptForecast(InWorkspace, Base):
    """Of the deals of a topic, whose pipeline is always named, as it was known at a moment."""

    __tablename__ = "kept_forecast"

    id: Mapped[int] = mapped_column(primary_key=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipeline.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    with_team: Mapped[bool]
    at: Mapped[datetime]
    told: Mapped[dict[str, Any]]

    @property
    def glance(self) -> Glance:
        return _GLANCES.validate_python(self.told)


class KeptForecasts:
    """Those of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def are_for(self, pipeline_id: int) -> bool:
        """Whether it has so many deals that forecasts of it are kept."""
        deals = select(Deal.id).where(Deal.workspace_id == self._workspace.id, Deal.pipeline_id == pipeline_id)
        return self._session.scalar(deals.offset(KEPT_FROM).limit(1)) is not None

    def keep(self, glances: Mapping[Topic, Glance], *, at: datetime) -> None:
        """In the place of all that were kept before."""
        self._session.execute(delete(KeptForecast).where(KeptForecast.workspace_id == self._workspace.id))
        self._session.add_all(
            KeptForecast(
                workspace_id=self._workspace.id,
                pipeline_id=topic.pipeline_id,
                owner_id=topic.owner_id,
                with_team=topic.with_team,
                at=at,
                told=_GLANCES.dump_python(glance, mode="json"),
            )
            for topic, glance in glances.items()
        )

    def of(self, topic: Topic, period: Period, *, at: datetime) -> KeptForecast | None:
        """The one of a period that is not too old at a moment, and in the workspace's currency."""
        kept = self._session.scalar(
            select(KeptForecast)
            .where(KeptForecast.workspace_id == self._workspace.id, KeptForecast.pipeline_id == topic.pipeline_id)
            .where(KeptForecast.owner_id.is_not_distinct_from(topic.owner_id))
            .where(KeptForecast.with_team == topic.with_team, KeptForecast.at > at - LASTS, KeptForecast.at <= at)
        )
        if kept is None or (kept.glance.period, kept.glance.currency) != (period, self._workspace.currency):
            return None
        return kept
