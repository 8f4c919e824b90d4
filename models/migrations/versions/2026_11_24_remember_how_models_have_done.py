"""Remember how a serving model has done since it was trained, and since when it has been bad."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("model_version") as version:
        version.add_column(sa.Column("watch", sa.JSON(), nullable=True))
        version.add_column(sa.Column("went_bad_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("model_version") as version:
        version.drop_column("went_bad_at")
        version.drop_column("watch")
