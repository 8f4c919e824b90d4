"""Offer the weekly digest by the calendar alone, so that nobody need remember when it was offered."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("schedule") as schedule:
        schedule.drop_column("weekly_offered_at")


def downgrade() -> None:
    with op.batch_alter_table("schedule") as schedule:
        schedule.add_column(sa.Column("weekly_offered_at", sa.DateTime(timezone=True), nullable=True))
