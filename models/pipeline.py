"""A pipeline is the ordered list of stages that a team's deals go through."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, enum_column
from models.errors import PipelineInvalid, StageNotFound
from models.texts import NAME_LIMIT, matching, name_key
from models.workspace import InWorkspace


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    AFTER_SALES = "after_sales"
    LOST = "lost"


@dataclass(frozen=True)
class StagePlan:
    """A stage as it is written down before there is a pipeline."""

    name: str
    kind: StageKind = StageKind.OPEN
    goal: str = ""
    exit_criteria: str = ""
    stalled_after_days: int | None = None


class Stage(InWorkspace, Base):
    """One step of a pipeline. A deal waiting in it for `stalled_after_days` counts as stalled; None means never."""

    __tablename__ = "stage"
    __table_args__ = (UniqueConstraint("pipeline_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipeline.id"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    position: Mapped[int]
    kind: Mapped[StageKind] = mapped_column(enum_column(StageKind))
    goal: Mapped[str] = mapped_column(Text, default="")
    exit_criteria: Mapped[str] = mapped_column(Text, default="")
    stalled_after_days: Mapped[int | None]

    @property
    def is_open(self) -> bool:
        return self.kind is StageKind.OPEN


class Pipeline(InWorkspace, Base):
    """An ordered list of stages: open ones, then won, then after-sales, and lost at the end."""

    __tablename__ = "pipeline"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    is_default: Mapped[bool]
    stages: Mapped[list[Stage]] = relationship(order_by=Stage.position, lazy="selectin")

    def stage_named(self, text: str) -> Stage:
        """The stage that a name, its beginning or a small misspelling means. Raises StageNotFound."""
        found = matching(text, [stage.name for stage in self.stages])
        if len(found) != 1:
            raise StageNotFound(text, tuple(stage.name for stage in self.stages))
        return self.stages[found[0]]

    def stage_after(self, stage: Stage) -> Stage | None:
        """The next stage ahead; None at the end, and for lost, which leads nowhere."""
        if stage.kind is StageKind.LOST:
            return None
        ahead = [each for each in self.stages if each.position > stage.position]
        return next((each for each in ahead if each.kind is not StageKind.LOST), None)

    @property
    def first(self) -> Stage:
        return self.stages[0]

    @property
    def won(self) -> Stage:
        return next(stage for stage in self.stages if stage.kind is StageKind.WON)

    @property
    def lost(self) -> Stage:
        return next(stage for stage in self.stages if stage.kind is StageKind.LOST)

    @property
    def open_stages(self) -> list[Stage]:
        return [stage for stage in self.stages if stage.is_open]


STALLED_AFTER_DAYS = 14
"""When a deal counts as stalled in an open stage of which no more is known than its name."""


_KINDS = {
    **{str(kind): kind for kind in StageKind},
    "赢单": StageKind.WON,
    "售后": StageKind.AFTER_SALES,
    "丢单": StageKind.LOST,
}


def stages_from_text(text: str) -> tuple[StagePlan, ...]:
    """Reads "Lead,Demo,Offer,Signed:won,Dropped:lost"; a stage without a kind is open, and deals stall in it.

    Raises PipelineInvalid for an unknown kind.
    """
    plans = []
    for part in re.split("[,，、]", text):
        name, kind = [*re.split("[:：](?=[^:：]*$)", part, maxsplit=1), "open"][:2]
        known = _KINDS.get(kind.strip().lower().replace("-", "_").replace(" ", "_"))
        if known is None:
            raise PipelineInvalid("kind_unknown")
        stalled_after = STALLED_AFTER_DAYS if known is StageKind.OPEN else None
        plans.append(StagePlan(name.strip(), known, stalled_after_days=stalled_after))
    return tuple(plans)


def in_order(plans: Sequence[StagePlan]) -> list[StagePlan]:
    """Open stages, won, after-sales, lost; within a kind as they were given."""
    order = list(StageKind)
    arranged = sorted(plans, key=lambda plan: order.index(plan.kind))
    kinds = [plan.kind for plan in arranged]
    if StageKind.OPEN not in kinds:
        raise PipelineInvalid("no_open_stage")
    if kinds.count(StageKind.WON) != 1:
        raise PipelineInvalid("one_won_stage")
    if kinds.count(StageKind.LOST) > 1:
        raise PipelineInvalid("one_lost_stage")
    if StageKind.LOST not in kinds:
        arranged.append(StagePlan("Lost", StageKind.LOST))
    if len({name_key(plan.name) for plan in arranged}) != len(arranged):
        raise PipelineInvalid("stage_twice")
    return arranged
