"""The pipelines of one workspace: the default one, the ones beside it, and new ones."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import PipelineInvalid, PipelineNotFound
from models.pipeline import Pipeline, Stage, StagePlan, in_order
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
        mine = select(Pipeline).where(Pipeline.workspace_id == self._workspace.id)
        return self._session.scalars(mine.order_by(Pipeline.is_default.desc(), Pipeline.id)).all()

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
        one_at_a_time(self._session, self._workspace)
        for each in self.all():
            each.is_default = each is pipeline

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
