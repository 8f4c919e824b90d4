"""Pipelines to begin with, for three trades: B2B software, retail repurchase and financial services.

They are copied into the workspace in its language, in the words that salespeople of the trade use, and are its own from
then on. How many days count as stalled are round figures to begin with; a team changes them as it learns its own pace.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.pipeline import StageKind, StagePlan, Trade
from models.template_playbooks import PLAYBOOKS, Playbook


def template(trade: Trade, locale: str) -> Sequence[StagePlan]:
    """The stages of a trade in the language of a locale such as "zh-CN"; in English where there is no translation."""
    by_language = _TEMPLATES[trade]
    plans = by_language.get(locale.replace("_", "-").partition("-")[0].lower(), by_language["en"])
    return tuple(map(_with_playbook, plans))


def _with_playbook(plan: StagePlan) -> StagePlan:
    playbook = PLAYBOOKS.get(plan.name, Playbook())
    return replace(plan, tasks=playbook.tasks, messages=playbook.messages)


def first_pipeline(locale: str) -> tuple[str, Sequence[StagePlan], Trade]:
    """The name, the stages and the trade of what a new team begins with."""
    name = "销售" if locale.lower().startswith("zh") else "Sales"
    return name, template(Trade.B2B, locale), Trade.B2B


B2B = (
    StagePlan("Lead identified", goal="Know who might need us", stalled_after_days=14),
    StagePlan("First contact", goal="Speak with somebody there", stalled_after_days=10),
    StagePlan(
        "Qualified",
        goal="Agree that there is a need, a budget and a date",
        exit_criteria="Need, budget, decision maker and date are known",
        stalled_after_days=14,
    ),
    StagePlan(
        "Proposal",
        goal="Put an offer on the table",
        exit_criteria="The decision maker has the offer and has answered it",
        stalled_after_days=10,
    ),
    StagePlan(
        "Negotiation",
        goal="Agree on terms",
        exit_criteria="Price, terms and the day of signature are agreed",
        stalled_after_days=10,
    ),
    StagePlan("Won", StageKind.WON, goal="Signed"),
    StagePlan("After-sales", StageKind.AFTER_SALES, goal="A customer who buys again"),
    StagePlan("Lost", StageKind.LOST),
)
"""The seven stages that a new team begins with, and lost."""

_B2B_ZH = (
    StagePlan("线索识别", goal="弄清谁可能需要我们", stalled_after_days=14),
    StagePlan("初步接触", goal="与对方的人说上话", stalled_after_days=10),
    StagePlan(
        "需求确认",
        goal="就需求、预算和时间达成一致",
        exit_criteria="需求、预算、决策人和时间均已明确",
        stalled_after_days=14,
    ),
    StagePlan("方案报价", goal="提交方案与报价", exit_criteria="决策人已收到报价并有回复", stalled_after_days=10),
    StagePlan("商务谈判", goal="谈妥条款", exit_criteria="价格、条款和签约日期均已谈妥", stalled_after_days=10),
    StagePlan("赢单", StageKind.WON, goal="签约"),
    StagePlan("售后服务", StageKind.AFTER_SALES, goal="让客户再次购买"),
    StagePlan("输单", StageKind.LOST),
)

_RETAIL = (
    StagePlan(
        "First purchase",
        goal="Know who bought, what and why",
        exit_criteria="The customer may be contacted, and we know how",
        stalled_after_days=7,
    ),
    StagePlan(
        "Thanked and followed up",
        goal="Make sure that they are happy with it",
        exit_criteria="They have answered, and any complaint is settled",
        stalled_after_days=14,
    ),
    StagePlan(
        "Due to rebuy",
        goal="Find out when they will need it again, or what goes with it",
        exit_criteria="A product and a rough date are known",
        stalled_after_days=30,
    ),
    StagePlan(
        "Offer sent",
        goal="Give them a reason to come back now",
        exit_criteria="They have opened, clicked or replied",
        stalled_after_days=7,
    ),
    StagePlan(
        "Basket or visit",
        goal="Take away what keeps them from paying",
        exit_criteria="Product, price and delivery are settled",
        stalled_after_days=3,
    ),
    StagePlan("Repurchased", StageKind.WON, goal="Paid again"),
    StagePlan("Loyal customer", StageKind.AFTER_SALES, goal="Joins the loyalty scheme and brings friends"),
    StagePlan("Lapsed", StageKind.LOST),
)

_RETAIL_ZH = (
    StagePlan(
        "首次购买", goal="了解谁买了什么、为什么买", exit_criteria="客户同意联系，并留下联系方式", stalled_after_days=7
    ),
    StagePlan("感谢回访", goal="确认客户用得满意", exit_criteria="客户已有反馈，投诉已处理完毕", stalled_after_days=14),
    StagePlan(
        "复购时机",
        goal="弄清客户何时会再需要，或还需要什么搭配",
        exit_criteria="已知意向商品和大致时间",
        stalled_after_days=30,
    ),
    StagePlan("优惠触达", goal="给客户现在回来的理由", exit_criteria="客户已查看、点击或回复", stalled_after_days=7),
    StagePlan(
        "加购或到店", goal="消除客户付款前的顾虑", exit_criteria="商品、价格和配送均已确认", stalled_after_days=3
    ),
    StagePlan("已复购", StageKind.WON, goal="再次付款"),
    StagePlan("忠实会员", StageKind.AFTER_SALES, goal="加入会员并带来朋友"),
    StagePlan("已流失", StageKind.LOST),
)

_FINANCE = (
    StagePlan(
        "Enquiry",
        goal="Answer within the day and book a conversation",
        exit_criteria="A first meeting is in the calendar",
        stalled_after_days=3,
    ),
    StagePlan(
        "Fact-find",
        goal="Understand the client's situation, aims and attitude to risk",
        exit_criteria="The fact-find is complete and signed off by the client",
        stalled_after_days=10,
    ),
    StagePlan(
        "Identity and suitability",
        goal="Know the client as the rules ask for",
        exit_criteria="KYC and AML checks are passed, the suitability is recorded",
        stalled_after_days=10,
    ),
    StagePlan(
        "Recommendation",
        goal="Recommend what suits, with its costs and risks",
        exit_criteria="The client has read the documents and agrees in writing",
        stalled_after_days=14,
    ),
    StagePlan(
        "Application",
        goal="Hand in a complete application",
        exit_criteria="All forms and proofs are with the provider",
        stalled_after_days=10,
    ),
    StagePlan(
        "Underwriting",
        goal="Get the approval, and answer what the underwriter asks",
        exit_criteria="Approved, on terms that the client accepts",
        stalled_after_days=21,
    ),
    StagePlan("Funded", StageKind.WON, goal="The policy is in force, the account funded or the loan paid out"),
    StagePlan("Annual review", StageKind.AFTER_SALES, goal="Still suitable, and ready for what comes next"),
    StagePlan("Declined or withdrawn", StageKind.LOST),
)

_FINANCE_ZH = (
    StagePlan("客户咨询", goal="当天回复并约好面谈", exit_criteria="首次面谈已约定时间", stalled_after_days=3),
    StagePlan(
        "需求分析",
        goal="了解客户的财务状况、目标和风险偏好",
        exit_criteria="需求分析表已填写完整并由客户确认",
        stalled_after_days=10,
    ),
    StagePlan(
        "身份核验与适当性评估",
        goal="按监管要求了解客户",
        exit_criteria="身份识别与反洗钱核查通过，适当性评估已留档",
        stalled_after_days=10,
    ),
    StagePlan(
        "方案建议",
        goal="推荐合适的产品，讲清费用与风险",
        exit_criteria="客户已阅读产品文件并书面同意",
        stalled_after_days=14,
    ),
    StagePlan("提交申请", goal="提交完整的申请材料", exit_criteria="全部表格和证明已送达机构", stalled_after_days=10),
    StagePlan(
        "核保审批", goal="取得批准，及时答复审核问题", exit_criteria="已获批准，客户接受条件", stalled_after_days=21
    ),
    StagePlan("已生效", StageKind.WON, goal="保单生效、账户入金或贷款发放"),
    StagePlan("年度检视", StageKind.AFTER_SALES, goal="确认方案仍然合适，并发现新的需求"),
    StagePlan("未批准或已撤回", StageKind.LOST),
)

_TEMPLATES: Mapping[Trade, Mapping[str, Sequence[StagePlan]]] = {
    Trade.B2B: {"en": B2B, "zh": _B2B_ZH},
    Trade.RETAIL: {"en": _RETAIL, "zh": _RETAIL_ZH},
    Trade.FINANCE: {"en": _FINANCE, "zh": _FINANCE_ZH},
}
