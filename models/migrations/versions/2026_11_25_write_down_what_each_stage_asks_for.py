"""Write down the tasks and messages of each stage, and tell tasks of a stage from a deal's own next step."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stage") as stage:
        stage.add_column(sa.Column("playbook", sa.JSON(), nullable=False, server_default="[]"))
        stage.add_column(sa.Column("messages", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("stage") as stage:
        stage.alter_column("playbook", server_default=None)
        stage.alter_column("messages", server_default=None)
    with op.batch_alter_table("task") as task:
        task.add_column(sa.Column("stage_id", sa.Integer(), nullable=True))
        task.add_column(sa.Column("is_set_aside", sa.Boolean(), nullable=False, server_default=sa.false()))
        task.create_foreign_key("fk_task_stage_id_stage", "stage", ["stage_id"], ["id"])
    with op.batch_alter_table("task") as task:
        task.alter_column("is_set_aside", server_default=None)


def downgrade() -> None:
    # The version before knows one next step a deal, so it would take these for it.
    op.execute("DELETE FROM task WHERE stage_id IS NOT NULL")
    with op.batch_alter_table("task") as task:
        task.drop_constraint("fk_task_stage_id_stage", type_="foreignkey")
        task.drop_column("is_set_aside")
        task.drop_column("stage_id")
    with op.batch_alter_table("stage") as stage:
        stage.drop_column("messages")
        stage.drop_column("playbook")
