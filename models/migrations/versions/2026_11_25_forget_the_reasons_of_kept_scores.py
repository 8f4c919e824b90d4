"""Forget the reasons of kept scores, which nobody reads: why is told from the deal as it is when somebody asks."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("score") as score:
        score.drop_column("reasons")


def downgrade() -> None:
    with op.batch_alter_table("score") as score:
        score.add_column(sa.Column("reasons", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("score") as score:
        score.alter_column("reasons", server_default=None)
