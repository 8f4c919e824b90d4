"""`/funnel settings` shows what the team has agreed on, `/funnel set high-value 50k` changes it."""

import re
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import available_timezones

from moneyed import Money

from bot.commands import funnel_rates
from bot.commands.setting import is_of_every_deal
from bot.faults import FieldOfEveryDeal, SettingNotUnderstood, SettingUnknown, WordsMissing
from bot.grammar import is_nothing
from bot.reply import Reply
from bot.services import Turn
from bot.views.settings import settings_view
from models.errors import AmountNotUnderstood
from models.member import Role
from models.money import currency_code
from models.reading_money import read_money
from models.workspace import one_at_a_time


def show(_words: str, turn: Turn) -> Reply:
    return Reply(turn.say("settings.title"), settings_view(turn.workspace, turn.members.all(), turn.say))


def change(words: str, turn: Turn) -> Reply:
    """Managers agree on figures; roles are given by admins; their language everybody sets. Raises NotAllowed."""
    match = _NAMED.match(words)
    if match is None or match[1].lower() not in _ONES_OWN:
        turn.member.require(Role.MANAGER)
    if not words:
        raise WordsMissing(EXAMPLES["high-value"])
    if match is None:
        raise SettingUnknown(words)
    text = words[match.end() :].strip(" :=：＝").removeprefix("to ").strip()
    name = _ONES_OWN.get(match[1].lower(), match[1].lower().replace(" ", "-"))
    name = "loss-reasons" if name.startswith("loss") else name
    if not text:
        raise WordsMissing(EXAMPLES[name])
    return Reply(SETTINGS[name](text, turn))


def _high_value(text: str, turn: Turn) -> str:
    try:
        money = read_money(text, currency=turn.workspace.currency)
    except AmountNotUnderstood:
        raise SettingNotUnderstood(text, EXAMPLES["high-value"]) from None
    if money.currency.code != turn.workspace.currency:
        raise SettingNotUnderstood(text, f"{EXAMPLES['high-value']} {turn.workspace.currency}")
    turn.workspace.high_value = money.amount
    return turn.say("set.high_value", amount=money)


def _currency(text: str, turn: Turn) -> str:
    turn.workspace.currency = currency_code(text)
    return turn.say(
        "set.currency",
        currency=turn.workspace.currency,
        high_value=Money(turn.workspace.high_value, turn.workspace.currency),
    )


def _zone(text: str, turn: Turn) -> str:
    by_name = {zone.lower(): zone for zone in available_timezones()}
    zone = by_name.get(text.replace(" ", "_").lower())
    if zone is None:
        raise SettingNotUnderstood(text, EXAMPLES["zone"])
    turn.workspace.time_zone = zone
    return turn.say("set.zone", zone=zone)


def _horizon(text: str, turn: Turn) -> str:
    days = text.lower().removesuffix("s").removesuffix("day").strip()
    if not days.isdecimal() or not 1 <= int(days[:6]) <= 365:
        raise SettingNotUnderstood(text, EXAMPLES["horizon"])
    turn.workspace.horizon_days = int(days)
    return turn.say("set.horizon", count=turn.workspace.horizon_days)


def _field(text: str, turn: Turn) -> str:
    if is_of_every_deal(text):
        raise FieldOfEveryDeal(text)
    one_at_a_time(turn.session, turn.workspace)  # they all stand in one list, and none must be lost
    return turn.say("set.field", field=turn.workspace.add_field(text))


def _loss_reasons(text: str, turn: Turn) -> str:
    """`price, timing, a competitor`; `none` lets people say it in their own words."""
    reasons = [] if is_nothing(text) else [each.strip() for each in re.split(r"[,，、;；\n]", text) if each.strip()]
    turn.workspace.agree_on_loss_reasons(reasons)
    if not turn.workspace.loss_reasons:
        return turn.say("set.no_loss_reasons")
    return turn.say("set.loss_reasons", reasons=turn.workspace.loss_reasons)


def _leaderboard(text: str, turn: Turn) -> str:
    if text.lower() not in _SWITCH:
        raise SettingNotUnderstood(text, EXAMPLES["leaderboard"])
    turn.workspace.leaderboard = _SWITCH[text.lower()]
    return turn.say("set.leaderboard_on" if turn.workspace.leaderboard else "set.leaderboard_off")


def _manager(text: str, turn: Turn) -> str:
    who, _, whose = text.partition(" for ")
    if not who.strip() or not whose.strip():
        raise SettingNotUnderstood(text, EXAMPLES["manager"])
    member = turn.person(whose)
    member.report_to(None if is_nothing(who) else turn.person(who))
    if member.manager is None:
        return turn.say("set.no_manager", name=member.name)
    return turn.say("set.manager", name=member.name, manager=member.manager.name)


def _role(text: str, turn: Turn) -> str:
    turn.member.require(Role.ADMIN)
    who, _, role = text.rpartition(" ")
    if not who.strip() or role.lower() not in list(Role):
        raise SettingNotUnderstood(text, EXAMPLES["role"])
    member = turn.person(who)
    turn.members.appoint(member, Role(role.lower()))
    return turn.say("set.role", name=member.name, role=turn.say.plain(f"role.{member.role}"))


def _language(text: str, turn: Turn) -> str:
    if text.lower() not in _LANGUAGES:
        raise SettingNotUnderstood(text, EXAMPLES["language"])
    turn.member.language = _LANGUAGES[text.lower()]
    say = replace(turn.say, locale=turn.member.reads)
    return say("set.language" if turn.member.language else "set.language_of_slack")


_LANGUAGES = {
    **dict.fromkeys(("english", "en", "英文", "英语"), "en"),
    **dict.fromkeys(("中文", "简体中文", "汉语", "chinese", "zh", "zh-cn"), "zh-CN"),
    **dict.fromkeys(("slack", "none", "跟随slack", "无"), ""),
}
"""Names of the languages that there are words in; that of Slack is no choice of one's own."""

_ONES_OWN = {"language": "language", "语言": "language"}
"""What a person sets for themselves."""

_SWITCH = {
    **dict.fromkeys(("on", "yes", "开", "开启", "打开"), True),
    **dict.fromkeys(("off", "no", "关", "关闭"), False),
}

SETTINGS: dict[str, Callable[[str, Turn], str]] = {
    "high-value": _high_value,
    "currency": _currency,
    "rate": funnel_rates.give,
    "zone": _zone,
    "horizon": _horizon,
    "field": _field,
    "loss-reasons": _loss_reasons,
    "leaderboard": _leaderboard,
    "manager": _manager,
    "role": _role,
    "language": _language,
}
"""What a team can agree on; each changes it and says so."""

EXAMPLES = {
    "high-value": "/funnel set high-value 50k",
    "currency": "/funnel set currency EUR",
    "rate": funnel_rates.EXAMPLE,
    "zone": "/funnel set zone Europe/Berlin",
    "horizon": "/funnel set horizon 30",
    "field": "/funnel set field Industry",
    "loss-reasons": "/funnel set loss reasons price, timing, a competitor",
    "leaderboard": "/funnel set leaderboard off",
    "manager": "/funnel set manager @ann for @bob",
    "role": "/funnel set role @bob manager",
    "language": "/funnel set language 中文",
}
"""How each is said, for whoever said it otherwise."""

_NAMED = re.compile(
    r"(high[- ]value|currency|rate|zone|horizon|field|loss[- ]reasons?|leaderboard|manager|role|language|语言)(?!\w)",
    re.IGNORECASE,
)
