"""Managers change the stages of a pipeline while deals are in them; no deal is lost, and no history is written anew."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.deal import Deal
from models.errors import PipelineInvalid
from models.pipeline import STALLED_AFTER_DAYS, Pipeline, Stage, StageKind, StagePlan
from models.stage_counts import StageCounts
from models.texts import NAME_LIMIT, clean, name_key
from models.workspace import Workspace


class Reshaping:
    """Changes to the stages of one pipeline. `Pipelines.reshaping` makes it, and lets nobody move a deal meanwhile.

    A stage that is retired stays in the database, and so do the moves that name it. From then on it is another name
    for the stage that took it over: deals, reports and scores read its past as that stage's. So a merge is no move of
    any deal, neither progress nor regress, and how long a deal has waited goes on. What we gave up is telling the two
    apart afterwards, and taking a merge back.
    """

    def __init__(self, session: Session, pipeline: Pipeline) -> None:
        self._session = session
        self.pipeline = pipeline

    def rename(self, stage: Stage, name: str) -> None:
        """Raises PipelineInvalid when another stage has that name."""
        stage.name = self._free_name(name, besides=stage)

    def insert(self, name: str, *, beside: Stage, at: datetime, before: bool = False) -> Stage:
        """A new stage behind another one, or before it; empty, so that what is done is still done.

        Behind won it is of after-sales. Raises PipelineInvalid beside lost, and for a name that is taken.
        """
        fresh = self._free_name(name)
        if beside.kind is StageKind.LOST:
            raise PipelineInvalid("lost_is_last")
        is_open = beside.is_open or (before and beside.kind is StageKind.WON)
        stages = self.pipeline.stages
        kind = StageKind.OPEN if is_open else StageKind.AFTER_SALES
        plan = StagePlan(fresh, kind, stalled_after_days=STALLED_AFTER_DAYS if is_open else None)
        stage = Stage.planned(plan, len(stages), workspace_id=self.pipeline.workspace_id)
        stage.inserted_at = at
        self.pipeline.every_stage.append(stage)
        self._session.flush()
        place = stages.index(beside) + (not before)
        self._number([*stages[:place], stage, *stages[place:]])
        return stage

    def retire(self, stage: Stage, *, into: Stage, at: datetime) -> int:
        """Another stage takes over the deals, the past and the playbook of this one; how many deals that were.

        Raises PipelineInvalid where that would leave no pipeline, or close open deals.
        """
        if stage is into:
            raise PipelineInvalid("stage_into_itself")
        if stage.kind in (StageKind.WON, StageKind.LOST):
            raise PipelineInvalid("ends_stay")
        if stage.is_open and len(self.pipeline.open_stages) == 1:
            raise PipelineInvalid("no_open_stage")
        if not can_take_over(into, stage):
            raise PipelineInvalid("other_kind")
        into.take_over(stage.tasks, stage.templates)
        inserted = [each.inserted_at for each in (stage, into) if each.inserted_at]
        into.inserted_at = min(inserted) if len(inserted) == 2 else None
        into_id, stage_id = into.id, stage.id
        stays = [each for each in self.pipeline.stages if each is not stage]
        stage.retired_into_id = into_id
        self._number(stays)
        self._session.execute(
            update(Stage).where(Stage.retired_into_id == stage_id).values(retired_into_id=into_id),
            execution_options={"synchronize_session": False},
        )
        moved = self._session.connection().execute(
            update(Deal)
            .where(Deal.workspace_id == self.pipeline.workspace_id, Deal.stage_id == stage_id)
            .values(stage_id=into_id, version=Deal.version + 1)
        )
        self._session.expire_all()  # what was read before is no longer so
        workspace = self._session.get_one(Workspace, self.pipeline.workspace_id)
        StageCounts(self._session, workspace).count_anew(self.pipeline, at=at)
        return moved.rowcount

    def _free_name(self, name: str, *, besides: Stage | None = None) -> str:
        kept = clean(name, field="stage", limit=NAME_LIMIT)
        if any(name_key(each.name) == name_key(kept) for each in self.pipeline.stages if each is not besides):
            raise PipelineInvalid("stage_twice")
        return kept

    def _number(self, stages: Sequence[Stage]) -> None:
        """Positions from 0; a retired stage has one below, as no two may share theirs at any moment."""
        for each in self.pipeline.every_stage:
            each.position = -each.id
        self._session.flush()
        for position, each in enumerate(stages):
            each.position = position
        self._session.flush()


def can_take_over(into: Stage, stage: Stage) -> bool:
    """Whether deals stay as open or as closed as they were: of one kind, or after-sales into won. The ends stay."""
    if stage.kind in (StageKind.WON, StageKind.LOST):
        return False
    return into.kind is stage.kind or (not stage.is_open and into.kind is StageKind.WON)
