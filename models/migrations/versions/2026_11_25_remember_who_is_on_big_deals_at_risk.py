"""Remember who was told of big deals at risk, and who is on them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEXES = (
    ("alarm_told", "delivery_id"),
    ("alarm_told", "deal_id"),
    ("alarm_told", "workspace_id"),
    ("taking", "deal_id"),
    ("taking", "workspace_id"),
)
SETTINGS: dict[str, tuple[sa.types.TypeEngine[Any], str]] = {
    "high_value_top": (sa.Integer(), "0"),
    "alert_channel": (sa.String(32), ""),
    "manager_after_days": (sa.Integer(), "1"),
    "channel_after_days": (sa.Integer(), "5"),
    "alert_quiet_days": (sa.Integer(), "5"),
}


def upgrade() -> None:
    op.create_table(
        "alarm_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_alarm_told_delivery_id_delivery")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_alarm_told_deal_id_deal")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_alarm_told_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_told")),
    )
    op.create_table(
        "taking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_taking_by_id_member")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_taking_deal_id_deal")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_taking_stage_id_stage")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_taking_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taking")),
    )
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    with op.batch_alter_table("workspace") as workspace:
        for name, (kind, first) in SETTINGS.items():
            workspace.add_column(sa.Column(name, kind, nullable=False, server_default=first))
    with op.batch_alter_table("workspace") as workspace:
        for name in SETTINGS:
            workspace.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        for name in reversed(SETTINGS):
            workspace.drop_column(name)
    op.drop_table("taking")
    op.drop_table("alarm_told")
