"""What a team agrees on, each setting out of the words that people type in a command or a form."""

import re
from collections.abc import Callable
from zoneinfo import available_timezones

from moneyed import Money

from bot.faults import SettingNotUnderstood
from bot.grammar import is_nothing
from bot.services import Turn
from models.errors import AmountNotUnderstood
from models.money import currency_code
from models.reading_money import read_money
from models.workspace import Workspace


def as_agreed(workspace: Workspace) -> dict[str, str]:
    """The settings in words that read as what they are now, in the order in which they are changed."""
    return {
        "currency": workspace.currency,
        "high-value": f"{workspace.high_value.normalize():f}",
        "zone": workspace.time_zone,
        "horizon": str(workspace.horizon_days),
        "leaderboard": "on" if workspace.leaderboard else "off",
        "loss-reasons": "\n".join(workspace.loss_reasons),
    }


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


def _loss_reasons(text: str, turn: Turn) -> str:
    """`price, timing, a competitor`; `none` lets people say it in their own words."""
    reasons = [] if is_nothing(text) else [each.strip() for each in re.split(r"[,，、;；\n]", text) if each.strip()]
    turn.workspace.agree_on_loss_reasons(reasons)
    if not turn.workspace.loss_reasons:
        return turn.say("set.no_loss_reasons")
    return turn.say("set.loss_reasons", reasons=turn.workspace.loss_reasons)


def _leaderboard(text: str, turn: Turn) -> str:
    if text.lower() not in SWITCH:
        raise SettingNotUnderstood(text, EXAMPLES["leaderboard"])
    turn.workspace.leaderboard = SWITCH[text.lower()]
    return turn.say("set.leaderboard_on" if turn.workspace.leaderboard else "set.leaderboard_off")


SWITCH = {
    **dict.fromkeys(("on", "yes", "开", "开启", "打开"), True),
    **dict.fromkeys(("off", "no", "关", "关闭"), False),
}

SETTINGS: dict[str, Callable[[str, Turn], str]] = {
    "high-value": _high_value,
    "currency": _currency,
    "zone": _zone,
    "horizon": _horizon,
    "loss-reasons": _loss_reasons,
    "leaderboard": _leaderboard,
}
"""The settings that hold for all; each changes one and says so."""

EXAMPLES = {
    "high-value": "/funnel set high-value 50k",
    "currency": "/funnel set currency EUR",
    "zone": "/funnel set zone Europe/Berlin",
    "horizon": "/funnel set horizon 30",
    "loss-reasons": "/funnel set loss reasons price, timing, a competitor",
    "leaderboard": "/funnel set leaderboard off",
}
"""How each is said in a command."""
