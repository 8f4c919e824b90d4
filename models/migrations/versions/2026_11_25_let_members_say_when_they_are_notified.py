"""Let members say when, and whether, they are notified."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("notified_at", sa.String(5), nullable=False, server_default="09:00"))
        member.add_column(sa.Column("is_muted", sa.Boolean(), nullable=False, server_default=sa.false()))
        member.add_column(sa.Column("is_bundled", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("member") as member:
        for column in ("notified_at", "is_muted", "is_bundled"):
            member.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("member") as member:
        for column in ("is_bundled", "is_muted", "notified_at"):
            member.drop_column(column)
