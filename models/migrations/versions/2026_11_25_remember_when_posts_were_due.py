"""Remember when each post was due and until when its claim holds, and find what is due in all workspaces by index."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        delivery.alter_column("claimed_at", new_column_name="free_at")
    op.execute("UPDATE delivery SET due_at = as_of")
    op.execute("UPDATE delivery SET state = 'owed', attempts = 1 WHERE state = 'claimed' AND attempts = 0")
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("due_at", nullable=False)
        delivery.create_index("ix_delivery_state_free_at", ["state", "free_at"])
    with op.batch_alter_table("schedule") as schedule:
        schedule.drop_index("ix_schedule_next_due_at")
        schedule.create_index("ix_schedule_paused_because_next_due_at", ["paused_because", "next_due_at"])


def downgrade() -> None:
    with op.batch_alter_table("schedule") as schedule:
        schedule.drop_index("ix_schedule_paused_because_next_due_at")
        schedule.create_index("ix_schedule_next_due_at", ["next_due_at"])
    op.execute("UPDATE delivery SET state = 'claimed', attempts = 0 WHERE state = 'owed'")
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_index("ix_delivery_state_free_at")
        delivery.alter_column("free_at", new_column_name="claimed_at")
        delivery.drop_column("due_at")
