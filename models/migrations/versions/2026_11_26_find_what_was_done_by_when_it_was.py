"""Find what was done by when it was done, for what is counted of a period."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_activity_workspace_id_at", "activity", ["workspace_id", "at", "kind", "by_id"])


def downgrade() -> None:
    op.drop_index("ix_activity_workspace_id_at", "activity")
