"""Reads when something is to be posted or told: `weekdays 8:30`, `mondays and thursdays at 17:00`, `monthly`."""

import re
from dataclasses import dataclass

from bot.faults import TimesNotUnderstood
from models.rhythm import DAILY, MONTHLY, QUARTERLY, WORKDAYS

_DAYS = {
    **{name: short for short, *names in (
        ("mon", "monday", "mondays", "周一", "星期一"),
        ("tue", "tues", "tuesday", "tuesdays", "周二", "星期二"),
        ("wed", "wednesday", "wednesdays", "周三", "星期三"),
        ("thu", "thur", "thurs", "thursday", "thursdays", "周四", "星期四"),
        ("fri", "friday", "fridays", "周五", "星期五"),
        ("sat", "saturday", "saturdays", "周六", "星期六"),
        ("sun", "sunday", "sundays", "周日", "周天", "星期日", "星期天"),
    ) for name in (short, *names)},
    **dict.fromkeys(("daily", "everyday", "day", "每天", "每日"), DAILY),
    **dict.fromkeys(("weekdays", "weekday", "workdays", "工作日"), WORKDAYS),
}  # fmt: skip
_FILLERS = frozenset({"at", "on", "every", "each", "and", "weekly", "每"})
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})(?:[:：.h点](\d{2})?)?\s*(am|pm|a\.m\.|p\.m\.)?(?!\w)", re.IGNORECASE)


_RHYTHMS = {
    **dict.fromkeys(("monthly", "month", "每月"), MONTHLY),
    **dict.fromkeys(("quarterly", "quarter", "每季度", "每季"), QUARTERLY),
}
_RHYTHM = re.compile(
    rf"({'|'.join(sorted(_RHYTHMS, key=len, reverse=True))})"
    r"(?:\s+(?:on\s+)?(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)|\s*(\d{1,2})\s*[日号]|\s+on day (\d{1,2})"
    r"|\s+on the first working day)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Times:
    """Some weekdays like "mon,wed", or "monthly", or "quarterly 15", and a time of 24 hours like "09:00"."""

    weekdays: str
    local_time: str


def times(words: str) -> Times:
    """`daily 9:00`, `weekdays 8:30`, `weekly monday 9am`, `mondays and thursdays at 17:00`, `monthly on the 1st`.

    Without a day it is every day, without a time nine in the morning. Raises TimesNotUnderstood.
    """
    rhythm = _RHYTHM.search(words)
    if rhythm and (day := int(rhythm[2] or rhythm[3] or rhythm[4] or 0)) <= 31:
        behind = times(f"{words[: rhythm.start()]} {words[rhythm.end() :]}")
        if behind.weekdays != DAILY:
            raise TimesNotUnderstood(words)
        name = _RHYTHMS[rhythm[1].lower()]
        return Times(f"{name} {day}" if day else name, behind.local_time)
    clock = _CLOCK.search(words)
    rest = words if clock is None else f"{words[: clock.start()]} {words[clock.end() :]}"
    chosen: set[str] = set()
    for word in re.split(r"[\s,，、]+", rest.lower().strip()):
        if word in _FILLERS or not word:
            continue
        days = _DAYS.get(word) or _DAYS.get(word.removeprefix("每"))
        if days is None:
            raise TimesNotUnderstood(words)
        chosen.update(days.split(","))
    if not chosen and "weekly" in words.lower():
        chosen = {"mon"}
    weekdays = ",".join(day for day in DAILY.split(",") if day in chosen) or DAILY
    return Times(weekdays, _local_time(clock, words) if clock else "09:00")


def _local_time(clock: re.Match[str], words: str) -> str:
    hour, minute, half = int(clock[1]), int(clock[2] or 0), (clock[3] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            raise TimesNotUnderstood(words)
        hour = hour % 12 + 12 * (half == "p")
    if hour > 23 or minute > 59:
        raise TimesNotUnderstood(words)
    return f"{hour:02}:{minute:02}"
