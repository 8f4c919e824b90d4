"""The histories of a workspace's deals, read in bulk from its database, and no more of them than somebody asks for."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from models.activity import Activity, Revision, Task
from models.deal import IS_OPEN, Deal, DealField
from models.history import Change, StageChange, moves_that
from models.period import Period
from models.pipeline import Pipeline, Stage, StageKind
from models.timeline import DealHistory, PastActivity, PastMove, PastRevision, PastStep, StageFacts, stays_in
from models.workspace import Workspace

_FIELDS = (
    *(Deal.id, Deal.pipeline_id, Deal.created_at, Deal.owner_id, Deal.company, Deal.source),
    *(Deal.amount, Deal.currency, Deal.close_date, Deal.custom),
)


class Timelines:
    """The histories of one workspace's deals, read in bulk; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def all(self) -> list[DealHistory]:
        return self._read(Deal.workspace_id == self._workspace.id)

    def newest(self, most: int, *, at: datetime) -> list[DealHistory]:
        """Of all deals where there are so many at most; else of those that were added last, as of a moment, and of all
        that were open then or came later."""
        added = (
            select(Deal.created_at)
            .where(Deal.workspace_id == self._workspace.id, Deal.created_at <= at)
            .order_by(Deal.created_at.desc())
        )
        since = self._session.scalar(added.offset(most - 1).limit(1))
        if since is None:
            return self.all()
        return self._read(or_(Deal.created_at >= since, Deal.closed_at.is_(None), Deal.closed_at > at))

    def open(self) -> list[DealHistory]:
        """Of the deals that are open now."""
        return self._read(IS_OPEN)

    def in_pipeline(self, pipeline_id: int) -> list[DealHistory]:
        """What deals went through in a pipeline, by their moves and fields alone; one that came twice has two such
        pasts."""
        return stays_in(pipeline_id, self._read(self._ever_in(pipeline_id), is_whole=False), self.stages())

    def in_pipeline_since(self, pipeline_id: int, since: datetime) -> list[DealHistory]:
        """The same of the deals that are open, or moved from a moment on, alone."""
        lately = or_(IS_OPEN, self._moved(since))
        histories = self._read(and_(self._ever_in(pipeline_id), lately), is_whole=False)
        return stays_in(pipeline_id, histories, self.stages())

    def lately_in_pipeline(self, pipeline_id: int, most: int) -> tuple[list[DealHistory], datetime | None]:
        """The same of the deals that were added last, so many at most, and of all older ones that were open or moved
        since then; and since when that is everything that happened, None where it always was."""
        added = select(Deal.created_at).where(Deal.workspace_id == self._workspace.id, self._ever_in(pipeline_id))
        since = self._session.scalar(added.order_by(Deal.created_at.desc()).offset(most - 1).limit(1))
        if since is None:
            return self.in_pipeline(pipeline_id), None
        return self.in_pipeline_since(pipeline_id, since), since

    def in_pipeline_within(self, pipeline_id: int, periods: Sequence[Period]) -> list[DealHistory]:
        """As much of it as counts for these periods: the deals that were open or moved within one, and the very
        first; without those that were won before and rested since."""
        counts = and_(self._here(pipeline_id), self._counts(pipeline_id, periods))
        histories = self._read(or_(counts, Deal.id.in_(self._went_on())), is_whole=False)
        return stays_in(pipeline_id, histories, self.stages())

    def resting(self, pipeline_id: int, periods: Sequence[Period]) -> list[DealHistory]:
        """Of the deals that were won before any of these periods and rested since, no more than that they stand
        there, and what was written anew of them since."""
        return self._standing(self._rests(pipeline_id, periods), periods)

    def count_resting(self, pipeline_id: int, periods: Sequence[Period]) -> list[dict[int, int]]:
        """How many of these stood in each stage, by its id, during each period."""
        there = (func.sum(case((Deal.entered_stage_at < each.start, 1), else_=0)) for each in periods)
        rest = select(Deal.stage_id, *there).join(Stage, Deal.stage_id == Stage.id)
        chosen = rest.where(Deal.workspace_id == self._workspace.id, self._rests(pipeline_id, periods))
        rows = self._session.execute(chosen.group_by(Deal.stage_id)).all()
        return [{row[0]: int(row[place]) for row in rows} for place in range(1, len(periods) + 1)]

    def moved_since(self, at: datetime, changes: Collection[Change] = tuple(Change)) -> list[DealHistory]:
        """Of the deals that have moved from a moment on, in one of these ways, all their moves and fields."""
        moved = select(StageChange.deal_id).where(
            StageChange.workspace_id == self._workspace.id, StageChange.at >= at, StageChange.change.in_(changes)
        )
        return self._read(Deal.id.in_(moved), is_whole=False)

    def won_or_taken_back_since(self, at: datetime) -> list[DealHistory]:
        """The same of the deals that were won from a moment on, or once, and lost, reopened, undone or given another
        amount since then."""
        changes = (Change.WON, Change.REOPENED, Change.LOST, Change.UNDONE)
        moved = select(StageChange.deal_id).where(
            StageChange.workspace_id == self._workspace.id, StageChange.at >= at, StageChange.change.in_(changes)
        )
        amended = select(Revision.deal_id).where(
            Revision.workspace_id == self._workspace.id, Revision.at >= at, Revision.field == DealField.AMOUNT
        )
        was_won = exists().where(StageChange.deal_id == Deal.id, StageChange.change == Change.WON)
        return self._read(and_(Deal.id.in_(moved.union(amended)), was_won), is_whole=False)

    def of(self, deal_ids: Sequence[int]) -> list[DealHistory]:
        """In the order of the deals' ids; ids of other workspaces find nothing."""
        return self._read(Deal.id.in_(deal_ids))

    def count_moves(self) -> int:
        """How many moves are written down of all deals."""
        moves = select(func.count()).select_from(StageChange).where(StageChange.workspace_id == self._workspace.id)
        return self._session.scalar(moves) or 0

    def stages(self) -> dict[int, StageFacts]:
        """The stages of all pipelines that are in use, by id; no move names another."""
        columns = (Stage.id, Stage.pipeline_id, Stage.name, Stage.position, Stage.kind, Stage.stalled_after_days)
        in_use = (
            select(*columns, Pipeline.trade, Stage.inserted_at)
            .join(Pipeline, Stage.pipeline_id == Pipeline.id)
            .where(Stage.workspace_id == self._workspace.id, Stage.retired_into_id.is_(None))
        )
        return {row.id: StageFacts(*row) for row in self._session.execute(in_use)}

    def _ever_in(self, pipeline_id: int) -> ColumnElement[bool]:
        """The deals of a pipeline, and all that ever went on from one to another."""
        return or_(Deal.pipeline_id == pipeline_id, Deal.id.in_(self._went_on()))

    def _went_on(self) -> Select[int]:
        return select(StageChange.deal_id).where(
            StageChange.workspace_id == self._workspace.id, moves_that(Change.TRANSFERRED)
        )

    def _here(self, pipeline_id: int) -> ColumnElement[bool]:
        return and_(Deal.pipeline_id == pipeline_id, Deal.id.not_in(self._went_on()))

    def _counts(self, pipeline_id: int, periods: Sequence[Period]) -> ColumnElement[bool]:
        in_order = select(Deal.id).where(self._here(pipeline_id)).order_by(Deal.created_at, Deal.id)
        return or_(Deal.id == in_order.limit(1).scalar_subquery(), *(self._alive(each) for each in periods))

    def _rests(self, pipeline_id: int, periods: Sequence[Period]) -> ColumnElement[bool]:
        is_won = Stage.kind.in_([StageKind.WON, StageKind.AFTER_SALES])
        return and_(self._here(pipeline_id), is_won, not_(self._counts(pipeline_id, periods)))

    def _alive(self, period: Period) -> ColumnElement[bool]:
        """The deals that were there by its end, and are open, or moved since it began."""
        return and_(Deal.created_at < period.end, or_(IS_OPEN, self._moved(period.start)))

    def _moved(self, since: datetime) -> ColumnElement[bool]:
        """The deals that moved from a moment on; where no such move still stands it was taken back."""
        undone = select(StageChange.deal_id).where(
            StageChange.workspace_id == self._workspace.id, moves_that(Change.UNDONE), StageChange.at >= since
        )
        return or_(Deal.entered_stage_at >= since, Deal.id.in_(undone))

    def _standing(self, condition: ColumnElement[bool], periods: Sequence[Period]) -> list[DealHistory]:
        """Each with its latest move alone, and what was written anew since the first of the periods."""
        chosen = and_(Deal.workspace_id == self._workspace.id, condition)
        revised = (
            select(Revision.deal_id, Revision.at, Revision.field, Revision.old, Revision.new)
            .join(Deal, Revision.deal_id == Deal.id)
            .join(Stage, Deal.stage_id == Stage.id)
            .where(chosen, Revision.at >= min(each.start for each in periods))
            .order_by(Revision.at, Revision.id)
        )
        revisions = self._by_deal(revised)
        columns = (*_FIELDS, Deal.forecast, Deal.entered_stage_at, Deal.stage_id)
        return [
            DealHistory(
                *row[:10],  # type: ignore[misc]  # ten columns for the first ten fields
                moves=(PastMove(row.entered_stage_at, Change.WON, None, row.stage_id, None),),
                revisions=tuple(PastRevision(*each) for each in revisions[row.id]),
                forecast=row.forecast,
            )
            for row in self._session.execute(
                select(*columns).join(Stage, Deal.stage_id == Stage.id).where(chosen).order_by(Deal.id)
            )
        ]

    def _read(self, condition: ColumnElement[bool], *, is_whole: bool = True) -> list[DealHistory]:
        """By their moves and fields alone where they are not needed whole."""
        chosen = (
            select(Deal.id)
            .join(Stage, Deal.stage_id == Stage.id)
            .where(Deal.workspace_id == self._workspace.id, condition)
        )
        moves = self._by_deal(
            select(
                StageChange.deal_id,
                StageChange.at,
                StageChange.change,
                StageChange.from_stage_id,
                StageChange.to_stage_id,
                StageChange.by_id,
                StageChange.reason,
            )
            .where(StageChange.deal_id.in_(chosen))
            .order_by(StageChange.at, StageChange.id)
        )
        taken_over = self._taken_over()
        activities, steps = (self._activities(chosen), self._steps(chosen)) if is_whole else ({}, {})
        revisions = self._by_deal(
            select(Revision.deal_id, Revision.at, Revision.field, Revision.old, Revision.new)
            .where(Revision.deal_id.in_(chosen))
            .order_by(Revision.at, Revision.id)
        )
        deals = self._session.execute(select(*_FIELDS, Deal.forecast).where(Deal.id.in_(chosen)).order_by(Deal.id))
        return [
            DealHistory(
                *row[:10],  # type: ignore[call-arg]  # ten columns for the first ten fields
                tuple(PastMove(*each).read_now(taken_over) for each in moves[row[0]]),
                tuple(PastActivity(*each) for each in activities.get(row[0], ())),
                tuple(PastStep(*each) for each in steps.get(row[0], ())),
                tuple(PastRevision(*each) for each in revisions[row[0]]),
                row.forecast,
            )
            for row in deals
        ]

    def _activities(self, chosen: Select[int]) -> dict[int, list[Any]]:
        return self._by_deal(
            select(Activity.deal_id, Activity.at, Activity.kind)
            .where(Activity.deal_id.in_(chosen))
            .order_by(Activity.at, Activity.id)
        )

    def _steps(self, chosen: Select[int]) -> dict[int, list[Any]]:
        return self._by_deal(
            select(Task.deal_id, Task.set_at, Task.due, Task.done_at)
            .where(Task.deal_id.in_(chosen), Task.stage_id.is_(None))
            .order_by(Task.set_at, Task.id)
        )

    def _taken_over(self) -> dict[int, int]:
        """For the id of each retired stage that of the stage that took it over."""
        retired = select(Stage.id, Stage.retired_into_id).where(
            Stage.workspace_id == self._workspace.id, Stage.retired_into_id.is_not(None)
        )
        return {stage_id: into_id for stage_id, into_id in self._session.execute(retired) if into_id is not None}

    def _by_deal(self, query: Select[*tuple[Any, ...]]) -> dict[int, list[Any]]:
        """The rows of a query, each without its first column, by that column, which is the deal's id."""
        grouped: dict[int, list[Any]] = defaultdict(list)
        for deal_id, *rest in self._session.execute(query):
            grouped[deal_id].append(rest)
        return grouped
