"""What a team agrees on, each setting out of the words that people type in a command or a form."""

import re
from collections.abc import Callable
from zoneinfo import available_timezones

from moneyed import Money

from bot import gong
from bot.faults import ChannelUnknown, SettingNotUnderstood
from bot.grammar import channels_mentioned, is_nothing
from bot.say import Percent
from bot.schedules.routines import alert_in
from bot.services import Turn
from bot.views.schedules import channel_link
from models.nudge import MOST_HELD_BACK
from models.reading_errors import AmountNotUnderstood
from models.reading_money import read_currency, read_money
from models.texts import is_no_reason
from models.workspace import Workspace


def as_agreed(workspace: Workspace, wins_told_in: str = "") -> dict[str, str]:
    """The settings in words that read as what they are now, in the order in which they are changed. `wins_told_in` is
    a channel's id; empty where none was chosen."""
    return {
        "currency": workspace.currency,
        "high-value": f"top {top} %" if (top := workspace.high_value_top) else f"{workspace.high_value.normalize():f}",
        "escalation": f"{workspace.manager_after_days}, {workspace.channel_after_days}",
        "alert-quiet": str(workspace.alert_quiet_days),
        "nudge-holdback": f"{workspace.nudge_holdback} %",
        "zone": workspace.time_zone,
        "horizon": str(workspace.horizon_days),
        "leaderboard": "on" if workspace.leaderboard else "off",
        "alert-channel": _mention(workspace.alert_channel),
        "win-channel": _mention(wins_told_in),
        "wins": "on" if workspace.win_posts else "off",
        "loss-reasons": "\n".join(workspace.loss_reasons),
    }


def _high_value(text: str, turn: Turn) -> str:
    """`50k`, or `top 10%` of what is open."""
    if top := _TOP.fullmatch(text):
        if not 1 <= int(top[1]) <= MOST_OF_ALL:
            raise SettingNotUnderstood(text, "/funnel set high-value top 10%")
        turn.workspace.high_value_top = int(top[1])
        return turn.say("set.high_value_top", share=Percent(int(top[1]) / 100))
    try:
        money = read_money(text, currency=turn.workspace.currency)
    except AmountNotUnderstood:
        raise SettingNotUnderstood(text, EXAMPLES["high-value"]) from None
    if money.currency.code != turn.workspace.currency:
        raise SettingNotUnderstood(text, f"{EXAMPLES['high-value']} {turn.workspace.currency}")
    turn.workspace.high_value, turn.workspace.high_value_top = money.amount, 0
    return turn.say("set.high_value", amount=money)


def _currency(text: str, turn: Turn) -> str:
    turn.workspace.currency = read_currency(text)
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
    days = text.lower().removesuffix("s").removesuffix("day").removesuffix("天").strip()
    if not days.isdecimal() or not 1 <= int(days[:6]) <= 365:
        raise SettingNotUnderstood(text, EXAMPLES["horizon"])
    turn.workspace.horizon_days = int(days)
    return turn.say("set.horizon", count=turn.workspace.horizon_days)


def _loss_reasons(text: str, turn: Turn) -> str:
    """`price, timing, a competitor`; `none` lets people say it in their own words."""
    reasons = [] if is_nothing(text) else [each.strip() for each in re.split(r"[,，、;；\n]", text) if each.strip()]
    if none := next(filter(is_no_reason, reasons), ""):  # nobody could lose a deal for it
        raise SettingNotUnderstood(none, EXAMPLES["loss-reasons"])
    turn.workspace.agree_on_loss_reasons(reasons)
    if not turn.workspace.loss_reasons:
        return turn.say("set.no_loss_reasons")
    return turn.say("set.loss_reasons", reasons=turn.workspace.loss_reasons)


def _alert_channel(text: str, turn: Turn) -> str:
    """`here`, where it is said, `#board`, or `none`."""
    if is_nothing(text):
        alert_in(turn.session, turn.workspace, "", by=turn.member, at=turn.now)
        return turn.say("set.no_alert_channel")
    channel = _channel(text, turn, "alert-channel")
    alert_in(turn.session, turn.workspace, channel, by=turn.member, at=turn.now)
    where, days = channel_link(channel), turn.workspace.channel_after_days
    return turn.say("set.alert_channel", channel=where, count=days)


def _escalation(text: str, turn: Turn) -> str:
    """`1 then 5`: working days until the manager hears, and until the channel does."""
    days = [int(each) for each in re.findall(r"\d{1,3}", text)]
    if len(days) != 2 or not 0 <= days[0] <= days[1] <= LONGEST_WAIT:
        raise SettingNotUnderstood(text, EXAMPLES["escalation"])
    turn.workspace.manager_after_days, turn.workspace.channel_after_days = days
    return turn.say("set.escalation", manager=days[0], channel=days[1])


def _alert_quiet(text: str, turn: Turn) -> str:
    days = text.lower().removesuffix("s").removesuffix("day").removesuffix("working").removesuffix("天").strip()
    if not days.isdecimal() or int(days[:4]) > LONGEST_WAIT:
        raise SettingNotUnderstood(text, EXAMPLES["alert-quiet"])
    turn.workspace.alert_quiet_days = int(days)
    return turn.say("set.alert_quiet", count=turn.workspace.alert_quiet_days)


def _nudge_holdback(text: str, turn: Turn) -> str:
    """`10%`, or `off`."""
    share = "0" if is_nothing(text) or SWITCH.get(text.lower()) is False else text.rstrip("%％ ")
    if not share.isdecimal() or int(share[:4]) > MOST_HELD_BACK:
        raise SettingNotUnderstood(text, EXAMPLES["nudge-holdback"])
    turn.workspace.nudge_holdback = int(share)
    if not turn.workspace.nudge_holdback:
        return turn.say("set.no_nudge_holdback")
    return turn.say("set.nudge_holdback", share=Percent(turn.workspace.nudge_holdback / 100))


def _leaderboard(text: str, turn: Turn) -> str:
    if text.lower() not in SWITCH:
        raise SettingNotUnderstood(text, EXAMPLES["leaderboard"])
    turn.workspace.leaderboard = SWITCH[text.lower()]
    return turn.say("set.leaderboard_on" if turn.workspace.leaderboard else "set.leaderboard_off")


def _win_channel(text: str, turn: Turn) -> str:
    channel = _channel(text, turn, "wins")
    gong.hang(turn.session, turn.workspace, channel, by=turn.member, at=turn.now)
    return turn.say("set.wins_here", channel=channel_link(channel))


def _wins(text: str, turn: Turn) -> str:
    """`here`, `#sales`, or on and off, which leaves the place as it is: at first the channel of the first digest."""
    if text.lower() not in SWITCH:
        return _win_channel(text, turn)
    turn.workspace.win_posts = SWITCH[text.lower()]
    return turn.say("set.wins_on" if turn.workspace.win_posts else "set.wins_off")


def _channel(text: str, turn: Turn, setting: str) -> str:
    """The channel that is meant by `here` or `#sales`. Raises SettingNotUnderstood, ChannelUnknown."""
    if text.lower() in _HERE and turn.channel.startswith(("C", "G")):
        return turn.channel
    found = turn.channels.get(text) or next(iter(channels_mentioned(text).values()), "")
    if not found and text.startswith("#"):
        raise ChannelUnknown(text, EXAMPLES[setting])
    if not found:
        raise SettingNotUnderstood(text, EXAMPLES[setting])
    return found


def _mention(channel: str) -> str:
    return f"<#{channel}>" if channel else ""


LONGEST_WAIT = 60
MOST_OF_ALL = 50
_TOP = re.compile(r"(?:the )?(?:top|前)\s*(\d{1,2})\s*[%％]", re.IGNORECASE)
_HERE = ("here", "this channel", "这里", "本频道")

SWITCH = {
    **dict.fromkeys(("on", "yes", "开", "开启", "打开"), True),
    **dict.fromkeys(("off", "no", "关", "关闭"), False),
}

SETTINGS: dict[str, Callable[[str, Turn], str]] = {
    "high-value": _high_value,
    "alert-channel": _alert_channel,
    "escalation": _escalation,
    "alert-quiet": _alert_quiet,
    "nudge-holdback": _nudge_holdback,
    "currency": _currency,
    "zone": _zone,
    "horizon": _horizon,
    "loss-reasons": _loss_reasons,
    "leaderboard": _leaderboard,
    "win-channel": _win_channel,
    "wins": _wins,
}
"""The settings that hold for all; each changes one and says so."""

EXAMPLES = {
    "high-value": "/funnel set high-value 50k",
    "alert-channel": "/funnel set alert channel here",
    "escalation": "/funnel set escalation 1 then 5",
    "alert-quiet": "/funnel set alert quiet 5",
    "nudge-holdback": "/funnel set nudge holdback 10%",
    "currency": "/funnel set currency EUR",
    "zone": "/funnel set zone Europe/Berlin",
    "horizon": "/funnel set horizon 30",
    "loss-reasons": "/funnel set loss reasons price, timing, a competitor",
    "leaderboard": "/funnel set leaderboard off",
    "win-channel": "/funnel set wins here",
    "wins": "/funnel set wins here",
}
"""How each is said in a command."""
