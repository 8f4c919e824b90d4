"""`/funnel settings` shows what the team has agreed on, `/funnel set high-value 50k` changes it."""

import re
from collections.abc import Callable

from bot import agreeing, notifying
from bot.actions import settling
from bot.commands import funnel_rates
from bot.commands.setting import is_of_every_deal
from bot.faults import FieldOfEveryDeal, SettingNotUnderstood, SettingUnknown, WordsMissing
from bot.gong import place_of_wins
from bot.grammar import is_nothing
from bot.reply import Reply
from bot.report_words import is_shadowed
from bot.services import Turn
from bot.views.settings import settings_view
from models.member import Role
from models.workspace import one_at_a_time


def show(words: str, turn: Turn) -> Reply:
    """Words behind it change a setting, as `set` does."""
    if words:
        return change(words, turn)
    wins_by = place_of_wins(turn.schedules.all())
    may_change = turn.member.role is not Role.REP
    told = settings_view(turn.workspace, turn.members.all(), wins_by, turn.say, may_change=may_change)
    return Reply(turn.say("settings.title"), told)


def change(words: str, turn: Turn) -> Reply:
    """Managers agree on figures; roles are given by admins; their language everybody sets. Raises NotAllowed."""
    match = _NAMED.match(words)
    name = CALLED[match[0].lower().replace("-", " ")] if match else ""
    if name not in _ONES_OWN:
        turn.member.require(Role.MANAGER)
    if not words and turn.can_ask:
        return settling.asked(turn)
    if not words:
        raise WordsMissing(EXAMPLES["high-value"])
    if match is None:
        raise SettingUnknown(words)
    text = words[match.end() :].strip(" :=：＝").removeprefix("to ").strip()
    if not text:
        raise WordsMissing(EXAMPLES[name])
    return Reply(SETTINGS[name](text, turn))


def _field(text: str, turn: Turn) -> str:
    if is_of_every_deal(text):
        raise FieldOfEveryDeal(text)
    one_at_a_time(turn.session, turn.workspace)  # they all stand in one list, and none must be lost
    field = turn.workspace.add_field(text)
    return turn.say("set.field_shadowed" if is_shadowed(field) else "set.field", field=field)


def _manager(text: str, turn: Turn) -> str:
    who, *others = _LEADS.split(text, maxsplit=1)
    whose = "".join(others)
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
    if not who.strip() or role.lower() not in _ROLES:
        raise SettingNotUnderstood(text, EXAMPLES["role"])
    member = turn.person(who)
    turn.members.appoint(member, _ROLES[role.lower()])
    return turn.say("set.role", name=member.name, role=turn.say.plain(f"role.{member.role}"))


_LEADS = re.compile(r" for | ?(?:管理|管|带) ?")
_ROLES = {
    **{str(role): role for role in Role},
    **dict.fromkeys(("销售代表", "销售"), Role.REP),
    **dict.fromkeys(("销售经理", "经理"), Role.MANAGER),
    "管理员": Role.ADMIN,
}

_ONES_OWN = ("language",)
"""What a person sets for themselves."""

SETTINGS: dict[str, Callable[[str, Turn], str]] = {
    **agreeing.SETTINGS,
    "rate": funnel_rates.give,
    "field": _field,
    "manager": _manager,
    "role": _role,
    "language": notifying.in_language,
}
"""What a team can agree on; each changes it and says so."""

EXAMPLES = {
    **agreeing.EXAMPLES,
    "rate": funnel_rates.EXAMPLE,
    "field": "/funnel set field Industry",
    "manager": "/funnel set manager @ann for @bob",
    "role": "/funnel set role @bob manager",
    "language": notifying.LANGUAGE_EXAMPLE,
}
"""How each is said, for whoever said it otherwise."""

CALLED = {
    **dict.fromkeys(("high value", "高价值"), "high-value"),
    **dict.fromkeys(("alert channel", "预警频道"), "alert-channel"),
    **dict.fromkeys(("escalation", "升级"), "escalation"),
    **dict.fromkeys(("alert quiet", "预警间隔"), "alert-quiet"),
    **dict.fromkeys(("nudge holdback", "nudge hold back", "不提醒比例"), "nudge-holdback"),
    **dict.fromkeys(("currency", "货币"), "currency"),
    **dict.fromkeys(("rate", "汇率"), "rate"),
    **dict.fromkeys(("zone", "time zone", "时区"), "zone"),
    **dict.fromkeys(("horizon", "评分天数"), "horizon"),
    **dict.fromkeys(("field", "字段"), "field"),
    **dict.fromkeys(("loss reasons", "loss reason", "输单原因", "丢单原因"), "loss-reasons"),
    **dict.fromkeys(("leaderboard", "排行榜"), "leaderboard"),
    **dict.fromkeys(("manager", "上级"), "manager"),
    **dict.fromkeys(("role", "角色"), "role"),
    **dict.fromkeys(("wins", "喜报"), "wins"),
    **dict.fromkeys(("language", "语言"), "language"),
}
"""What people call the settings, in either language."""

_NAMED = re.compile(
    "|".join(name.replace(" ", "[- ]") + r"(?!\w)" * name.isascii() for name in sorted(CALLED, key=len, reverse=True)),
    re.IGNORECASE,
)
