"""What one can type, with examples, and what the person may want to do next."""

import re

from rapidfuzz import fuzz, process

from bot.say import Say
from bot.views.blocks import Block, context, cut, section

NAME = 60


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

_TYPED = re.compile(r"`(?:/funnel )?([^`]*)`")
_SHORTEST = 3
_ALIKE = 75
"""Out of 100."""


def funnel_help(say: Say, topic: str = "") -> tuple[Block, ...]:
    """What is used most and where to read on; or all of the topic that is meant."""
    if found := topic_of(topic, say):
        return (section(say(f"help.funnel.{found}")),)
    general = (section(say("help.funnel.start")), section(say("help.funnel.topics")))
    return (section(say("help.funnel.no_topic", topic=cut(topic, NAME))), *general) if topic else general


def topic_of(text: str, say: Say) -> str:
    """Which one is meant: by its name, by a word of a command that it tells of, or misspelt; else empty."""
    word = text.strip().lower()
    if word in TOPICS or not word:
        return TOPICS.get(word, "")
    if len(word) >= _SHORTEST or not word.isascii():
        start = re.compile(rf"(?<!\w){re.escape(word)}" if word.isascii() else re.escape(word), re.IGNORECASE)
        for voice in (say, *map(Say, ("en", "zh-CN"))):
            for topic in dict.fromkeys(TOPICS.values()):
                if any(start.search(typed) for typed in _TYPED.findall(voice(f"help.funnel.{topic}"))):
                    return topic
    near = process.extractOne(word, TOPICS, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return TOPICS[near[0]] if near else ""
