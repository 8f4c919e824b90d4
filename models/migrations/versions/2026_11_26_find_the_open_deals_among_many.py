"""Find the open deals of a person among all that they ever had."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("closed_at IS NULL")
    op.create_index("ix_deal_open", "deal", ["workspace_id", "owner_id"], postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    op.drop_index("ix_deal_open", "deal")
