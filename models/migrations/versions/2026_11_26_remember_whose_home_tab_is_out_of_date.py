"""Remember whose Home tab shows what is no longer so."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("is_home_outdated", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("member") as member:
        member.alter_column("is_home_outdated", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.drop_column("is_home_outdated")
