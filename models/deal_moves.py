"""How a deal moves: it advances, goes back, is won or lost, is reopened, and remembers every move."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped

from models.deal_tasks import WithTasks
from models.errors import StageNotFound
from models.history import Change, StageChange, Standing, Via, kept_moves, kind_of_change, moves_here, standings
from models.member import Member
from models.moving_errors import (
    AlreadyThere,
    CameFromPipeline,
    DealIsClosed,
    DealIsLost,
    DealIsOpen,
    DealMoved,
    LossReasonMissing,
    MovedInThePast,
    NoStageAhead,
    NotForward,
    NothingToUndo,
    StageTakenOver,
)
from models.pipeline import Pipeline, Stage, StageKind
from models.stage_count import StageCount
from models.stage_counts import added_by, differences
from models.texts import NOTE_LIMIT, PHRASE_LIMIT, clean_or_empty, is_no_reason

AT_ONCE = timedelta(seconds=5)
"""Two people who move one deal within this time did not know of each other. Clocks may differ by as much, too."""


class WithMoves(WithTasks):
    """The part of a deal that has to do with its moves, which make and set aside tasks. Nothing else assigns its
    stage."""

    if TYPE_CHECKING:
        pipeline_id: Mapped[int]
        stage_id: Mapped[int]
        entered_stage_at: Mapped[datetime]
        closed_at: Mapped[datetime | None]
        loss_reason: Mapped[str]
        snoozed_until: Mapped[datetime | None]
        changes: Mapped[list[StageChange]]

    @property
    def is_open(self) -> bool:
        return self.stage.is_open

    @property
    def is_won(self) -> bool:
        return self.stage.kind in (StageKind.WON, StageKind.AFTER_SALES)

    @property
    def is_lost(self) -> bool:
        return self.stage.kind is StageKind.LOST

    def advance(
        self, to: Stage | None = None, *, by: Member | None, at: datetime, via: Via, note: str = ""
    ) -> StageChange:
        """One stage ahead, or as far ahead as `to`.

        Raises DealIsLost, NoStageAhead, NotForward, and LossReasonMissing as `move` does. Like every move it raises
        DealMoved when a colleague moved the deal at once with it, and StageNotFound for a stage of another pipeline.
        """
        self._refuse_at_once(by, at, via)
        if self.is_lost:
            raise DealIsLost(self.name)
        target = to or self.pipeline.stage_after(self.stage)
        if target is None:
            raise NoStageAhead(self.name, self.stage.name)
        if target.id == self.stage_id:
            raise AlreadyThere(self.name, target.name)
        if target.kind is StageKind.LOST:
            raise LossReasonMissing(self.name)
        if not kind_of_change(self.stage, target).is_forward:
            raise NotForward(self.name, self.stage.name, target.name)
        return self._enter(target, by=by, at=at, via=via, note=note)

    def move(self, to: Stage, *, by: Member | None, at: datetime, via: Via, note: str = "") -> StageChange:
        """Into any stage of the pipeline, ahead or back. Raises AlreadyThere, and LossReasonMissing for the lost one:
        a deal is lost through `lose`, which asks why."""
        if to.kind is StageKind.LOST:
            raise LossReasonMissing(self.name)
        return self._enter(to, by=by, at=at, via=via, note=note)

    def win(self, *, by: Member | None, at: datetime, via: Via, note: str = "") -> StageChange:
        """Raises AlreadyThere for a deal that is won, also in after-sales."""
        self._refuse_at_once(by, at, via)
        if self.is_won:
            raise AlreadyThere(self.name, self.stage.name)
        return self._enter(self.pipeline.won, by=by, at=at, via=via, note=note)

    def lose(self, reason: str, *, by: Member | None, at: datetime, via: Via, note: str = "") -> StageChange:
        """Raises LossReasonMissing without a reason, and for a dash or "n/a" in its place: a loss that nobody explains
        teaches nothing."""
        why = clean_or_empty(reason, field="reason", limit=PHRASE_LIMIT)
        if is_no_reason(why):
            raise LossReasonMissing(self.name, why)
        return self._enter(self.pipeline.lost, by=by, at=at, via=via, note=note, reason=why)

    def reopen(self, *, by: Member | None, at: datetime, via: Via, note: str = "") -> StageChange:
        """Back into the stage it was closed from. Raises DealIsOpen."""
        self._refuse_at_once(by, at, via)
        if self.is_open:
            raise DealIsOpen(self.name, self.stage.name)
        return self.move(self._last_open_stage(), by=by, at=at, via=via, note=note)

    def transfer(
        self, pipeline: Pipeline, to: Stage, *, by: Member | None, at: datetime, via: Via, note: str = ""
    ) -> StageChange:
        """Out of its pipeline into an open stage of another one, where it begins; its past stays the other's.

        Raises DealIsClosed, and StageNotFound for a stage that is not of that pipeline.
        """
        self._refuse_at_once(by, at, via)
        if to not in pipeline.stages:
            raise StageNotFound(to.name, tuple(stage.name for stage in pipeline.stages))
        if not (self.is_open and to.is_open):
            raise DealIsClosed(self.name, to.name if self.is_open else self.stage.name)
        if pipeline.id == self.pipeline_id:
            return self.move(to, by=by, at=at, via=via, note=note)
        self.pipeline, self.pipeline_id = pipeline, pipeline.id
        return self._write(Change.TRANSFERRED, to, by=by, at=at, via=via, note=note)

    def undo(self, *, by: Member | None, at: datetime, via: Via) -> StageChange:
        """Takes back the latest move that still stands, and with it moves between stages that are one now; itself a new
        change. Raises NothingToUndo, and CameFromPipeline where that move led from another pipeline: those have gone on
        without it."""
        self._refuse_at_once(by, at, via)
        if not self.has_move_to_undo:
            if len(self._passed_here) < len(standings(self.changes)):
                raise CameFromPipeline(self.name, self.pipeline.name)
            raise NothingToUndo(self.name)
        while self._passed_here[-2] is self.stage:
            self._write(Change.UNDONE, self.stage, by=by, at=at, via=via)
        return self._write(Change.UNDONE, self._passed_here[-2], by=by, at=at, via=via)

    @property
    def has_move_to_undo(self) -> bool:
        return len(set(self._passed_here)) > 1

    @property
    def _passed_here(self) -> list[Stage]:
        """The stages that it was in since it came into its pipeline, as they are now, but for what was undone."""
        return [self.pipeline.stage_now(each.stage_id) for each in standings(moves_here(self.changes))]

    def expect_in(self, stage_id: int) -> None:
        """Raises DealMoved unless the deal is still in the stage that somebody saw it in, and StageTakenOver when that
        is part of another one now: its buttons would lead elsewhere."""
        if self.stage_id == stage_id:
            return
        seen = next((each for each in self.pipeline.every_stage if each.id == stage_id), None)
        if seen is not None and self.pipeline.stage_now(seen.id).id == self.stage_id:
            raise StageTakenOver(self.name, seen.name, self.stage.name)
        raise self._moved()

    # The one way into a stage

    def begin(self, stage: Stage, *, by: Member | None, at: datetime, via: Via) -> StageChange:
        """The first entry of a new deal's history."""
        return self._write(Change.CREATED, stage, by=by, at=at, via=via)

    def _enter(
        self, target: Stage, *, by: Member | None, at: datetime, via: Via, note: str, reason: str = ""
    ) -> StageChange:
        self._refuse_at_once(by, at, via)
        if target.pipeline_id != self.pipeline_id:
            raise StageNotFound(target.name, tuple(stage.name for stage in self.pipeline.stages))
        if target.id == self.stage_id:
            raise AlreadyThere(self.name, target.name)
        change = kind_of_change(self.stage, target)
        return self._write(change, target, by=by, at=at, via=via, note=note, reason=reason)

    def _write(
        self,
        change: Change,
        target: Stage,
        *,
        by: Member | None,
        at: datetime,
        via: Via,
        note: str = "",
        reason: str = "",
    ) -> StageChange:
        latest = self.changes[-1].at if self.changes else at
        if at <= latest - AT_ONCE:
            raise MovedInThePast(self.name, latest)
        entry = StageChange(
            workspace_id=self.workspace_id,
            change=change,
            from_stage_id=self.stage_id if change is not Change.CREATED else None,
            to_stage_id=target.id,
            to_stage=target,
            at=max(at, latest),
            by=by,
            via=via,
            reason=reason,
            note=clean_or_empty(note, field="note", limit=NOTE_LIMIT),
        )
        before = kept_moves(self.changes)
        taken_back = before[-1] if change is Change.UNDONE else None
        self.changes.append(entry)
        self._stand(standings(self.changes)[-1], target)
        self._count([] if change is Change.TRANSFERRED else moves_here(before), moves_here(kept_moves(self.changes)))
        if taken_back is not None:
            self.set_aside(taken_back)
        elif via not in (Via.IMPORT, Via.DERIVED):
            self.take_up(target, by=by, at=entry.at)
        return entry

    def _stand(self, standing: Standing, stage: Stage) -> None:
        self.stage, self.stage_id = stage, stage.id
        self.entered_stage_at = standing.entered_at
        self.closed_at = standing.closed_at
        self.loss_reason = standing.loss_reason
        self.snoozed_until = None

    def _count(self, before: Sequence[StageChange], after: Sequence[StageChange]) -> None:
        """What the stages' figures are without this deal as it was, and with it as it is."""
        stages = self.pipeline.stages_by_id()
        rows = differences(added_by(before, stages), added_by(after, stages))
        self.pipeline.counts.add_all(StageCount(workspace_id=self.workspace_id, **row) for row in rows)

    def _last_open_stage(self) -> Stage:
        return next((stage for stage in reversed(self._passed_here) if stage.is_open), self.pipeline.first)

    def _refuse_at_once(self, by: Member | None, at: datetime, via: Via) -> None:
        """Raises DealMoved right after a colleague's move. An import tells what happened; nobody meets there."""
        last = self.changes[-1]
        by_another = last.by is not None and last.by is not by
        is_move = last.change is not Change.CREATED
        if by_another and is_move and via is not Via.IMPORT and abs(at - last.at) < AT_ONCE:
            raise self._moved()

    def _moved(self) -> DealMoved:
        last = self.changes[-1]
        return DealMoved(self.name, self.stage.name, last.by.name if last.by else "", last.at)
