"""What one can type, with examples, and what the person may want to do next."""

from bot.say import Say
from bot.views.blocks import Block, context, section


def deal_help(say: Say, *, open_deals: int, stalled: int) -> tuple[Block, ...]:
    """What `/deal` can do, and first what is sensible now."""
    return (
        section(next_action(say, open_deals=open_deals, stalled=stalled)),
        section(say("help.deal.move")),
        section(say("help.deal.look")),
        section(say("help.deal.write")),
        section(say("help.deal.tasks")),
        section(say("help.deal.after")),
        context(say("help.deal.tips")),
    )


def next_action(say: Say, *, open_deals: int, stalled: int) -> str:
    if not open_deals:
        return say("help.next.begin")
    if not stalled:
        return say("help.next.list", count=open_deals)
    return say("help.next.stalled", count=stalled)


TOPICS = {
    **dict.fromkeys(("reports", "report", "forecast", "报告", "报表", "预测"), "look"),
    **dict.fromkeys(("digests", "digest", "subscribe", "简报", "订阅"), "digest"),
    **dict.fromkeys(("notifications", "notification", "通知"), "notifications"),
    **dict.fromkeys(("targets", "target", "目标"), "targets"),
    **dict.fromkeys(("people", "team", "leaderboard", "commission", "团队", "人员", "提成"), "people"),
    **dict.fromkeys(("pipelines", "pipeline", "管道", "销售管道"), "pipelines"),
    **dict.fromkeys(("stages", "stage", "阶段"), "stages"),
    **dict.fromkeys(("playbooks", "playbook", "打法"), "playbook"),
    **dict.fromkeys(("scores", "score", "models", "model", "模型", "评分"), "model"),
    **dict.fromkeys(("currencies", "currency", "rates", "汇率", "货币"), "rates"),
    **dict.fromkeys(("settings", "setting", "set", "alerts", "设置", "提醒"), "set"),
}
"""What `/funnel help` tells more of, by the words for it."""


def funnel_help(say: Say, topic: str = "") -> tuple[Block, ...]:
    """What is used most and where to read on; or all of a topic."""
    if topic in TOPICS:
        return (section(say(f"help.funnel.{TOPICS[topic]}")),)
    return (section(say("help.funnel.start")), section(say("help.funnel.topics")))
