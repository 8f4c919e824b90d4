"""Remember what a team means to reach, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "amount",
                "won",
                "new",
                "entered",
                "meeting",
                "call",
                "email",
                name="measure",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.Enum("days", "week", "month", "quarter", "year", name="unit", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "scope", sa.Enum("workspace", "team", "rep", name="scope", native_enum=False, length=32), nullable=False
        ),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("goal", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_target_member_id_member")),
        sa.ForeignKeyConstraint(["set_by_id"], ["member.id"], name=op.f("fk_target_set_by_id_member")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_target_stage_id_stage")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_target_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    op.create_index(op.f("ix_target_workspace_id"), "target", ["workspace_id"])


def downgrade() -> None:
    op.drop_table("target")
