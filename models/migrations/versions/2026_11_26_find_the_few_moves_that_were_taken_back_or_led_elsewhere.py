"""Find the few moves that were taken back, or led into another pipeline."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_stage_change_transferred": (["workspace_id", "deal_id"], sa.text("change = 'transferred'")),
    "ix_stage_change_undone": (["workspace_id", "at", "deal_id"], sa.text("change = 'undone'")),
}


def upgrade() -> None:
    for name, (columns, where) in _INDEXES.items():
        op.create_index(name, "stage_change", columns, postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, "stage_change")
