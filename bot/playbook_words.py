"""Reads what a stage's playbook is to have: `Proposal task "Send the offer" in 2 working days`, in either order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.playbook import LONGEST_DAYS


class Part(StrEnum):
    TASK = "task"
    TEMPLATE = "template"
    ALL = "playbook"


_PARTS = {
    **dict.fromkeys(("task", "tasks", "任务"), Part.TASK),
    **dict.fromkeys(("template", "templates", "message", "模板", "消息"), Part.TEMPLATE),
    **dict.fromkeys(("playbook", "打法", "操作手册"), Part.ALL),
}
_REMOVE = frozenset({"remove", "delete", "drop", "删除", "移除"})
_QUOTED = re.compile(r'"([^"]+)"|[“„]([^“”„]+)[“”]|«([^«»]+)»|「([^「」]+)」|＂([^＂]+)＂')
_DUE = re.compile(
    r"(?:^|\s)(?:(?:in|after|within|due in)\s+)?(\d{1,3})\s*"
    r"(?:(?P<work>(?:working|business|work)\s*days?|个?工作日)|(?P<week>weeks?|w|周|星期)|(?:days?|d|天|日))(?:内|后|之内|之后)?$",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"(?:^|\s)(?:today|at once|the same day|当天|今天)$", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """What was said of which stage; without `title` its list is asked for. `text` is that of a message."""

    part: Part
    stage: str
    title: str = ""
    text: str = ""
    days: int | None = None
    in_working_days: bool = False
    is_removal: bool = False


def names_playbook(words: str) -> bool:
    """Whether a sentence about a stage speaks of its tasks or messages."""
    return any(word.lower() in _PARTS for word in _before_quotes(words).split())


def told(words: str) -> Told | None:
    """None where a stage is missing, or the days are too many or none that can be read."""
    head = _before_quotes(words)
    quoted = [_inside(match) for match in _QUOTED.finditer(words[len(head) :])]
    tail = _QUOTED.sub(" ", words[len(head) :]).strip(" :：,，")
    before, part, after = _at_part(head.split())
    is_removal = bool({*map(str.lower, before), *map(str.lower, after)} & _REMOVE)
    before, after = ([word for word in each if word.lower() not in _REMOVE] for each in (before, after))
    stage = " ".join(before or after)
    rest = " ".join([*(after if before else []), tail]).strip()
    if part is None or not stage:
        return None
    if part is Part.ALL:
        return Told(part, stage, " ".join([rest, *quoted]).strip())
    if part is Part.TEMPLATE:
        named = " ".join(after) if before else ""
        title, *texts = [*([named] if named else []), *quoted] or [rest]
        return Told(part, stage, title, " ".join(texts) or (tail if quoted else ""), is_removal=is_removal)
    days, in_working_days, rest = _due(rest)
    if (quoted and rest) or (days or 0) > LONGEST_DAYS:
        return None
    return Told(part, stage, quoted[0] if quoted else rest, "", days, in_working_days, is_removal)


def _at_part(words: Sequence[str]) -> tuple[list[str], Part | None, list[str]]:
    for place, word in enumerate(words):
        if word.lower() in _PARTS:
            return list(words[:place]), _PARTS[word.lower()], list(words[place + 1 :])
    return list(words), None, []


def _due(text: str) -> tuple[int | None, bool, str]:
    """The days, whether they are working days, and the words before them."""
    if match := _DUE.search(text):
        days = int(match[1]) * (7 if match["week"] else 1)
        return days, match["work"] is not None, text[: match.start()].strip()
    if match := _AT_ONCE.search(text):
        return 0, False, text[: match.start()].strip()
    return None, False, text


def _before_quotes(words: str) -> str:
    match = _QUOTED.search(words)
    return words[: match.start()] if match else words


def _inside(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group).strip()
