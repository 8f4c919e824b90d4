"""What a stage asks of whoever works a deal there: tasks that are made when it enters, and messages to send."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.errors import PlaceholderUnknown, TextTooLong
from models.texts import PHRASE_LIMIT, clean, tidy

MESSAGE_LIMIT = 2_000
MOST = 20
"""Tasks, and messages, of one stage."""
LONGEST_DAYS = 730

_PLACEHOLDER = re.compile(r"[{｛]\s*([^{}｛｝\n]{0,40}?)\s*[}｝]")


class Placeholder(StrEnum):
    """What a message may leave open until it is written for a deal; the words that people type."""

    DEAL = "deal"
    COMPANY = "company"
    CONTACT = "contact"
    OWNER = "owner"
    AMOUNT = "amount"
    CLOSE_DATE = "close_date"
    STAGE = "stage"


_ALSO = {
    **{str(each): each for each in Placeholder},
    "name": Placeholder.DEAL,
    "close date": Placeholder.CLOSE_DATE,
    "商机": Placeholder.DEAL,
    "公司": Placeholder.COMPANY,
    "客户": Placeholder.COMPANY,
    "联系人": Placeholder.CONTACT,
    "负责人": Placeholder.OWNER,
    "金额": Placeholder.AMOUNT,
    "预计成交": Placeholder.CLOSE_DATE,
    "预计成交日期": Placeholder.CLOSE_DATE,
    "阶段": Placeholder.STAGE,
}


@dataclass(frozen=True)
class PlannedTask:
    """A task that a deal gets when it enters the stage, due so many days later; without days on none in particular."""

    text: str
    days: int | None = None
    in_working_days: bool = False

    def as_row(self) -> dict[str, Any]:
        return {"text": self.text, "days": self.days, "in_working_days": self.in_working_days}


@dataclass(frozen=True)
class Message:
    """A message with placeholders such as {deal}; its name is the subject of an e-mail, and may have them too."""

    name: str
    text: str

    def as_row(self) -> dict[str, Any]:
        return {"name": self.name, "text": self.text}

    def filled(self, values: Mapping[Placeholder, str]) -> "Message":
        """As it is sent."""
        return Message(_replaced(self.name, values.__getitem__), _replaced(self.text, values.__getitem__))


def planned_task(text: str, *, days: int | None = None, in_working_days: bool = False) -> PlannedTask:
    """Raises TextMissing, TextTooLong."""
    return PlannedTask(clean(text, field="task", limit=PHRASE_LIMIT), days, in_working_days)


def message(name: str, text: str) -> Message:
    """Its lines are kept. Raises TextMissing, TextTooLong, and PlaceholderUnknown for one that nothing could fill."""
    kept = "\n".join(tidy(line) for line in text.replace("\\n", "\n").splitlines()).strip()
    clean(kept[:1], field="template", limit=1)
    if len(kept) > MESSAGE_LIMIT:
        raise TextTooLong("template", MESSAGE_LIMIT)
    told = Message(clean(name, field="template", limit=PHRASE_LIMIT), kept)
    for part in (told.name, told.text):
        _replaced(part, str)
    return told


def _replaced(text: str, value_of: Callable[[Placeholder], str]) -> str:
    def value(match: re.Match[str]) -> str:
        known = _ALSO.get(match[1].lower())
        if known is None:
            raise PlaceholderUnknown(match[0], tuple(f"{{{each}}}" for each in Placeholder))
        return value_of(known)

    return _PLACEHOLDER.sub(value, text)
