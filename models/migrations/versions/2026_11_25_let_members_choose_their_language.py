"""Let members choose their language."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("language", sa.String(16), nullable=False, server_default=""))
    with op.batch_alter_table("member") as member:
        member.alter_column("language", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.drop_column("language")
