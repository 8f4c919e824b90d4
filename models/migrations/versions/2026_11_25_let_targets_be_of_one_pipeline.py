"""Let targets be of one pipeline; those that were set before stay of all."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KEY = "fk_target_pipeline_id_pipeline"


def upgrade() -> None:
    with op.batch_alter_table("target") as target:
        target.add_column(sa.Column("pipeline_id", sa.Integer(), nullable=True))
        target.create_foreign_key(op.f(KEY), "pipeline", ["pipeline_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("target") as target:
        target.drop_constraint(op.f(KEY), type_="foreignkey")
        target.drop_column("pipeline_id")
