"""Remember of which trade's template a pipeline was made, so that renamed stages do not hide it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OPEN_STAGES = (
    ("b2b", {"Lead identified", "First contact", "Qualified", "Proposal", "Negotiation"}),
    ("b2b", {"线索识别", "初步接触", "需求确认", "方案报价", "商务谈判"}),
    ("retail", {"First purchase", "Thanked and followed up", "Due to rebuy", "Offer sent", "Basket or visit"}),
    ("retail", {"首次购买", "感谢回访", "复购时机", "优惠触达", "加购或到店"}),
    (
        "finance",
        {
            "Enquiry",
            "Fact-find",
            "Identity and suitability",
            "Recommendation",
            "Application",
            "Underwriting",
        },
    ),
    ("finance", {"客户咨询", "需求分析", "身份核验与适当性评估", "方案建议", "提交申请", "核保审批"}),
)


def upgrade() -> None:
    with op.batch_alter_table("pipeline") as pipeline:
        pipeline.add_column(sa.Column("trade", sa.String(length=32), nullable=True))
    connection = op.get_bind()
    stages = connection.execute(
        sa.text("SELECT pipeline_id, name FROM stage WHERE kind = 'open' AND retired_into_id IS NULL")
    )
    names: dict[int, set[str]] = {}
    for pipeline_id, name in stages:
        names.setdefault(pipeline_id, set()).add(name)
    for pipeline_id, own in names.items():
        trade = next((trade for trade, of_template in _OPEN_STAGES if own <= of_template), None)
        if trade is not None:
            told = {"trade": trade, "id": pipeline_id}
            connection.execute(sa.text("UPDATE pipeline SET trade = :trade WHERE id = :id"), told)


def downgrade() -> None:
    with op.batch_alter_table("pipeline") as pipeline:
        pipeline.drop_column("trade")
