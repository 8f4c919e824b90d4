"""Find open posts among open ones only: an index of all keeps whatever was open until it is vacuumed."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('claimed', 'owed')")


def upgrade() -> None:
    op.drop_index("ix_delivery_state_free_at", "delivery")
    op.create_index("ix_delivery_free_at", "delivery", ["free_at"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_delivery_free_at", "delivery")
    op.create_index("ix_delivery_state_free_at", "delivery", ["state", "free_at"])
