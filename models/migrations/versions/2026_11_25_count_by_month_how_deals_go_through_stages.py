"""Count by month how deals go through stages, and find deals and moves by what reports ask for."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stage_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "what",
            sa.Enum("reached", "dropped", "stayed", name="counted", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipeline.id"], name=op.f("fk_stage_count_pipeline_id_pipeline")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_stage_count_stage_id_stage")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_stage_count_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_count")),
    )
    op.create_index(op.f("ix_stage_count_workspace_id"), "stage_count", ["workspace_id"])
    op.create_index("ix_stage_count_pipeline_id_month", "stage_count", ["pipeline_id", "month"])
    op.create_index("ix_stage_change_workspace_id_at", "stage_change", ["workspace_id", "at", "change", "deal_id"])
    op.create_index(
        "ix_deal_standing", "deal", ["workspace_id", "stage_id", "closed_at", "currency", "amount", "pipeline_id"]
    )
    op.create_index(
        "ix_deal_moved",
        "deal",
        ["workspace_id", "pipeline_id", "entered_stage_at", "id", "currency", "amount", "closed_at"],
    )
    op.drop_index("ix_deal_workspace_id_stage_id", table_name="deal")
    _count()


def downgrade() -> None:
    op.create_index("ix_deal_workspace_id_stage_id", "deal", ["workspace_id", "stage_id"])
    op.drop_index("ix_deal_moved", table_name="deal")
    op.drop_index("ix_deal_standing", table_name="deal")
    op.drop_index("ix_stage_change_workspace_id_at", table_name="stage_change")
    op.drop_table("stage_count")


def _count() -> None:
    """What models.stage_counts would have written down with each move until now."""
    connection, tables = op.get_bind(), sa.MetaData()
    stage, change, count = (
        sa.Table(name, tables, autoload_with=connection) for name in ("stage", "stage_change", "stage_count")
    )
    stages = {row.id: row for row in connection.execute(sa.select(stage))}
    now = {stage_id: stages[row.retired_into_id or stage_id] for stage_id, row in stages.items()}
    query = sa.select(change.c.deal_id, change.c.change, change.c.to_stage_id, change.c.at)
    moves = connection.execute(
        query.order_by(change.c.deal_id, change.c.at, change.c.id), execution_options={"yield_per": 10_000}
    )
    added = Counter(
        cell
        for _, own in groupby(moves, key=lambda move: move.deal_id)
        for cell in _cells([(now[move.to_stage_id], move.at) for move in _kept(own)])
    )
    rows = [
        {
            "workspace_id": stages[stage_id].workspace_id,
            "pipeline_id": stages[stage_id].pipeline_id,
            "stage_id": stage_id,
            "month": month,
            "what": what,
            "days": days,
            "count": number,
        }
        for (stage_id, month, what, days), number in added.items()
    ]
    if rows:
        connection.execute(sa.insert(count), rows)


def _kept(moves: Iterable[Any]) -> list[Any]:
    kept: list[Any] = []
    for move in moves:
        if move.change == "undone":
            kept.pop()
        else:
            kept.append(move)
    return kept


def _cells(entries: list[tuple[Any, datetime]]) -> Iterator[tuple[int, date, str, int]]:
    passed = [stage for stage, _ in entries if stage.kind != "lost"]
    if passed:
        reach = max(passed, key=lambda stage: stage.position)
        yield reach.id, _month(entries[0][1]), "dropped" if entries[-1][0].kind == "lost" else "reached", 0
    entries = [*entries[:1], *(later for earlier, later in pairwise(entries) if later[0].id != earlier[0].id)]
    for (stage, entered), (_, left) in pairwise(entries):
        yield stage.id, _month(left), "stayed", round((left - entered) / timedelta(days=1))


def _month(at: datetime) -> date:
    # SQLite keeps no zone; what is there is UTC. PostgreSQL tells it in the zone of the connection.
    return (at.astimezone(UTC) if at.tzinfo else at).date().replace(day=1)
