"""What deals add to the figures of a stage, counted by month; kept by models/stage_counts."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enum_column
from models.workspace import InWorkspace


class Counted(StrEnum):
    """What is counted of a stage. A deal's reach is the latest stage that it was ever in; lost does not count, and a
    win that was reopened is none."""

    REACHED = "reached"
    """Deals with this reach, in the month in which they began."""
    DROPPED = "dropped"
    """The same, of those that are lost now."""
    STAYED = "stayed"
    """Stays in the stage of so many days, in the month in which they ended; none that ended the moment the deal
    began."""


class StageCount(InWorkspace, Base):
    """So many more, or fewer; what is true of a month is the sum of its rows. `days` are those of a stay, else 0."""

    __tablename__ = "stage_count"
    __table_args__ = (Index("ix_stage_count_pipeline_id_month", "pipeline_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipeline.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    month: Mapped[date]
    """Its first day; months begin by UTC, so that no change of the team's zone makes them others."""
    what: Mapped[Counted] = mapped_column(enum_column(Counted))
    days: Mapped[int]
    count: Mapped[int]
