"""The history of a deal, append-only: every move it made, and where those moves leave it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, enum_column
from models.member import Member
from models.pipeline import Stage, StageKind
from models.workspace import InWorkspace


class Change(StrEnum):
    """What a move was. `UNDONE` takes back the latest move that still stands."""

    CREATED = "created"
    FORWARD = "forward"
    BACK = "back"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"
    TRANSFERRED = "transferred"
    """Into a stage of another pipeline, where it begins anew."""
    UNDONE = "undone"

    @property
    def is_forward(self) -> bool:
        """Into a stage that stands later in the pipeline, or won."""
        return self in (Change.FORWARD, Change.WON)


class Via(StrEnum):
    """Through what a move was made."""

    COMMAND = "command"
    BUTTON = "button"
    FORM = "form"
    CLOCK = "clock"
    """By itself, when it was time."""
    IMPORT = "import"
    DERIVED = "derived"
    """Concluded from the dates of an imported deal; gives way when a file of its real history is imported."""


def _of_few(name: str, *columns: str, change: Change) -> Index:
    """Of the moves of a rare kind alone; a query has to name the kind in just these words (see `moves_that`)."""
    where = text(f"change = '{change}'")
    return Index(name, *columns, postgresql_where=where, sqlite_where=where)


class StageChange(InWorkspace, Base):
    """One move of one deal, never changed afterwards. `reason` is the loss reason of a lost deal."""

    __tablename__ = "stage_change"
    __table_args__ = (
        Index("ix_stage_change_deal_id_at", "deal_id", "at"),
        Index("ix_stage_change_workspace_id_at", "workspace_id", "at", "change", "deal_id"),
        _of_few("ix_stage_change_transferred", "workspace_id", "deal_id", change=Change.TRANSFERRED),
        _of_few("ix_stage_change_undone", "workspace_id", "at", "deal_id", change=Change.UNDONE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    change: Mapped[Change] = mapped_column(enum_column(Change))
    from_stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    to_stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    via: Mapped[Via] = mapped_column(enum_column(Via))
    reason: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[Member | None] = relationship(lazy="selectin")
    to_stage: Mapped[Stage] = relationship(foreign_keys=[to_stage_id], lazy="selectin")


def moves_that(change: Change) -> ColumnElement[bool]:
    """The condition for moves of a rare kind, so that their own index is found."""
    return StageChange.change == literal_column(f"'{change}'")


class _HasChange(Protocol):
    @property
    def change(self) -> Change: ...


_Changed = TypeVar("_Changed", bound=_HasChange)


class Move(Protocol):
    """What replaying needs of a move: a StageChange, or a plain value that was read from one."""

    @property
    def change(self) -> Change: ...
    @property
    def to_stage_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True)
class Standing:
    """Where a deal stands after a move: its stage, since when, and when and why it was closed."""

    stage_id: int
    entered_at: datetime
    closed_at: datetime | None = None
    loss_reason: str = ""


def kind_of_change(origin: Stage, target: Stage) -> Change:
    """What a move from one stage to another is called."""
    if target.pipeline_id != origin.pipeline_id:
        return Change.TRANSFERRED
    if target.kind is StageKind.LOST:
        return Change.LOST
    if target.is_open:
        if not origin.is_open:
            return Change.REOPENED
        return Change.FORWARD if target.position > origin.position else Change.BACK
    if origin.is_open or origin.kind is StageKind.LOST:
        return Change.WON
    return Change.FORWARD if target.position > origin.position else Change.BACK


def kept_moves(moves: Iterable[_Changed], *, is_whole: bool = True) -> list[_Changed]:
    """The moves that nobody took back, oldest first, out of moves in the order of time. Of the latest of them alone,
    which are not the whole, one may take back what lies before them."""
    kept: list[_Changed] = []
    for move in moves:
        if move.change is not Change.UNDONE:
            kept.append(move)
        elif kept or is_whole:
            kept.pop()
    return kept


def by_pipelines(moves: Sequence[_Changed]) -> list[Sequence[_Changed]]:
    """A deal's moves in pieces, one for each time that it was in a pipeline; no move is undone in a later piece."""
    begun = [place for place, move in enumerate(moves) if place and move.change is Change.TRANSFERRED]
    return [moves[place:end] for place, end in pairwise([0, *begun, len(moves)])]


def moves_here(moves: Sequence[_Changed]) -> Sequence[_Changed]:
    """Of a deal's moves those since it came into the pipeline that it is in."""
    return by_pipelines(moves)[-1]


def standings(moves: Iterable[Move]) -> list[Standing]:
    """The standings that still hold, oldest first, after moves in the order of time; the last one is where the deal
    stands. An undone move leaves no trace here: the deal is again where it was, since when it was."""
    held: list[Standing] = []
    for move in kept_moves(moves):
        held.append(_after(move, held[-1] if held else None))
    return held


def _after(move: Move, before: Standing | None) -> Standing:
    closed_at = before.closed_at if before else None
    if move.change in (Change.WON, Change.LOST):
        closed_at = move.at
    elif move.change is Change.REOPENED:
        closed_at = None
    return Standing(
        stage_id=move.to_stage_id,
        entered_at=move.at,
        closed_at=closed_at,
        loss_reason=move.reason if move.change is Change.LOST else "",
    )
