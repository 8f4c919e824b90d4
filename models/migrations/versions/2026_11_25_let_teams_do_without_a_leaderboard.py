"""Let teams do without a leaderboard."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(sa.Column("leaderboard", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("leaderboard", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("leaderboard")
