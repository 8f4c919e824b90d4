"""Remember what is paid for what is won, and whose part of a deal is how large."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    units = sa.Enum("days", "week", "month", "quarter", "year", name="unit", native_enum=False, length=32)
    op.create_table(
        "commission_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("unit", units, nullable=False),
        sa.Column("rate", sa.String(length=32), nullable=True),
        sa.Column("threshold", sa.BigInteger(), nullable=True),
        sa.Column("accelerated", sa.String(length=32), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_commission_plan_member_id_member")),
        sa.ForeignKeyConstraint(["set_by_id"], ["member.id"], name=op.f("fk_commission_plan_set_by_id_member")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_commission_plan_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_plan")),
    )
    op.create_index(op.f("ix_commission_plan_workspace_id"), "commission_plan", ["workspace_id"])
    op.create_table(
        "deal_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_deal_share_by_id_member")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_deal_share_deal_id_deal")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_deal_share_member_id_member")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_deal_share_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_share")),
    )
    op.create_index(op.f("ix_deal_share_deal_id"), "deal_share", ["deal_id"])
    op.create_index(op.f("ix_deal_share_workspace_id"), "deal_share", ["workspace_id"])


def downgrade() -> None:
    op.drop_table("deal_share")
    op.drop_table("commission_plan")
