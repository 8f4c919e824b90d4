"""Look up the deals of each stage by currency, so that those in the workspace's own are added up by amount alone."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_deal_standing", table_name="deal")
    op.create_index(
        "ix_deal_standing", "deal", ["workspace_id", "pipeline_id", "stage_id", "currency", "closed_at", "amount"]
    )


def downgrade() -> None:
    op.drop_index("ix_deal_standing", table_name="deal")
    op.create_index(
        "ix_deal_standing", "deal", ["workspace_id", "stage_id", "closed_at", "currency", "amount", "pipeline_id"]
    )
