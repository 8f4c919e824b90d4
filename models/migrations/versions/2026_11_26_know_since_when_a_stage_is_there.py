"""Know since when a stage is there that was put between others, so that reports of before do without it."""

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stage", sa.Column("inserted_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("stage", "inserted_at")
