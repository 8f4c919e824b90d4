"""Count a deal whose win was reopened, or lost, by the latest open stage that it was ever in, as cohorts do, and no
stay that ended the very moment the deal began, as a file has not told when that was."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_WON = ("won", "after_sales")


def upgrade() -> None:
    _count(added=1)


def downgrade() -> None:
    _count(added=-1)


def _count(*, added: int) -> None:
    """So many more, or fewer, of each such deal."""
    connection, tables = op.get_bind(), sa.MetaData()
    stage, change, count = (
        sa.Table(name, tables, autoload_with=connection) for name in ("stage", "stage_change", "stage_count")
    )
    stages = {row.id: row for row in connection.execute(sa.select(stage))}
    now = {stage_id: stages[row.retired_into_id or stage_id] for stage_id, row in stages.items()}
    of_wins = sa.select(stage.c.id).where(stage.c.kind.in_(_WON))
    was_won = sa.select(change.c.deal_id).where(change.c.to_stage_id.in_(of_wins))
    went_on = sa.select(change.c.deal_id).where(change.c.change.in_(("reopened", "lost")))
    at_once = sa.select(change.c.deal_id).group_by(change.c.deal_id, change.c.at).having(sa.func.count() > 1)
    query = sa.select(change.c.deal_id, change.c.change, change.c.to_stage_id, change.c.at)
    counts_otherwise = sa.or_(
        sa.and_(change.c.deal_id.in_(was_won), change.c.deal_id.in_(went_on)), change.c.deal_id.in_(at_once)
    )
    moves = connection.execute(
        query.where(counts_otherwise).order_by(change.c.deal_id, change.c.at, change.c.id),
        execution_options={"yield_per": 10_000},
    )
    corrected: Counter[tuple[int, date, str]] = Counter()
    for _, own in groupby(moves, key=lambda move: move.deal_id):
        for piece in _pieces(own):
            entries = [(now[move.to_stage_id], move.at) for move in piece]
            for at_stage, month, what, number in (*_reach(entries), *_stays(entries)):
                corrected[at_stage.id, month, what] += number * added
    rows = [
        {
            "workspace_id": stages[stage_id].workspace_id,
            "pipeline_id": stages[stage_id].pipeline_id,
            "stage_id": stage_id,
            "month": month,
            "what": what,
            "days": 0,
            "count": number,
        }
        for (stage_id, month, what), number in corrected.items()
        if number
    ]
    if rows:
        connection.execute(sa.insert(count), rows)


def _pieces(moves: Iterable[Any]) -> list[list[Any]]:
    """The moves that nobody took back, in a piece for each time that the deal was in a pipeline."""
    kept: list[Any] = []
    for move in moves:
        if move.change == "undone":
            kept.pop()
        else:
            kept.append(move)
    pieces: list[list[Any]] = []
    for move in kept:
        if not pieces or move.change == "transferred":
            pieces.append([])
        pieces[-1].append(move)
    return pieces


def _reach(entries: Sequence[tuple[Any, datetime]]) -> Iterator[tuple[Any, date, str, int]]:
    """One more at the stage that counts from now on, and one fewer at the won one."""
    passed = [stage for stage, _ in entries]
    if passed[-1].kind in _WON or not any(each.kind in _WON for each in passed):
        return
    month, what = _month(entries[0][1]), "dropped" if passed[-1].kind == "lost" else "reached"
    yield max((each for each in passed if each.kind != "lost"), key=lambda each: each.position), month, what, -1
    ahead = [each for each in passed if each.kind == "open"]
    if ahead:
        yield max(ahead, key=lambda each: each.position), month, what, 1


def _stays(entries: Sequence[tuple[Any, datetime]]) -> Iterator[tuple[Any, date, str, int]]:
    """One fewer for each stay that ended the moment the deal began."""
    began_at = entries[0][1]
    for (entered, _), (left_for, left_at) in pairwise(entries):
        if left_at == began_at and entered.id != left_for.id:
            yield entered, _month(began_at), "stayed", -1


def _month(at: datetime) -> date:
    """SQLite keeps no zone; what is there is UTC. PostgreSQL tells it in the zone of the connection."""
    return (at.astimezone(UTC) if at.tzinfo else at).date().replace(day=1)
