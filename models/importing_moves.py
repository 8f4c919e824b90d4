"""What an imported file says of a deal's moves becomes its history, by the same rules as moves made in Slack."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from models.deal import Deal
from models.history import Change, StageChange, Standing, Via, kept_moves, kind_of_change, standings
from models.pipeline import Pipeline, Stage
from models.stage_counts import Cell, StageCounts, added_by
from models.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    """A stage that a deal was in from a moment on. `undoes` says that it came there by taking a move back."""

    stage: Stage
    at: datetime
    by_id: int | None = None
    reason: str = ""
    note: str = ""
    undoes: bool = False
    via: Via = Via.IMPORT


@dataclass(frozen=True, slots=True)
class NewMove:
    """A StageChange as it is about to be written."""

    change: Change
    from_stage_id: int | None
    to_stage_id: int
    at: datetime
    by_id: int | None
    reason: str
    note: str
    via: Via


@dataclass(frozen=True, slots=True)
class KnownDates:
    """The moments that one row of a CRM's export gives away."""

    created: datetime | None = None
    engaged: datetime | None = None
    stage_changed: datetime | None = None
    closed: datetime | None = None

    def earliest(self) -> datetime | None:
        known = [each for each in (self.created, self.engaged, self.stage_changed, self.closed) if each]
        return min(known, default=None)


def derived(
    pipeline: Pipeline, stage: Stage, dates: KnownDates, *, at: datetime, passed: Stage | None = None, reason: str = ""
) -> list[Entry]:
    """The history that a row allows to conclude, and no more than that.

    - The deal begins on its earliest date, or `at` where it has none; in the first stage if the row says when it was
      created, for that is where deals are created.
    - Engaging a customer is what the second open stage is for, so a deal was in it from that date on.
    - `passed` is an open stage that a deal is known to have been in before it was closed.
    - A close that nobody dated happened when the stage last changed, or is news as of `at`.
    """
    opening: list[Entry] = []
    begun = dates.earliest() or at
    reached = passed if passed and passed.is_open else stage if stage.is_open else None
    is_beyond_first = stage is not pipeline.first
    if dates.created or not is_beyond_first:
        opening.append(Entry(pipeline.first, begun))
    if dates.engaged and is_beyond_first and len(pipeline.open_stages) > 1:
        opening.append(Entry(pipeline.open_stages[1], dates.engaged))
    if reached:
        opening.append(Entry(reached, dates.stage_changed or (opening[-1].at if opening else begun)))
    if not opening:
        opening.append(Entry(pipeline.first, begun))
    if stage.is_open:
        return _in_order(opening)
    closed = dates.closed or dates.stage_changed or max(at, opening[-1].at)
    before = [Entry(each.stage, min(each.at, closed)) for each in opening]
    return [*_in_order(before), Entry(stage, closed, reason=reason, via=Via.DERIVED)]


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Each no earlier than the one before; of several at one moment only the last, for the others took no time."""
    ordered: list[Entry] = []
    for entry in entries:
        moment = max(entry.at, ordered[-1].at) if ordered else entry.at
        if ordered and ordered[-1].at == moment:
            ordered.pop()
        ordered.append(Entry(entry.stage, moment, via=Via.DERIVED))
    return ordered


def moves_of(entries: Iterable[Entry], stages: Mapping[int, Stage]) -> list[NewMove]:
    """The moves that lead through the entries; one into the stage that the deal is in already is none."""
    moves: list[NewMove] = []
    held: list[int] = []
    for entry in entries:
        here = held[-1] if held else None
        target = entry.stage.id
        if here == target:
            continue
        if here is None:
            change = Change.CREATED
        elif (
            entry.undoes
            and len(held) > 1
            and held[-2] == target
            and stages[here].pipeline_id == entry.stage.pipeline_id
        ):
            change = Change.UNDONE
        else:
            change = kind_of_change(stages[here], entry.stage)
        if change is Change.UNDONE:
            held.pop()
        else:
            held.append(target)
        moves.append(NewMove(change, here, target, entry.at, entry.by_id, entry.reason, entry.note, entry.via))
    return moves


def write_moves(session: Session, workspace: Workspace, moves: Iterable[tuple[int, NewMove]]) -> None:
    """Add moves, each told with the id of its deal, in the order in which they are given. A stage that was put between
    others was there no later than the first deal in it, where a file of moves says so."""
    rows = []
    first: dict[int, datetime] = {}
    for deal_id, move in moves:
        if move.via is not Via.DERIVED:
            first[move.to_stage_id] = min(move.at, first.get(move.to_stage_id, move.at))
        rows.append(
            {
                "workspace_id": workspace.id,
                "deal_id": deal_id,
                "change": move.change,
                "from_stage_id": move.from_stage_id,
                "to_stage_id": move.to_stage_id,
                "at": move.at,
                "by_id": move.by_id,
                "via": move.via,
                "reason": move.reason,
                "note": move.note,
            }
        )
    if not rows:
        return
    session.execute(insert(StageChange), rows)
    for stage in session.scalars(select(Stage).where(Stage.id.in_(first), Stage.inserted_at.is_not(None))):
        stage.inserted_at = min(stage.inserted_at or first[stage.id], first[stage.id])


def count_moves(
    session: Session,
    workspace: Workspace,
    *,
    before: Iterable[Sequence[NewMove]],
    after: Iterable[Sequence[NewMove]],
    stages: Mapping[int, Stage],
) -> None:
    """Bring the figures of the stages into line with deals whose histories were others before."""
    added = [
        sum((added_by(kept_moves(moves), stages) for moves in histories), Counter[Cell]())
        for histories in (before, after)
    ]
    StageCounts(session, workspace).add(*added)


def moves_written(session: Session, workspace: Workspace, deal_ids: Sequence[int]) -> dict[int, list[NewMove]]:
    """The whole history of some deals, by their ids."""
    query = (
        select(
            StageChange.deal_id,
            StageChange.change,
            StageChange.from_stage_id,
            StageChange.to_stage_id,
            StageChange.at,
            StageChange.by_id,
            StageChange.reason,
            StageChange.note,
            StageChange.via,
        )
        .where(StageChange.workspace_id == workspace.id, StageChange.deal_id.in_(deal_ids))
        .order_by(StageChange.at, StageChange.id)
    )
    histories: dict[int, list[NewMove]] = defaultdict(list)
    for deal_id, *move in session.execute(query):
        histories[deal_id].append(NewMove(*move))  # type: ignore[arg-type]  # its eight columns in its order
    return histories


def stand(session: Session, histories: Mapping[int, Sequence[NewMove]], stages: Mapping[int, Stage]) -> None:
    """Bring each deal's stage, since when, and whether it is closed into line with its whole history.

    `stages` are by the ids that histories may name (see Pipeline.stages_by_id).
    """
    ends = {deal_id: standings(moves)[-1] for deal_id, moves in histories.items()}
    rows = [
        {
            "its_id": deal_id,
            "begun": moves[0].at,
            "pipeline_id": stages[ends[deal_id].stage_id].pipeline_id,
            **standing_values(replace(ends[deal_id], stage_id=stages[ends[deal_id].stage_id].id)),
        }
        for deal_id, moves in histories.items()
    ]
    if not rows:
        return
    table = Deal.__table__
    session.connection().execute(
        update(Deal.__table__)  # type: ignore[arg-type]  # a declarative class always has a Table
        .where(table.c.id == bindparam("its_id"))
        .values(
            created_at=bindparam("begun"),
            version=table.c.version + 1,
            **{name: bindparam(name) for name in rows[0] if name not in ("its_id", "begun")},
        ),
        rows,
    )


def standing_values(standing: Standing) -> dict[str, object]:
    """The columns of a deal that its history decides."""
    return {
        "stage_id": standing.stage_id,
        "entered_stage_at": standing.entered_at,
        "closed_at": standing.closed_at,
        "loss_reason": standing.loss_reason,
        "snoozed_until": None,
    }
