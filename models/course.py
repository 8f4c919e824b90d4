"""How a deal stood at any moment of its past: the spans between its moves and changed fields, as they were known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from models.history import Change
from models.timeline import DealHistory, PastMove

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until right before `end` a deal stood in a stage, closed since `closed_at` or not, and its fields
    read so. A move that was undone later counts until it was undone."""

    start: datetime
    end: datetime
    stage_id: int
    closed_at: datetime | None
    fields: DealHistory


def spans_of(history: DealHistory) -> Iterator[Span]:
    """One after the other, from the first move on, until it went on to another pipeline."""
    moments = sorted({*(move.at for move in history.moves), *(revision.at for revision in history.revisions)})
    last = history.left_at or FOREVER
    begun = [moment for moment in moments if history.moves[0].at <= moment < last]
    held: list[tuple[PastMove, datetime | None]] = []
    place = 0
    for start, end in zip(begun, [*begun[1:], last], strict=True):
        while place < len(history.moves) and history.moves[place].at <= start:
            _take(held, history.moves[place])
            place += 1
        known = history.as_of(start) if any(each.at > start for each in history.revisions) else history
        yield Span(start, end, held[-1][0].to_stage_id, held[-1][1], known)


def held_at(spans: list[Span], moment: datetime) -> Span | None:
    """The span that holds at a moment; None before a deal is there, and once it went on to another pipeline."""
    return next((span for span in reversed(spans) if span.start <= moment < span.end), None)


def _take(held: list[tuple[PastMove, datetime | None]], move: PastMove) -> None:
    """What holds after one more move: see models/history.standings."""
    if move.change is Change.UNDONE:
        held.pop()
        return
    closed_at = held[-1][1] if held else None
    if move.change in (Change.WON, Change.LOST):
        closed_at = move.at
    elif move.change is Change.REOPENED:
        closed_at = None
    held.append((move, closed_at))
