"""A deal goes down the funnel: it advances, goes back, is won or lost, is reopened, and remembers every move."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from moneyed import Money
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from models.activity import Activity, ActivityKind, Revision, Task
from models.base import Base
from models.deal_tasks import WithTasks
from models.errors import (
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
    StageNotFound,
    StageTakenOver,
    WonByAnother,
    WonByNobody,
)
from models.history import Change, StageChange, Standing, Via, kept_moves, kind_of_change, moves_here, standings
from models.member import Member, Role
from models.pipeline import Pipeline, Stage, StageKind
from models.stage_count import StageCount
from models.stage_counts import added_by, differences
from models.stalling import Wait
from models.texts import (
    KEY_LIMIT,
    NAME_LIMIT,
    NOTE_LIMIT,
    PHRASE_LIMIT,
    clean,
    clean_or_empty,
    is_no_reason,
    name_key,
)
from models.working_days import WorkingDays
from models.workspace import InWorkspace

AT_ONCE = timedelta(seconds=5)
"""Two people who move one deal within this time did not know of each other. Clocks may differ by as much, too."""


class DealField(StrEnum):
    """The fields of a deal that people write; `custom:` ones stand beside them."""

    NAME = "name"
    COMPANY = "company"
    CONTACT = "contact"
    SOURCE = "source"
    AMOUNT = "amount"
    CLOSE_DATE = "close_date"
    FORECAST = "forecast"
    RENEWAL = "renewal"
    OWNER = "owner"


class ForecastCategory(StrEnum):
    """How sure a rep is of an open deal; most sure first. An omitted one counts in no sum of a forecast."""

    COMMIT = "commit"
    BEST_CASE = "best_case"
    PIPELINE = "pipeline"
    OMITTED = "omitted"


_NOT_CLOSED = text("closed_at IS NULL")


class Deal(WithTasks, InWorkspace, Base):
    """One deal. Its stage, since when, and whether it is closed are a cache of its `changes`.

    `changes`, `activities` are loaded by `Deals.get` and `Deals.named` only; lists of deals do without.
    """

    __tablename__ = "deal"
    __table_args__ = (
        UniqueConstraint("workspace_id", "external_id"),
        Index("ix_deal_workspace_id_name_key", "workspace_id", "name_key"),
        Index("ix_deal_standing", "workspace_id", "pipeline_id", "stage_id", "currency", "closed_at", "amount"),
        Index(
            "ix_deal_moved", "workspace_id", "pipeline_id", "entered_stage_at", "id", "currency", "amount", "closed_at"
        ),
        Index("ix_deal_open", "workspace_id", "owner_id", postgresql_where=_NOT_CLOSED, sqlite_where=_NOT_CLOSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(NAME_LIMIT))
    """What another CRM called it; an import that sees it again updates it instead of adding it twice."""
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    name_key: Mapped[str] = mapped_column(String(KEY_LIMIT))
    company: Mapped[str] = mapped_column(String(NAME_LIMIT), default="")
    contact: Mapped[str] = mapped_column(String(NAME_LIMIT), default="")
    source: Mapped[str] = mapped_column(String(NAME_LIMIT), default="")
    amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(String(3))
    close_date: Mapped[date | None]
    """When the deal is expected to close."""
    forecast: Mapped[str] = mapped_column(String(20), default="")
    """A ForecastCategory, or nothing where nobody has said."""
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipeline.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    created_at: Mapped[datetime]
    entered_stage_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    loss_reason: Mapped[str] = mapped_column(String(PHRASE_LIMIT), default="")
    last_activity_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    renews_on: Mapped[date | None] = mapped_column(index=True)
    """Of a won deal, when the customer is to buy again; a deal is opened for it in time (models.aftercare)."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    """The won deal that this one renews."""
    referred_by_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    """The won deal whose customer sent this one."""
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Member | None] = relationship(lazy="selectin")
    pipeline: Mapped[Pipeline] = relationship(lazy="selectin")
    stage: Mapped[Stage] = relationship(lazy="selectin")
    changes: Mapped[list[StageChange]] = relationship(order_by=(StageChange.at, StageChange.id), lazy="raise")
    activities: Mapped[list[Activity]] = relationship(order_by=(Activity.at, Activity.id), lazy="raise")
    tasks: Mapped[list[Task]] = relationship(order_by=Task.id, lazy="selectin")
    revisions: WriteOnlyMapped[Revision] = relationship(order_by=(Revision.at, Revision.id))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a class attribute

    # What it is

    @property
    def money(self) -> Money | None:
        """The amount in its currency; None while nobody has named one."""
        return None if self.amount is None else Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        return self.stage.is_open

    @property
    def is_won(self) -> bool:
        return self.stage.kind in (StageKind.WON, StageKind.AFTER_SALES)

    @property
    def is_lost(self) -> bool:
        return self.stage.kind is StageKind.LOST

    @property
    def quiet_since(self) -> datetime:
        """Since when nothing has happened: neither a move nor an activity."""
        return max(self.entered_stage_at, self.last_activity_at or self.entered_stage_at)

    def wait(self, at: datetime) -> Wait | None:
        """How long it has waited so far; None where deals never stall: in a closed stage, or one without a limit."""
        if not self.is_open:
            return None
        days = self.owner.working_days if self.owner else WorkingDays("", "UTC")
        return self.stage.wait(in_stage=days.waited(self.entered_stage_at, at), quiet=days.waited(self.quiet_since, at))

    def is_stalled(self, at: datetime) -> bool:
        """Silent, or in its stage, for too long. A next step that is still ahead, or a snooze, holds both clocks."""
        if self.snoozed_until is not None and at < self.snoozed_until:
            return False
        step = self.next_step
        if step and step.due and step.due >= self.local_date(at):
            return False
        wait = self.wait(at)
        return wait is not None and wait.is_stalled

    # How it moves

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
        """Takes back the latest move that still stands; itself a new change. Raises NothingToUndo, and
        CameFromPipeline where that move led from another pipeline: those have gone on without it."""
        self._refuse_at_once(by, at, via)
        held = standings(moves_here(self.changes))
        if len(held) < 2 and len(held) < len(standings(self.changes)):
            raise CameFromPipeline(self.name, self.pipeline.name)
        if len(held) < 2:
            raise NothingToUndo(self.name)
        return self._write(Change.UNDONE, self.pipeline.stage_now(held[-2].stage_id), by=by, at=at, via=via)

    @property
    def has_move_to_undo(self) -> bool:
        return len(standings(moves_here(self.changes))) > 1

    def expect_in(self, stage_id: int) -> None:
        """Raises DealMoved unless the deal is still in the stage that somebody saw it in, and StageTakenOver when that
        is part of another one now: its buttons would lead elsewhere."""
        if self.stage_id == stage_id:
            return
        seen = next((each for each in self.pipeline.every_stage if each.id == stage_id), None)
        if seen is not None and self.pipeline.stage_now(seen.id).id == self.stage_id:
            raise StageTakenOver(self.name, seen.name, self.stage.name)
        raise self._moved()

    # What is said about it

    def log(self, kind: ActivityKind, text: str, *, by: Member | None, at: datetime) -> Activity:
        """Something happened with the customer."""
        activity = Activity(
            workspace_id=self.workspace_id,
            kind=kind,
            text=clean(text, field="note", limit=NOTE_LIMIT),
            at=at,
            by=by,
        )
        self.activities.append(activity)
        self.last_activity_at = max(at, self.last_activity_at or at)
        return activity

    def snooze(self, until: datetime) -> None:
        """No nudges before then."""
        self.snoozed_until = until

    def rename(self, name: str, *, by: Member | None, at: datetime) -> None:
        fresh = clean(name, field="name", limit=NAME_LIMIT)
        self._revise(DealField.NAME, self.name, fresh, by=by, at=at)
        self.name, self.name_key = fresh, name_key(fresh)

    def set_text(self, field: DealField, text: str, *, by: Member | None, at: datetime) -> None:
        """Write the company, contact or source; empty text clears it."""
        fresh = clean_or_empty(text, field=field, limit=NAME_LIMIT)
        self._revise(field, getattr(self, field), fresh, by=by, at=at)
        setattr(self, field.value, fresh)

    def set_money(self, money: Money | None, *, by: Member | None, at: datetime) -> None:
        old, new = plain_money(self.money), plain_money(money)
        self._revise(DealField.AMOUNT, old, new, by=by, at=at)
        self.amount = None if money is None else money.amount
        self.currency = self.currency if money is None else money.currency.code

    def set_close_date(self, when: date | None, *, by: Member | None, at: datetime) -> None:
        old, new = _iso(self.close_date), _iso(when)
        self._revise(DealField.CLOSE_DATE, old, new, by=by, at=at)
        self.close_date = when

    def set_renewal(self, when: date | None, *, by: Member | None, at: datetime) -> None:
        self._revise(DealField.RENEWAL, _iso(self.renews_on), _iso(when), by=by, at=at)
        self.renews_on = when

    def set_forecast(self, category: ForecastCategory | None, *, by: Member | None, at: datetime) -> None:
        self._revise(DealField.FORECAST, self.forecast, category or "", by=by, at=at)
        self.forecast = category or ""

    def assign(self, owner: Member | None, *, by: Member | None, at: datetime) -> None:
        """A deal that is or was won is given away by its owner or a manager alone, as is its commission: nobody takes
        a win back to win it for themselves. Raises WonByAnother, of one without an owner WonByNobody."""
        is_theirs = owner is self.owner or by is None or by is self.owner or by.may(Role.MANAGER)
        if not is_theirs and (self.is_won or any(each.change is Change.WON for each in self.changes)):
            raise WonByNobody(self.name) if self.owner is None else WonByAnother(self.name)
        old, new = str(self.owner_id or ""), str(owner.id if owner else "")
        self._revise(DealField.OWNER, old, new, by=by, at=at)
        self.owner, self.owner_id = owner, owner.id if owner else None

    def set_custom(self, field: str, text: str, *, by: Member | None, at: datetime) -> None:
        """Write a custom field of the workspace; empty text clears it."""
        fresh = clean_or_empty(text, field=field, limit=NOTE_LIMIT)
        self._revise(f"custom:{field}", str(self.custom.get(field, "")), fresh, by=by, at=at)
        others = {name: value for name, value in self.custom.items() if name != field}
        self.custom = others | ({field: fresh} if fresh else {})

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
        passed = [self.pipeline.stage_now(standing.stage_id) for standing in standings(moves_here(self.changes))]
        return next((stage for stage in reversed(passed) if stage.is_open), self.pipeline.first)

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

    def _revise(self, field: str, old: str, new: str, *, by: Member | None, at: datetime) -> None:
        if old == new:
            return
        self.revisions.add(
            Revision(
                workspace_id=self.workspace_id,
                field=str(field),
                old=old,
                new=new,
                at=at,
                by_id=by.id if by else None,
            )
        )


def plain_money(money: Money | None) -> str:
    """An amount as a Revision has it."""
    return "" if money is None else f"{money.amount.normalize():f} {money.currency.code}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


IS_OPEN = and_(Stage.kind == StageKind.OPEN, Deal.closed_at.is_(None))
"""The condition for open deals, their stages joined. None of them has a moment of closing, so that they are found by an
index of their own."""
