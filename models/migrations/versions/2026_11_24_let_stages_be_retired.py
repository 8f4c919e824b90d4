"""Let a stage be retired: another one takes over its deals and its past."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stage") as stage:
        stage.add_column(sa.Column("retired_into_id", sa.Integer(), nullable=True))
        stage.create_foreign_key("fk_stage_retired_into_id_stage", "stage", ["retired_into_id"], ["id"])


def downgrade() -> None:
    # The version before knows no retired stages: they come back, empty, behind those in use.
    op.execute("UPDATE stage SET position = 1000000 - position WHERE retired_into_id IS NOT NULL")
    with op.batch_alter_table("stage") as stage:
        stage.drop_constraint("fk_stage_retired_into_id_stage", type_="foreignkey")
        stage.drop_column("retired_into_id")
