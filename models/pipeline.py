"""A pipeline is the ordered list of stages that a team's deals go through."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.base import Base, enum_column
from models.errors import PipelineInvalid, PipelineNotFound, StageNotFound
from models.texts import NAME_LIMIT, clean, matching, name_key
from models.workspace import InWorkspace, Workspace, one_at_a_time


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


B2B = (
    StagePlan("Lead identified", goal="Know who might need us", stalled_after_days=14),
    StagePlan("First contact", goal="Speak with somebody there", stalled_after_days=10),
    StagePlan(
        "Qualified",
        goal="Agree that there is a need, a budget and a date",
        exit_criteria="Need, budget, decision maker and date are known",
        stalled_after_days=14,
    ),
    StagePlan("Proposal", goal="Put an offer on the table", stalled_after_days=10),
    StagePlan("Negotiation", goal="Agree on terms", stalled_after_days=10),
    StagePlan("Won", StageKind.WON, goal="Signed"),
    StagePlan("After-sales", StageKind.AFTER_SALES, goal="A customer who buys again"),
    StagePlan("Lost", StageKind.LOST),
)
"""The seven stages that a new team begins with, and lost."""


STALLED_AFTER_DAYS = 14
"""When a deal counts as stalled in an open stage of which no more is known than its name."""


def stages_from_text(text: str) -> tuple[StagePlan, ...]:
    """Reads "Lead,Demo,Offer,Signed:won,Dropped:lost"; a stage without a kind is open, and deals stall in it.

    Raises PipelineInvalid for an unknown kind.
    """
    plans = []
    for part in text.split(","):
        name, _, kind = part.rpartition(":") if ":" in part else (part, "", "open")
        try:
            known = StageKind(kind.strip().lower().replace("-", "_"))
        except ValueError:
            raise PipelineInvalid("kind_unknown") from None
        stalled_after = STALLED_AFTER_DAYS if known is StageKind.OPEN else None
        plans.append(StagePlan(name.strip(), known, stalled_after_days=stalled_after))
    return tuple(plans)


class Pipelines:
    """The pipelines of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def all(self) -> Sequence[Pipeline]:
        """The default one first."""
        mine = select(Pipeline).where(Pipeline.workspace_id == self._workspace.id)
        return self._session.scalars(mine.order_by(Pipeline.is_default.desc(), Pipeline.id)).all()

    def default(self) -> Pipeline:
        """The pipeline that new deals go to; the seven stages, made when there is none yet."""
        pipelines = self.all()
        if not pipelines:
            one_at_a_time(self._session, self._workspace)
            pipelines = self.all()
        return pipelines[0] if pipelines else self.add("Sales", B2B)

    def named(self, name: str) -> Pipeline:
        """Raises PipelineNotFound."""
        pipelines = self.all()
        found = matching(name, [pipeline.name for pipeline in pipelines])
        if len(found) != 1:
            raise PipelineNotFound(name, tuple(pipeline.name for pipeline in pipelines))
        return pipelines[found[0]]

    def add(self, name: str, plans: Sequence[StagePlan]) -> Pipeline:
        """A new pipeline; the workspace's first one is its default. One without a lost stage is given one.

        Raises PipelineInvalid when the plans do not make a pipeline, or the name is taken.
        """
        kept = clean(name, field="pipeline", limit=NAME_LIMIT)
        one_at_a_time(self._session, self._workspace)
        others = self.all()
        if any(name_key(other.name) == name_key(kept) for other in others):
            raise PipelineInvalid("name_taken")
        pipeline = Pipeline(
            workspace_id=self._workspace.id,
            name=kept,
            is_default=not others,
            stages=[
                Stage(
                    workspace_id=self._workspace.id,
                    name=clean(plan.name, field="stage", limit=NAME_LIMIT),
                    position=position,
                    kind=plan.kind,
                    goal=plan.goal,
                    exit_criteria=plan.exit_criteria,
                    stalled_after_days=plan.stalled_after_days,
                )
                for position, plan in enumerate(in_order(plans))
            ],
        )
        self._session.add(pipeline)
        self._session.flush()
        return pipeline


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
