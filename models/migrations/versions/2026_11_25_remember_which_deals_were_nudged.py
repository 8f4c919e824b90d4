"""Remember which stalled deals their owners were told of, and which were held back by lot."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("is_held_back", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_nudge_deal_id_deal")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_nudge_stage_id_stage")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_nudge_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
    )
    op.create_index(op.f("ix_nudge_deal_id"), "nudge", ["deal_id"])
    op.create_index(op.f("ix_nudge_workspace_id"), "nudge", ["workspace_id"])
    op.create_index("ix_nudge_workspace_id_at", "nudge", ["workspace_id", "at"])
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(sa.Column("nudge_holdback", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("nudge_holdback", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("nudge_holdback")
    op.drop_table("nudge")
