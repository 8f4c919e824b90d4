"""A deal's whole past as plain values, and the same past as it was known at any earlier moment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.activity import ActivityKind
from models.deal import DealField
from models.history import Change, Standing, by_pipelines, standings
from models.pipeline import StageKind, Trade


@dataclass(frozen=True, slots=True)
class PastMove:
    """A move as it was written; see StageChange. Of a retired stage it names the one that took it over."""

    at: datetime
    change: Change
    from_stage_id: int | None
    to_stage_id: int
    by_id: int | None
    reason: str = ""

    def read_now(self, taken_over: Mapping[int, int]) -> "PastMove":
        """The move in terms of the stages that are in use."""
        if self.to_stage_id not in taken_over and self.from_stage_id not in taken_over:
            return self
        origin = None if self.from_stage_id is None else taken_over.get(self.from_stage_id, self.from_stage_id)
        return replace(self, from_stage_id=origin, to_stage_id=taken_over.get(self.to_stage_id, self.to_stage_id))


@dataclass(frozen=True, slots=True)
class PastActivity:
    at: datetime
    kind: ActivityKind


@dataclass(frozen=True, slots=True)
class PastStep:
    """A next step: when it was set, when it is due, and when it was done or replaced."""

    set_at: datetime
    due: date | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastRevision:
    """A field that was written anew; see Revision."""

    at: datetime
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What counts of a stage: `position` is its place in the pipeline, from 0; `trade` is the pipeline's. A stage that
    was put between others later has no past before `inserted_at`."""

    id: int
    pipeline_id: int
    name: str
    position: int
    kind: StageKind
    stalled_after_days: int | None
    trade: Trade | None = None
    inserted_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.kind is StageKind.OPEN

    def was_there(self, at: datetime) -> bool:
        return self.inserted_at is None or self.inserted_at <= at


@dataclass(frozen=True, slots=True)
class DealHistory:
    """A deal and all that is known to have happened to it, each sequence in the order of time."""

    deal_id: int
    pipeline_id: int
    created_at: datetime
    owner_id: int | None
    company: str
    source: str
    amount: Decimal | None
    currency: str
    close_date: date | None
    custom: Mapping[str, Any]
    moves: tuple[PastMove, ...]
    activities: tuple[PastActivity, ...] = ()
    steps: tuple[PastStep, ...] = ()
    revisions: tuple[PastRevision, ...] = ()
    forecast: str = ""
    left_at: datetime | None = None
    """When it went on to another pipeline; None of a whole past, and where it is still in the pipeline asked for."""

    @property
    def standing(self) -> Standing:
        """Where these moves leave the deal."""
        return standings(self.moves)[-1]

    @property
    def _latest(self) -> datetime:
        """When the last of it happened."""
        last = [noted[-1].at for noted in (self.moves, self.activities, self.revisions) if noted]
        return max([self.created_at, *last, *(max(each.set_at, each.done_at or each.set_at) for each in self.steps)])

    def as_of(self, at: datetime) -> "DealHistory":
        """The deal as it was known at a moment: nothing later, and fields as they read then.

        Raises ValueError for a moment before the deal was created.
        """
        if at < self.created_at:
            raise ValueError("the deal did not exist yet")
        if self._latest <= at:
            return self
        known = replace(
            self,
            moves=tuple(move for move in self.moves if move.at <= at),
            activities=tuple(activity for activity in self.activities if activity.at <= at),
            steps=tuple(
                replace(step, done_at=step.done_at if step.done_at and step.done_at <= at else None)
                for step in self.steps
                if step.set_at <= at
            ),
            revisions=tuple(revision for revision in self.revisions if revision.at <= at),
        )
        for revision in reversed(self.revisions):
            if revision.at > at:
                known = _taken_back(known, revision)
        return known


def stays_in(pipeline_id: int, histories: Iterable[DealHistory], stages: Mapping[int, StageFacts]) -> list[DealHistory]:
    """What deals went through in one pipeline; one that came twice has two such pasts."""
    return [
        stay
        for history in histories
        for stay in _stays(history)
        if stages[stay.moves[0].to_stage_id].pipeline_id == pipeline_id
    ]


def _stays(history: DealHistory) -> Iterator[DealHistory]:
    """A past in pieces, one for each time that the deal was in a pipeline, without those of no time."""
    pieces = by_pipelines(history.moves)
    if len(pieces) == 1:
        yield history
        return
    ends = [*(piece[0].at for piece in pieces[1:]), None]
    for place, (piece, left_at) in enumerate(zip(pieces, ends, strict=True)):
        if left_at is None or left_at > piece[0].at:
            begun_at = piece[0].at if place else history.created_at
            yield replace(history, created_at=begun_at, moves=tuple(piece), left_at=left_at)


def _taken_back(history: DealHistory, revision: PastRevision) -> DealHistory:
    """The history with one field as it read before the revision."""
    old = revision.old
    match revision.field:
        case DealField.AMOUNT:
            amount, _, currency = old.partition(" ")
            return replace(
                history,
                amount=Decimal(amount) if amount else None,
                currency=currency or history.currency,
            )
        case DealField.CLOSE_DATE:
            return replace(history, close_date=date.fromisoformat(old) if old else None)
        case DealField.FORECAST:
            return replace(history, forecast=old)
        case DealField.OWNER:
            return replace(history, owner_id=int(old) if old else None)
        case DealField.COMPANY:
            return replace(history, company=old)
        case DealField.SOURCE:
            return replace(history, source=old)
        case field if field.startswith("custom:"):
            name = field.removeprefix("custom:")
            others = {key: value for key, value in history.custom.items() if key != name}
            return replace(history, custom=others | ({name: old} if old else {}))
    return history
