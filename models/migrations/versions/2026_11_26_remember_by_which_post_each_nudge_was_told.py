"""Remember by which post each nudge was told, as it counts only where that arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("nudge") as nudge:
        nudge.add_column(sa.Column("delivery_id", sa.Integer(), nullable=True))
        nudge.create_foreign_key(op.f("fk_nudge_delivery_id_delivery"), "delivery", ["delivery_id"], ["id"])
    op.create_index(op.f("ix_nudge_delivery_id"), "nudge", ["delivery_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_nudge_delivery_id"), "nudge")
    with op.batch_alter_table("nudge") as nudge:
        nudge.drop_constraint(op.f("fk_nudge_delivery_id_delivery"), type_="foreignkey")
        nudge.drop_column("delivery_id")
