"""Let schedules be paused, by a person or because Slack will not have their posts."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("schedule") as schedule:
        schedule.add_column(sa.Column("paused_because", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("schedule") as schedule:
        schedule.alter_column("paused_because", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("schedule") as schedule:
        schedule.drop_column("paused_because")
