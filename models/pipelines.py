"""The pipelines of one workspace: the default one, the ones beside it, and new ones."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.errors import PipelineInvalid, PipelineNotFound, StageRetired
from models.pipeline import Pipeline, Stage, StagePlan, Trade, in_order
from models.reshaping import Reshaping
from models.stalling import UsualWaits
from models.templates import first_pipeline
from models.texts import NAME_LIMIT, clean, matching, name_key
from models.workspace import Workspace, one_at_a_time


class Pipelines:
    """The pipelines of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def all(self) -> Sequence[Pipeline]:
        """The default one first."""
        return self._session.scalars(self._mine().order_by(Pipeline.is_default.desc(), Pipeline.id)).all()

    def names_to_tell(self) -> dict[int, str]:
        """By their ids; none where there is only one, as nobody has to tell it apart."""
        pipelines = self.all()
        return {each.id: each.name for each in pipelines} if len(pipelines) > 1 else {}

    def default(self) -> Pipeline:
        """The pipeline that new deals go to; the seven stages, made when there is none yet."""
        pipelines = self.all()
        if not pipelines:
            one_at_a_time(self._session, self._workspace)
            pipelines = self.all()
        return pipelines[0] if pipelines else self.add(*first_pipeline(self._workspace.locale))

    def named(self, name: str) -> Pipeline:
        """Raises PipelineNotFound."""
        pipelines = self.all()
        found = matching(name, [pipeline.name for pipeline in pipelines])
        if len(found) != 1:
            raise PipelineNotFound(name, tuple(pipeline.name for pipeline in pipelines))
        return pipelines[found[0]]

    def make_default(self, pipeline: Pipeline) -> None:
        """From now on new deals go to it."""
        for each in self._session.scalars(self._mine().order_by(Pipeline.id).with_for_update(key_share=True)):
            each.is_default = each is pipeline

    def reshaping(self, pipeline: Pipeline) -> Reshaping:
        """For changing its stages; until the transaction ends nobody else moves a deal or changes them."""
        held = self._mine().where(Pipeline.id == pipeline.id).with_for_update(key_share=True)
        fresh = self._session.scalars(held.execution_options(populate_existing=True)).one()
        return Reshaping(self._session, fresh)

    def expect_in_use(self, stages: Iterable[Stage]) -> None:
        """Raises StageRetired unless all of them are still in use; then they stay so until the transaction ends."""
        self._session.scalars(self._mine().with_only_columns(Pipeline.id).with_for_update(read=True)).all()
        retired = select(Stage).where(
            Stage.workspace_id == self._workspace.id,
            Stage.id.in_({stage.id for stage in stages}),
            Stage.retired_into_id.is_not(None),
        )
        gone = self._session.scalars(retired.limit(1)).first()
        if gone is not None:
            raise StageRetired(gone.name)

    def add(self, name: str, plans: Sequence[StagePlan], trade: Trade | None = None) -> Pipeline:
        """A new pipeline, maybe from the template of a trade; the workspace's first one is its default. One without a
        lost stage is given one.

        Raises PipelineInvalid when the plans do not make a pipeline, or the name is taken.
        """
        kept = self._free_name(name)
        pipeline = Pipeline(
            workspace_id=self._workspace.id,
            name=kept,
            is_default=not self.all(),
            trade=trade,
            every_stage=[
                Stage.planned(plan, position, workspace_id=self._workspace.id)
                for position, plan in enumerate(in_order(plans))
            ],
        )
        self._session.add(pipeline)
        self._session.flush()
        return pipeline

    def rename(self, pipeline: Pipeline, name: str) -> None:
        """Raises PipelineInvalid when the name is taken."""
        pipeline.name = self._free_name(name, besides=pipeline)

    def keep_usual_waits(self, usual: Mapping[int, UsualWaits]) -> None:
        """Of every stage, by its id; one that is not named has none any more."""
        unknown = UsualWaits(None, None, 0)
        for pipeline in self.all():
            for stage in pipeline.stages:
                learnt = usual.get(stage.id, unknown)
                stage.usual_days_in_stage, stage.usual_days_quiet = learnt.in_stage, learnt.quiet
                stage.stays_learnt_from = learnt.stays

    def _free_name(self, name: str, *, besides: Pipeline | None = None) -> str:
        kept = clean(name, field="pipeline", limit=NAME_LIMIT)
        one_at_a_time(self._session, self._workspace)
        if any(name_key(each.name) == name_key(kept) for each in self.all() if each is not besides):
            raise PipelineInvalid("name_taken")
        return kept

    def _mine(self) -> Select[Pipeline]:
        return select(Pipeline).where(Pipeline.workspace_id == self._workspace.id)
