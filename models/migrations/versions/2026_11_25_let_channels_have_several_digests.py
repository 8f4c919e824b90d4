"""Let channels have several digests, each about deals of its own, and hear of deals that are won."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("schedule") as schedule:
        schedule.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        schedule.add_column(sa.Column("pipeline_id", sa.Integer(), nullable=True))
        schedule.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        schedule.add_column(sa.Column("with_team", sa.Boolean(), nullable=False, server_default=sa.false()))
        schedule.add_column(sa.Column("is_quiet", sa.Boolean(), nullable=False, server_default=sa.false()))
        schedule.add_column(sa.Column("heeded_at", sa.DateTime(timezone=True), nullable=True))
        schedule.add_column(sa.Column("weekly_offered_at", sa.DateTime(timezone=True), nullable=True))
        schedule.create_foreign_key(op.f("fk_schedule_pipeline_id_pipeline"), "pipeline", ["pipeline_id"], ["id"])
        schedule.create_foreign_key(op.f("fk_schedule_owner_id_member"), "member", ["owner_id"], ["id"])
        schedule.drop_constraint(op.f("uq_schedule_workspace_id_kind_target"), type_="unique")
        schedule.create_unique_constraint(
            op.f("uq_schedule_workspace_id_kind_target_number"), ["workspace_id", "kind", "target", "number"]
        )
    with op.batch_alter_table("schedule") as schedule:
        for name in ("number", "with_team", "is_quiet"):
            schedule.alter_column(name, server_default=None)
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        delivery.drop_constraint(op.f("uq_delivery_workspace_id_kind_target_period"), type_="unique")
        delivery.create_unique_constraint(
            op.f("uq_delivery_workspace_id_kind_target_number_period"),
            ["workspace_id", "kind", "target", "number", "period"],
        )
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("number", server_default=None)
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(sa.Column("win_posts", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("win_posts", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("win_posts")
    # Of several digests the tables of before have room for the first only.
    op.execute("DELETE FROM delivery WHERE number > 1")
    op.execute("DELETE FROM schedule WHERE number > 1 OR kind = 'win'")
    op.execute("DELETE FROM delivery WHERE kind = 'win'")
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_constraint(op.f("uq_delivery_workspace_id_kind_target_number_period"), type_="unique")
        delivery.create_unique_constraint(
            op.f("uq_delivery_workspace_id_kind_target_period"), ["workspace_id", "kind", "target", "period"]
        )
        delivery.drop_column("number")
    with op.batch_alter_table("schedule") as schedule:
        schedule.drop_constraint(op.f("uq_schedule_workspace_id_kind_target_number"), type_="unique")
        schedule.create_unique_constraint(
            op.f("uq_schedule_workspace_id_kind_target"), ["workspace_id", "kind", "target"]
        )
        schedule.drop_constraint(op.f("fk_schedule_owner_id_member"), type_="foreignkey")
        schedule.drop_constraint(op.f("fk_schedule_pipeline_id_pipeline"), type_="foreignkey")
        for name in ("weekly_offered_at", "heeded_at", "is_quiet", "with_team", "owner_id", "pipeline_id", "number"):
            schedule.drop_column(name)
