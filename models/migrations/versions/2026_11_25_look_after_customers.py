"""Remember how satisfied customers are, when they renew, and which deals come of them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "satisfaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_satisfaction_by_id_member")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_satisfaction_deal_id_deal")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_satisfaction_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_satisfaction")),
    )
    op.create_index(op.f("ix_satisfaction_deal_id"), "satisfaction", ["deal_id"])
    op.create_index(op.f("ix_satisfaction_workspace_id"), "satisfaction", ["workspace_id"])
    with op.batch_alter_table("deal") as deal:
        deal.add_column(sa.Column("renews_on", sa.Date(), nullable=True))
        deal.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        deal.add_column(sa.Column("referred_by_id", sa.Integer(), nullable=True))
        deal.create_index(op.f("ix_deal_renews_on"), ["renews_on"])
        deal.create_foreign_key(op.f("fk_deal_follows_id_deal"), "deal", ["follows_id"], ["id"])
        deal.create_foreign_key(op.f("fk_deal_referred_by_id_deal"), "deal", ["referred_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("deal") as deal:
        deal.drop_constraint(op.f("fk_deal_referred_by_id_deal"), type_="foreignkey")
        deal.drop_constraint(op.f("fk_deal_follows_id_deal"), type_="foreignkey")
        deal.drop_index(op.f("ix_deal_renews_on"))
        deal.drop_column("referred_by_id")
        deal.drop_column("follows_id")
        deal.drop_column("renews_on")
    op.drop_table("satisfaction")
