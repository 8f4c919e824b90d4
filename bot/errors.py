"""Turns what went wrong into a sentence that says what was wrong and what to type instead."""

import logging
import re
import secrets
from typing import Any

from bot.reply import Reply
from bot.say import Say, known
from bot.views.blocks import Element, button, context, cut, section
from models.errors import (
    Candidate,
    DealMoved,
    DomainError,
    FieldUnknown,
    NotAllowed,
    PipelineInvalid,
    SeveralDealsFit,
    TextMissing,
    TextTooLong,
)

_log = logging.getLogger("sluice")

PICK = "pick"
"""The action of the buttons that stand beside the deals that a name may mean; `app` runs their command again."""

MOST_WORDS = 2_000
"""What the value of a button holds."""

_LONGEST_VALUE = 150


def worded(error: DomainError, say: Say, *, command: str = "", words: str = "") -> Reply:
    """What a person is told about a fault of their own; with the command, so that a choice can run it again."""
    if isinstance(error, SeveralDealsFit) and command:
        return _choice(error, say, command, words)
    return Reply(say(_key(error), **_values(error, say)))


def beside_field(error: DomainError, say: Say) -> str:
    """The sentence for beside a field of a form, where Slack shows no markup."""
    return say.plain(_key(error), **_values(error, say)).replace("*", "").replace("`", "")


def _key(error: DomainError) -> str:
    match error:
        case DealMoved(by=""):
            return f"{error.key}_by_nobody_known"
        case FieldUnknown(fields_known=()):
            return f"{error.key}_as_there_are_none"
    return error.key


def _values(error: DomainError, say: Say) -> dict[str, Any]:
    """The values of an error: words of the catalogue for what it only names, the beginning of what is very long."""
    values = {name: _short(value) for name, value in error.values.items()}
    match error:
        case SeveralDealsFit():
            return values | {"count": len(error.candidates) + error.more}
        case NotAllowed(role):
            return {"role": say.plain(f"role.{role}")}
        case PipelineInvalid(reason):
            return {"reason": say.plain(f"error.pipeline.{reason}")}
        case TextTooLong(field) | TextMissing(field):
            return values | {"field": say.plain(f"field.{field}") if known(f"field.{field}") else field}
    return values


def _short(value: Any) -> Any:
    return cut(value, _LONGEST_VALUE) if isinstance(value, str) else value


def unexpected(say: Say) -> Reply:
    """Logs the error being handled under a short reference, and tells the person that reference only."""
    reference = secrets.token_hex(3)
    _log.exception("unexpected error, reference %s", reference)
    return Reply(say("error.unexpected", reference=reference))


def _choice(error: SeveralDealsFit, say: Say, command: str, words: str) -> Reply:
    title = say(error.key, **_values(error, say))
    again = {each: f"{command} {with_number(words, error.name, each.deal_id)}" for each in error.candidates}
    can_click = all(len(text) <= MOST_WORDS for text in again.values())
    rows = [
        section(
            say("pick.line", name=each.name, stage=each.stage, number=f"#{each.deal_id}"),
            accessory=_this_one(each, text, say) if can_click else None,
        )
        for each, text in again.items()
    ]
    more = [context(say("list.and_more", count=error.more))] if error.more else []
    tip = [] if can_click else [context(say("pick.by_number", number=f"#{error.candidates[0].deal_id}"))]
    return Reply(title, (section(title), *rows, *more, *tip))


def _this_one(candidate: Candidate, again: str, say: Say) -> Element:
    label = say.plain("button.this_one_of", name=candidate.name)
    return button(say.plain("button.this_one"), f"{PICK}.{candidate.deal_id}", again, label=label)


def with_number(words: str, name: str, deal_id: int) -> str:
    """The same words with the deal's number instead of the name that fitted several; the verb is no name."""
    verb = re.match(r"\s*\S+\s*", words)
    start = words.find(name, verb.end() if verb else 0)
    start = start if start >= 0 else words.find(name)
    return f"{words[:start]}#{deal_id}{words[start + len(name) :]}"
