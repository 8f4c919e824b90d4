"""Let reps say of a deal whether they commit to it, see it as a best case, as pipeline, or leave it out."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deal") as deal:
        deal.add_column(sa.Column("forecast", sa.String(length=20), nullable=False, server_default=""))
    with op.batch_alter_table("deal") as deal:
        deal.alter_column("forecast", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("deal") as deal:
        deal.drop_column("forecast")
