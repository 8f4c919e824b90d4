"""Remember what a member's Home tab shows, so that it stays so when it is drawn anew."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("home", sa.String(500), nullable=False, server_default=""))
    with op.batch_alter_table("member") as member:
        member.alter_column("home", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.drop_column("home")
