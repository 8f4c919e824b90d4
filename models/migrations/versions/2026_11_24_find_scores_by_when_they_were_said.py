"""Find scores by when they were said: there is one of each open deal for every night."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_score_workspace_id_at", "score", ["workspace_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_score_workspace_id_at", table_name="score")
