"""Keep how long deals usually wait in a stage, and whose public holidays a member keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stage") as stage:
        stage.add_column(sa.Column("usual_days_in_stage", sa.Integer(), nullable=True))
        stage.add_column(sa.Column("usual_days_quiet", sa.Integer(), nullable=True))
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("country", sa.String(2), nullable=False, server_default=""))
    with op.batch_alter_table("member") as member:
        member.alter_column("country", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.drop_column("country")
    with op.batch_alter_table("stage") as stage:
        stage.drop_column("usual_days_quiet")
        stage.drop_column("usual_days_in_stage")
