"""When, how, in which language and whether somebody is notified, each setting out of the words that they type in a
command or a form."""

from collections.abc import Callable
from dataclasses import replace

from bot.countries import country_code, country_name
from bot.faults import SettingNotUnderstood, TimesNotUnderstood
from bot.grammar import is_nothing
from bot.services import Turn
from bot.time_words import times
from models.member import Member
from models.rhythm import DAILY
from models.working_days import country_of


def as_set(member: Member) -> dict[str, str]:
    """The settings in words that read as what they are now."""
    return {
        "hour": member.notified_at,
        "unasked": "off" if member.is_muted else "on",
        "alerts": "together" if member.is_bundled else "apart",
        "country": member.country,
        "language": member.language or "slack",
    }


def mute(turn: Turn) -> str:
    turn.member.is_muted = True
    return turn.say("notifications.muted")


def unmute(turn: Turn) -> str:
    turn.member.is_muted = False
    return turn.say("notifications.unmuted", time=turn.member.notified_at)


def bundle(turn: Turn) -> str:
    turn.member.is_bundled = True
    return turn.say("notifications.together")


def part(turn: Turn) -> str:
    turn.member.is_bundled = False
    return turn.say("notifications.apart")


def at_hour(text: str, turn: Turn) -> str:
    """Raises SettingNotUnderstood."""
    try:
        chosen = times(text)
    except TimesNotUnderstood:
        raise SettingNotUnderstood(text, EXAMPLE) from None
    if chosen.weekdays != DAILY:
        raise SettingNotUnderstood(text, EXAMPLE)
    turn.member.notified_at = chosen.local_time
    return turn.say("notifications.hour_set", time=chosen.local_time, zone=turn.member.time_zone)


def in_country(text: str, turn: Turn) -> str:
    """`none` goes by the time zone again. Raises SettingNotUnderstood."""
    if is_nothing(text):
        turn.member.country = ""
        return turn.say("notifications.country_guessed", country=guessed(turn))
    code = country_code(text)
    if not code:
        raise SettingNotUnderstood(text, "/funnel notifications country DE")
    turn.member.country = code
    return turn.say("notifications.country_set", country=country_name(code, turn.say.locale))


def in_language(text: str, turn: Turn) -> str:
    """Raises SettingNotUnderstood."""
    if text.lower() not in LANGUAGES:
        raise SettingNotUnderstood(text, LANGUAGE_EXAMPLE)
    turn.member.language = LANGUAGES[text.lower()]
    say = replace(turn.say, locale=turn.member.reads)
    return say("set.language" if turn.member.language else "set.language_of_slack")


def guessed(turn: Turn) -> str:
    """The country of their time zone by its name, or that none is known."""
    code = country_of(turn.member.time_zone)
    return country_name(code, turn.say.locale) if code else turn.say.plain("notifications.no_country")


LANGUAGES = {
    **dict.fromkeys(("english", "en", "英文", "英语"), "en"),
    **dict.fromkeys(("中文", "简体中文", "汉语", "chinese", "zh", "zh-cn"), "zh-CN"),
    **dict.fromkeys(("slack", "none", "跟随slack", "无"), ""),
}
"""Names of the languages that there are words in; that of Slack is no choice of one's own."""
LANGUAGE_EXAMPLE = "/funnel set language 中文"

EXAMPLE = "/funnel notifications 8:30"

SWITCHES: dict[str, Callable[[Turn], str]] = {
    **dict.fromkeys(("mute", "off", "静音", "关", "关闭"), mute),
    **dict.fromkeys(("unmute", "on", "取消静音", "开", "开启"), unmute),
    **dict.fromkeys(("one message", "bundle", "together", "合并", "合并为一条"), bundle),
    **dict.fromkeys(("apart", "separate", "separately", "分开", "分别发送"), part),
}
"""What can be said in a word or two."""
