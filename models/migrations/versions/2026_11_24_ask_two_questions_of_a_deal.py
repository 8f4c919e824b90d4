"""Ask two questions of a deal, each answered by a model of its own that knows since when it has served."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("score") as score:
        score.add_column(sa.Column("won", sa.Double(), nullable=True))
    with op.batch_alter_table("model_version") as version:
        version.add_column(sa.Column("question", sa.String(length=32), nullable=False, server_default="forward"))
        version.add_column(sa.Column("served_from", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("model_version") as version:
        version.alter_column("question", server_default=None)
    # What was learnt by the first way of learning cannot be read by this one, and is learnt anew.
    op.execute("UPDATE model_version SET status = 'retired'")


def downgrade() -> None:
    with op.batch_alter_table("model_version") as version:
        version.drop_column("served_from")
        version.drop_column("question")
    with op.batch_alter_table("score") as score:
        score.drop_column("won")
