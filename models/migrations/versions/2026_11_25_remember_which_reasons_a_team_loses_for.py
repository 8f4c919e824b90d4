"""Remember which reasons a team loses deals for, so that a form can offer them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(sa.Column("loss_reasons", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("loss_reasons", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("loss_reasons")
