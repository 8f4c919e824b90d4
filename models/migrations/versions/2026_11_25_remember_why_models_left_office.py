"""Remember when a model was taken out of office, and whether a person did that or it was worse than base rates."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("model_version") as version:
        version.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        version.add_column(sa.Column("withdrawal", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("model_version") as version:
        version.drop_column("withdrawal")
        version.drop_column("withdrawn_at")
