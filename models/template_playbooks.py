"""What the stages of the three trades ask for to begin with: tasks, and messages in the trade's own words.

They are kept by the name of the stage, which no two templates of a language share. A team changes them as it likes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from models.playbook import Message, PlannedTask


@dataclass(frozen=True)
class Playbook:
    """The tasks and the messages of one stage."""

    tasks: tuple[PlannedTask, ...] = ()
    messages: tuple[Message, ...] = ()


def _task(text: str, working_days: int | None = None, *, days: int | None = None) -> PlannedTask:
    return PlannedTask(text, working_days if days is None else days, in_working_days=days is None)


_B2B: Mapping[str, Playbook] = {
    "Lead identified": Playbook(
        (_task("Find out who decides, and how to reach them", 2),),
        (
            Message(
                "Who is the right person?",
                "Hello {contact},\n\nwho at {company} looks after sales tools? I would be glad of a name.\n\n{owner}",
            ),
        ),
    ),
    "First contact": Playbook(
        (_task("Call or write to them", 1), _task("Agree on a first conversation", 5)),
        (
            Message(
                "A short conversation, {company}?",
                "Hello {contact},\n\nteams like yours at {company} come to us when leads get lost on the way. "
                "May I show you in 20 minutes how others solved that? Which day suits you this week or next?\n\n"
                "Kind regards\n{owner}",
            ),
        ),
    ),
    "Qualified": Playbook(
        (_task("Write down need, budget, decision maker and date", 2), _task("Show the product", 5)),
        (
            Message(
                "What we agreed on",
                "Hello {contact},\n\nthank you for the conversation. "
                "As I understood it, you need …, have a budget of …, "
                "and want to decide by {close_date}. Did I get that right?\n\nKind regards\n{owner}",
            ),
        ),
    ),
    "Proposal": Playbook(
        (_task("Send the offer", 2), _task("Ask what they think of the offer", 5)),
        (
            Message(
                "Our offer for {company}",
                "Hello {contact},\n\nhere is our offer for {deal}, {amount} in all. "
                "Shall we go through it together this week?\n\nKind regards\n{owner}",
            ),
            Message(
                "Follow-up: our offer",
                "Hello {contact},\n\ndid you find the time to look at our offer? "
                "I am glad to answer what is open, so that you can decide by {close_date}.\n\nKind regards\n{owner}",
            ),
        ),
    ),
    "Negotiation": Playbook((_task("Agree on price and terms with whoever decides", 3), _task("Send the contract", 5))),
    "Won": Playbook(
        (
            _task("Thank the customer, and introduce whoever looks after them", 1),
            _task("Move the deal on to after-sales", 2),
        ),
        (
            Message(
                "Welcome, {company}",
                "Hello {contact},\n\nthank you for your trust. These are your next steps, and this is who helps you: …"
                "\n\nKind regards\n{owner}",
            ),
        ),
    ),
    "After-sales": Playbook(
        (
            _task("Hold the first onboarding session", 3),
            _task("Check that everything is set up and in use", days=14),
            _task("Check in after a month, and ask how satisfied they are", days=30),
            _task("Check in after a quarter, and ask for a reference", days=90),
        ),
        (
            Message(
                "How is it going, {company}?",
                "Hello {contact},\n\nhow likely are you to recommend us to a colleague, from 0 to 10? "
                "And what is the one thing that we should do better?\n\nKind regards\n{owner}",
            ),
        ),
    ),
}

_B2B_ZH: Mapping[str, Playbook] = {
    "线索识别": Playbook(
        (_task("查清谁是决策人、怎么联系", 2),),
        (Message("请问该联系哪位？", "{联系人}，您好：\n\n请问{公司}由哪位负责这方面的采购？烦请告知。\n\n{负责人}"),),
    ),
    "初步接触": Playbook(
        (_task("打电话或发消息联系对方", 1), _task("约好第一次沟通", 5)),
        (
            Message(
                "想和{公司}约一次简短沟通",
                "{联系人}，您好：\n\n不少与贵公司类似的团队找到我们，是因为线索在跟进中不断流失。"
                "能否占用您20分钟，介绍一下他们是怎么解决的？本周或下周哪天方便？\n\n{负责人}",
            ),
        ),
    ),
    "需求确认": Playbook(
        (_task("记下需求、预算、决策人和时间", 2), _task("演示产品", 5)),
        (
            Message(
                "沟通要点确认",
                "{联系人}，您好：\n\n感谢您的时间。我的理解是：需求为……，预算为……，计划在{预计成交}前决定。请问是否准确？\n\n{负责人}",
            ),
        ),
    ),
    "方案报价": Playbook(
        (_task("发出报价", 2), _task("询问对报价的意见", 5)),
        (
            Message(
                "给{公司}的报价", "{联系人}，您好：\n\n附上{商机}的报价，合计{金额}。本周方便一起过一遍吗？\n\n{负责人}"
            ),
            Message(
                "跟进：我们的报价",
                "{联系人}，您好：\n\n不知您是否看过我们的报价？有疑问随时告诉我，方便您在{预计成交}前决定。\n\n{负责人}",
            ),
        ),
    ),
    "商务谈判": Playbook((_task("与决策人谈妥价格和条款", 3), _task("发出合同", 5))),
    "赢单": Playbook(
        (_task("致谢，并介绍后续对接人", 1), _task("把商机推进到售后", 2)),
        (Message("欢迎{公司}", "{联系人}，您好：\n\n感谢您的信任。接下来的安排和对接人如下：……\n\n{负责人}"),),
    ),
    "售后服务": Playbook(
        (
            _task("召开首次启用会议", 3),
            _task("确认已配置完成并投入使用", days=14),
            _task("满月回访，并请客户打满意度分", days=30),
            _task("满季度回访，并请客户推荐", days=90),
        ),
        (
            Message(
                "使用得怎么样？",
                "{联系人}，您好：\n\n从0到10分，您有多大可能把我们推荐给同行？我们最该改进的一点是什么？\n\n{负责人}",
            ),
        ),
    ),
}

_RETAIL: Mapping[str, Playbook] = {
    "First purchase": Playbook((_task("Write down what they bought and why", days=1),)),
    "Thanked and followed up": Playbook(
        (_task("Thank them", days=1), _task("Ask whether they are happy with it", days=7)),
        (
            Message(
                "Thank you",
                "Hello {contact},\n\nthank you for your purchase. Is everything as you hoped? Just answer this message "
                "if not, and we will put it right.\n\n{owner}",
            ),
        ),
    ),
    "Due to rebuy": Playbook((_task("Ask when they will need it again", days=3),)),
    "Offer sent": Playbook(
        (_task("Remind them of the offer", days=3),),
        (
            Message(
                "Something for you, {contact}",
                "Hello {contact},\n\nit may soon be time for more. Until {close_date} we keep an offer for you: …\n\n"
                "{owner}",
            ),
        ),
    ),
    "Basket or visit": Playbook((_task("Ask what is still missing", days=1),)),
    "Repurchased": Playbook((_task("Thank them, and offer the loyalty scheme", days=2),)),
    "Loyal customer": Playbook(
        (
            _task("Ask how satisfied they are", days=30),
            _task("Invite them to bring a friend", days=60),
            _task("Check in", days=90),
        ),
        (
            Message(
                "Bring a friend",
                "Hello {contact},\n\nyou have been with us for a while. If you bring a friend, there is something for "
                "both of you: …\n\n{owner}",
            ),
        ),
    ),
}

_RETAIL_ZH: Mapping[str, Playbook] = {
    "首次购买": Playbook((_task("记下买了什么、为什么买", days=1),)),
    "感谢回访": Playbook(
        (_task("向客户致谢", days=1), _task("回访使用是否满意", days=7)),
        (
            Message(
                "感谢您的购买",
                "{联系人}，您好：\n\n感谢您的购买！用得还满意吗？如有不便请直接回复，我们马上处理。\n\n{负责人}",
            ),
        ),
    ),
    "复购时机": Playbook((_task("询问何时会再需要", days=3),)),
    "优惠触达": Playbook(
        (_task("提醒客户优惠即将到期", days=3),),
        (
            Message(
                "给{联系人}的专属优惠",
                "{联系人}，您好：\n\n差不多到了补货的时候。{预计成交}前为您保留优惠：……\n\n{负责人}",
            ),
        ),
    ),
    "加购或到店": Playbook((_task("询问还有什么顾虑", days=1),)),
    "已复购": Playbook((_task("致谢，并邀请加入会员", days=2),)),
    "忠实会员": Playbook(
        (_task("请客户打满意度分", days=30), _task("邀请客户带朋友来", days=60), _task("定期回访", days=90)),
        (
            Message(
                "带朋友来，双方有礼", "{联系人}，您好：\n\n感谢一直以来的支持。带朋友来店，两位都有礼：……\n\n{负责人}"
            ),
        ),
    ),
}

_FINANCE: Mapping[str, Playbook] = {
    "Enquiry": Playbook(
        (_task("Answer, and offer times for a meeting", 1),),
        (
            Message(
                "Your enquiry",
                "Hello {contact},\n\nthank you for your enquiry. I have time for a first conversation on … or …. "
                "It takes about half an hour and commits you to nothing.\n\n{owner}",
            ),
        ),
    ),
    "Fact-find": Playbook((_task("Send the fact-find form", 1), _task("Go through the fact-find with the client", 5))),
    "Identity and suitability": Playbook(
        (_task("Check identity (KYC, AML)", 3), _task("Record the suitability", 5)),
        (
            Message(
                "Documents that we need",
                "Hello {contact},\n\nthe rules ask us to know our clients. "
                "Please send us, over the secure channel only, "
                "a proof of identity and one of your address.\n\n{owner}",
            ),
        ),
    ),
    "Recommendation": Playbook(
        (_task("Send the recommendation with costs and risks", 3), _task("Get the client's agreement in writing", 10)),
    ),
    "Application": Playbook((_task("Check that the application is complete", 2), _task("Hand it in", 3))),
    "Underwriting": Playbook((_task("Ask the provider how it stands", 5),)),
    "Funded": Playbook((_task("Send the confirmation and the documents", 2),)),
    "Annual review": Playbook(
        (
            _task("Check that the documents have arrived", days=30),
            _task("Ask how satisfied they are", days=90),
            _task("Invite to the annual review", days=330),
        ),
        (
            Message(
                "Your annual review",
                "Hello {contact},\n\na year has passed since {deal}. Let us see whether it still suits you: has your "
                "work, your family or your plans changed?\n\n{owner}",
            ),
        ),
    ),
}

_FINANCE_ZH: Mapping[str, Playbook] = {
    "客户咨询": Playbook(
        (_task("回复客户并提供面谈时间", 1),),
        (
            Message(
                "关于您的咨询",
                "{联系人}，您好：\n\n感谢咨询。我在……或……有空，首次沟通约半小时，不收费也无需承诺。\n\n{负责人}",
            ),
        ),
    ),
    "需求分析": Playbook((_task("发出需求分析表", 1), _task("与客户一起过需求分析表", 5))),
    "身份核验与适当性评估": Playbook(
        (_task("核验身份（反洗钱）", 3), _task("适当性评估留档", 5)),
        (
            Message(
                "需要您提供的资料",
                "{联系人}，您好：\n\n按监管要求，请仅通过安全渠道提供身份证明和地址证明。\n\n{负责人}",
            ),
        ),
    ),
    "方案建议": Playbook((_task("发送方案，写明费用与风险", 3), _task("取得客户书面同意", 10))),
    "提交申请": Playbook((_task("检查申请材料是否齐全", 2), _task("提交申请", 3))),
    "核保审批": Playbook((_task("向机构询问进度", 5),)),
    "已生效": Playbook((_task("发送确认函和文件", 2),)),
    "年度检视": Playbook(
        (_task("确认文件已收到", days=30), _task("请客户打满意度分", days=90), _task("邀请做年度检视", days=330)),
        (
            Message(
                "您的年度检视",
                "{联系人}，您好：\n\n{商机}已满一年。您的工作、家庭或计划有变化吗？我们一起看看方案是否仍然合适。\n\n{负责人}",
            ),
        ),
    ),
}

PLAYBOOKS: Mapping[str, Playbook] = {**_B2B, **_B2B_ZH, **_RETAIL, **_RETAIL_ZH, **_FINANCE, **_FINANCE_ZH}
