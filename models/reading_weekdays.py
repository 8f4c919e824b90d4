"""Days named as days of the week, in English and Chinese: `friday`, `next week on tuesday`, `下周五`."""

import re
from datetime import date, timedelta
from functools import cache
from typing import Literal

from babel.dates import get_day_names


def day_of_week(text: str, today: date) -> date | None:
    """The day that the whole text names; None for what names none."""
    match = _weekday_phrase().fullmatch(_as_weekday(text))
    if match is None:
        return None
    weekday = _weekdays()[match["day"]]
    monday = today - timedelta(days=today.weekday())
    match match["which"]:
        case None | "coming":
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
        case "this" | "本" | "这" | "这个":
            return monday + timedelta(days=weekday)
        case "下下" | "下下个":
            return monday + timedelta(days=weekday + 14)
        case _:
            return monday + timedelta(days=weekday + 7)


@cache
def _weekdays() -> dict[str, int]:
    widths: tuple[Literal["wide"], Literal["abbreviated"]] = ("wide", "abbreviated")
    names = {
        name.lower(): weekday
        for language in ("en", "zh")
        for width in widths
        for weekday, name in get_day_names(width, "format", language).items()
    }
    sundays = {"周天": 6, "星期天": 6}
    weeks = {name.replace("周", "礼拜"): weekday for name, weekday in names.items() if name.startswith("周")}
    return names | sundays | weeks


@cache
def _weekday_phrase() -> re.Pattern[str]:
    days = "|".join(sorted(_weekdays(), key=len, reverse=True))
    return re.compile(rf"(?:on )?(?:the )?(?P<which>this|next|coming|本|这个?|下个?|下下个?)? ?(?P<day>{days})")


_SAID_OTHERWISE = (
    (re.compile(r"(?:by|about|around|at) |[.]$| (?:morning|noon|afternoon|evening)|[上下]午|早上|晚上"), ""),
    (re.compile(r"([a-z]+),? (?:of )?((?:this|next) )week"), r"\2\1"),
    (re.compile(r"((?:this|next) )week(?:'s|,)? (?:on )?(?=[a-z])"), r"\1"),
    (re.compile(r"this coming (?=[a-z])"), "this "),
    (re.compile(r"(?<=周)的 ?(?:周|星期|礼拜)"), ""),
)
"""`next week on friday`, `friday next week` and `by next friday` are all `next friday`."""


def _as_weekday(text: str) -> str:
    for otherwise, plain in _SAID_OTHERWISE:
        text = otherwise.sub(plain, text)
    return text
