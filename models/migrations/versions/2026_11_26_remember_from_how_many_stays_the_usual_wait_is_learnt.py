"""Remember from how many stays the usual wait in a stage is learnt, as few weigh less than the days that were set."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stage") as stage:
        stage.add_column(sa.Column("stays_learnt_from", sa.Integer(), nullable=False, server_default="0"))
    # What was kept until now was learnt from 20 stays or more; the next night tells from how many.
    op.execute(
        "UPDATE stage SET stays_learnt_from = 20 WHERE usual_days_in_stage IS NOT NULL OR usual_days_quiet IS NOT NULL"
    )
    with op.batch_alter_table("stage") as stage:
        stage.alter_column("stays_learnt_from", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("stage") as stage:
        stage.drop_column("stays_learnt_from")
