"""Find Home tabs that are out of date without reading all members."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

OUTDATED = sa.text("is_home_outdated")


def upgrade() -> None:
    op.create_index("ix_member_is_home_outdated", "member", ["id"], sqlite_where=OUTDATED, postgresql_where=OUTDATED)


def downgrade() -> None:
    op.drop_index("ix_member_is_home_outdated", "member")
