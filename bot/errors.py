"""Turns what went wrong into a sentence that says what was wrong and what to type instead."""

import logging
import re
import secrets
from typing import Any

from bot.examples import example_for
from bot.faults import VerbUnknown
from bot.reply import Reply
from bot.say import Say, known
from bot.views.blocks import Element, button, context, cut, preformatted, section
from models.errors import (
    Candidate,
    DealNotFound,
    DomainError,
    FieldUnknown,
    NameMissing,
    NotAllowed,
    PipelineInvalid,
    SeveralDealsFit,
    StagesUnknown,
    TaskNotFound,
    TextMissing,
    TextTooLong,
    ValueUnknown,
)
from models.moving_errors import DealMoved, LossReasonMissing

_log = logging.getLogger("sluice")

PICK = "pick"
"""The action of the buttons that stand beside the deals that a name may mean; `app` runs their command again."""

MOST_WORDS = 2_000
"""What the value of a button holds."""

MOST_KEPT = 6_000
"""Characters of what was typed that are shown again."""

_WORTH_KEEPING = 60
"""From so many on nobody likes to type it once more."""

_LONGEST_VALUE = 150


def worded(error: DomainError, say: Say, *, command: str = "", words: str = "") -> Reply:
    """What a person is told about a fault of their own; with the command, so that a choice can run it again."""
    if isinstance(error, SeveralDealsFit) and command:
        return _choice(error, say, command, words)
    told = say(_key(error, is_typed=bool(command)), **_values(error, say), **_example(error, command, words))
    if len(words) < _WORTH_KEEPING:
        return Reply(told)
    return Reply(told, (section(told), context(say("error.typed")), preformatted(f"{command} {words}"[:MOST_KEPT])))


def beside_field(error: DomainError, say: Say) -> str:
    """The sentence for beside a field of a form, where Slack shows no markup."""
    return say.plain(_key(error), **_values(error, say)).replace("*", "").replace("`", "")


def _key(error: DomainError, *, is_typed: bool = False) -> str:
    match error:
        case DealNotFound(perhaps=perhaps) if perhaps:
            return f"{error.key}_but_one_alike"
        case DealNotFound(name=name) if re.fullmatch(r"#\d+", name):
            return f"{error.key}_by_number"
        case StagesUnknown(elsewhere=elsewhere) if elsewhere:
            return f"{error.key}_but_elsewhere"
        case TextMissing() | NameMissing() if is_typed:
            return f"{error.key}_behind"
        case VerbUnknown(likely=""):
            return f"{error.key}_and_none_alike"
        case VerbUnknown(perhaps=""):
            return f"{error.key}_but_meant"
        case DealMoved(by=""):
            return f"{error.key}_by_nobody_known"
        case LossReasonMissing(said=said) if said:
            return f"{error.key}_in_vain"
        case ValueUnknown(likely=likely) if likely:
            return f"{error.key}_but_one_alike"
        case FieldUnknown(fields_known=()) | TaskNotFound(tasks=()):
            return f"{error.key}_as_there_are_none"
    return error.key


def _values(error: DomainError, say: Say) -> dict[str, Any]:
    """The values of an error: words of the catalogue for what it only names, the beginning of what is very long."""
    values = {name: _short(value) for name, value in error.values.items()}
    for name in {"example", "command"} & values.keys():
        values[name] = example_for(values[name], say.locale)
    match error:
        case SeveralDealsFit():
            return values | {"count": len(error.candidates) + error.more}
        case NotAllowed(role):
            return {"role": say.plain(f"role.{role}")}
        case PipelineInvalid(reason):
            return {"reason": say.plain(f"error.pipeline.{reason}")}
        case TextTooLong(field) | TextMissing(field) | ValueUnknown(field):
            return values | {"field": say.plain(f"field.{field}") if known(f"field.{field}") else field}
    return values


def _example(error: DomainError, command: str, words: str) -> dict[str, str]:
    """The command as it may go on, where something is missing at its end."""
    if not command or not isinstance(error, TextMissing | NameMissing):
        return {}
    verb = words.split(maxsplit=1)[0] if words else "show"
    start = f"{verb} Acme" if isinstance(error, NameMissing) else _short(words.strip())
    return {"example": f"{command} {start}"}


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
