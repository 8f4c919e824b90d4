"""Everything that can be typed: the slash commands, their verbs, and what else people call them."""

import re
from collections.abc import Callable

from rapidfuzz import fuzz, process

from bot.commands import (
    add,
    advance,
    aftercare,
    assign,
    closing,
    funnel_aftersales,
    funnel_coaching,
    funnel_commission,
    funnel_forecast,
    funnel_leaderboard,
    funnel_leaks,
    funnel_model,
    funnel_notifications,
    funnel_nudges,
    funnel_pipelines,
    funnel_rates,
    funnel_report,
    funnel_schedules,
    funnel_settings,
    funnel_show,
    funnel_stage,
    funnel_target,
    funnel_targets,
    funnel_trend,
    help,
    listing,
    move,
    note,
    setting,
    show,
    split,
    tasks,
    undo,
    why,
)
from bot.faults import VerbUnknown
from bot.grammar import verb_and_words
from bot.intents import INTENTS
from bot.reply import Reply
from bot.services import Turn
from bot.spotting import HAN, place_of
from bot.views.help import topic_of
from models.activity import ActivityKind
from models.errors import DealNotFound

Verb = Callable[[str, Turn], Reply]

COMMANDS: dict[str, dict[str, Verb]] = {
    "/deal": {
        "add": add.run,
        "advance": advance.run,
        "move": move.run,
        "won": closing.won,
        "lost": closing.lost,
        "reopen": closing.reopen,
        "undo": undo.run,
        "show": show.run,
        "why": why.run,
        "list": listing.list_open,
        "find": listing.find,
        "note": note.of(ActivityKind.NOTE),
        "call": note.of(ActivityKind.CALL),
        "email": note.of(ActivityKind.EMAIL),
        "meeting": note.of(ActivityKind.MEETING),
        "tasks": tasks.tasks,
        "done": tasks.done,
        "template": tasks.template,
        "assign": assign.run,
        "set": setting.run,
        "split": split.run,
        "satisfaction": aftercare.rate,
        "renew": aftercare.renew,
        "refer": aftercare.refer,
        "help": help.deal,
    },
    "/funnel": {
        "show": funnel_show.run,
        "report": funnel_report.run,
        "target": funnel_target.run,
        "targets": funnel_targets.run,
        "trend": funnel_trend.run,
        "forecast": funnel_forecast.run,
        "leaderboard": funnel_leaderboard.run,
        "coaching": funnel_coaching.run,
        "commission": funnel_commission.run,
        "leaks": funnel_leaks.run,
        "aftersales": funnel_aftersales.run,
        "pipelines": funnel_pipelines.run,
        "stage": funnel_stage.run,
        "model": funnel_model.run,
        "subscribe": funnel_schedules.subscribe,
        "unsubscribe": funnel_schedules.unsubscribe,
        "schedules": funnel_schedules.schedules,
        "notifications": funnel_notifications.run,
        "nudges": funnel_nudges.run,
        "rates": funnel_rates.run,
        "settings": funnel_settings.show,
        "set": funnel_settings.change,
        "help": help.funnel,
    },
}
"""What each verb of each command does."""

WITHOUT_WORDS = {"/deal": "add", "/funnel": "show"}
"""The verb that is meant by a command alone."""

ALIASES: dict[str, dict[str, str]] = {
    "/deal": {
        **dict.fromkeys(("new", "create", "新建", "添加"), "add"),
        **dict.fromkeys(("next", "forward", "adv", "推进"), "advance"),
        **dict.fromkeys(("mv", "移动", "移到"), "move"),
        **dict.fromkeys(("win", "赢单", "赢", "赢了"), "won"),
        **dict.fromkeys(("lose", "loss", "丢单", "输单", "输", "输了", "丢了"), "lost"),
        **dict.fromkeys(("open", "重开"), "reopen"),
        **dict.fromkeys(("back", "撤销"), "undo"),
        **dict.fromkeys(("view", "see", "get", "查看"), "show"),
        **dict.fromkeys(("explain", "reasons", "score", "为什么", "为何", "原因"), "why"),
        **dict.fromkeys(("ls", "deals", "列表"), "list"),
        **dict.fromkeys(("search", "查找", "搜索"), "find"),
        **dict.fromkeys(("notes", "log", "备注"), "note"),
        **dict.fromkeys(("called", "电话"), "call"),
        **dict.fromkeys(("mail", "emailed", "邮件"), "email"),
        **dict.fromkeys(("meet", "met", "会议"), "meeting"),
        **dict.fromkeys(("give", "owner", "分配"), "assign"),
        **dict.fromkeys(("change", "update", "edit", "设置"), "set"),
        **dict.fromkeys(("share", "分成"), "split"),
        **dict.fromkeys(("task", "todo", "to-do", "任务", "待办"), "tasks"),
        **dict.fromkeys(("finish", "finished", "tick", "完成"), "done"),
        **dict.fromkeys(("templates", "message", "write", "模板", "消息模板"), "template"),
        **dict.fromkeys(("rate", "nps", "satisfied", "满意度", "评分"), "satisfaction"),
        **dict.fromkeys(("renewal", "repurchase", "续约", "复购"), "renew"),
        **dict.fromkeys(("referral", "转介绍", "推荐"), "refer"),
        **dict.fromkeys(("?", "？", "hi", "hello", "你好", "帮助"), "help"),
    },
    "/funnel": {
        **dict.fromkeys(("查看",), "show"),
        **dict.fromkeys(("reports", "报告", "报表"), "report"),
        **dict.fromkeys(("leaders", "ranking", "team", "排行榜", "排名"), "leaderboard"),
        **dict.fromkeys(("commissions", "佣金", "提成"), "commission"),
        **dict.fromkeys(("coach", "辅导", "指导"), "coaching"),
        **dict.fromkeys(("goal", "设目标", "设定目标"), "target"),
        **dict.fromkeys(("goals", "kpi", "kpis", "目标", "目标进度"), "targets"),
        **dict.fromkeys(("trends", "history", "趋势", "走势"), "trend"),
        **dict.fromkeys(("forecasts", "outlook", "预测"), "forecast"),
        **dict.fromkeys(("after-sales", "customers", "售后", "客户"), "aftersales"),
        **dict.fromkeys(("leak", "bottlenecks", "bottleneck", "流失", "瓶颈"), "leaks"),
        **dict.fromkeys(("pipeline", "销售管道", "管道"), "pipelines"),
        **dict.fromkeys(("stages", "阶段"), "stage"),
        **dict.fromkeys(("models", "模型"), "model"),
        **dict.fromkeys(("sub", "订阅"), "subscribe"),
        **dict.fromkeys(("unsub", "退订"), "unsubscribe"),
        **dict.fromkeys(("schedule", "日程"), "schedules"),
        **dict.fromkeys(("notification", "notify", "reminders", "通知", "提醒"), "notifications"),
        **dict.fromkeys(("nudge", "催办", "催办效果"), "nudges"),
        **dict.fromkeys(("rate", "exchange", "汇率"), "rates"),
        **dict.fromkeys(("config", "设置"), "settings"),
        **dict.fromkeys(("change",), "set"),
        **dict.fromkeys(("?", "？", "帮助"), "help"),
    },
}
"""What else people call the verbs."""


SUGGESTED = {
    "/deal": {},
    "/funnel": {
        **dict.fromkeys(("records", "record"), ("leaderboard", "help wins")),
        **dict.fromkeys(("纪录", "记录"), ("leaderboard", "help 喜报")),
    },
}
"""What comes nearest where no verb does what is asked for: records are told with the wins that break them."""

_ALIKE = 65
"""Out of 100."""


def answer(command: str, text: str, turn: Turn) -> Reply:
    """Carries out what was typed. Raises VerbUnknown, and whatever the verb raises."""
    verbs, aliases = COMMANDS[command], ALIASES[command]
    said, words = verb_and_words(text or WITHOUT_WORDS[command], {*verbs, *aliases})
    verb = verbs.get(aliases.get(said, said))
    if verb is None:
        if command == "/deal" and (found := _shown(text, turn)):
            return found
        likely, perhaps = (
            SUGGESTED[command].get(said)
            or _meant(command, text)
            or _helped(command, said, turn)
            or _nearest(said, [*verbs, *aliases], aliases)
        )
        raise VerbUnknown(said[:40], command, *(_in_language(each, command, turn) for each in (likely, perhaps)))
    return verb(words, turn)


def _shown(name: str, turn: Turn) -> Reply | None:
    """`/deal acme` shows that deal, if there is one."""
    try:
        return show.run(name, turn)
    except DealNotFound:
        return None


def _meant(command: str, text: str) -> tuple[str, str] | None:
    """The verb that the first words mean in plain speech, as `win rate` and `velocity` mean the report."""
    said = " ".join(text.lower().split())
    first = said.partition(" ")[0]
    found: list[tuple[int, str]] = []
    for intent in INTENTS:
        name, verb = re.split(r"[ \[]", intent.command)[:2]
        if name == command:
            begun = [len(cue) for cue in intent.cue_list if (place := place_of(cue, said)) and place[0] == 0]
            ended = [0 for cue in intent.cue_list if len(first) > 2 and cue.endswith(f" {first}")]
            found.extend((length, verb) for length in begun + ended)
    return (max(found, key=lambda each: each[0])[1], "") if found else None


def _helped(command: str, said: str, turn: Turn) -> tuple[str, str] | None:
    """`/funnel help wins` where there is no `/funnel wins`."""
    has_help = command == "/funnel" and topic_of(said, turn.say)
    return (f"help {said}", "") if has_help else None


def _in_language(verb: str, command: str, turn: Turn) -> str:
    """The verb as a reader of Chinese types it, where it has such a name."""
    if not turn.say.locale.startswith("zh"):
        return verb
    first, *rest = verb.split(maxsplit=1) or [""]
    known = (name for name, meant in ALIASES[command].items() if meant == first and HAN.match(name))
    return " ".join([next(known, first), *rest])


def _nearest(said: str, known: list[str], aliases: dict[str, str]) -> list[str]:
    """Two of them, or none where none is spelt alike."""
    ranked = process.extract(said, known, scorer=fuzz.ratio, limit=len(known))
    if ranked[0][1] < _ALIKE:
        return ["", ""]
    return list(dict.fromkeys(aliases.get(word, word) for word, _, _ in ranked))[:2]
