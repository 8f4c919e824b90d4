"""Turns what went wrong into a sentence that says what was wrong and what to type instead."""

import logging
import secrets
from typing import Any

from bot.reply import Reply
from bot.say import Say
from bot.views.blocks import button, context, section
from models.errors import Candidate, DealMoved, DomainError, SeveralDealsFit

_log = logging.getLogger("sluice")

PICK = "pick"
"""The action of the buttons that stand beside the deals that a name may mean; `app` runs their command again."""


def worded(error: DomainError, say: Say, *, command: str = "", words: str = "") -> Reply:
    """What a person is told about a fault of their own; with the command, so that a choice can run it again."""
    if isinstance(error, SeveralDealsFit) and command:
        return _choice(error, say, command, words)
    return Reply(sentence(error, say))


def sentence(error: DomainError, say: Say) -> str:
    """The sentence alone, for beside a field of a form."""
    values: dict[str, Any] = error.values
    if isinstance(error, DealMoved) and not error.by:
        return say(f"{error.key}_by_nobody_known", **values)
    return say(error.key, **values)


def unexpected(say: Say) -> Reply:
    """Logs the error being handled under a short reference, and tells the person that reference only."""
    reference = secrets.token_hex(3)
    _log.exception("unexpected error, reference %s", reference)
    return Reply(say("error.unexpected", reference=reference))


def _choice(error: SeveralDealsFit, say: Say, command: str, words: str) -> Reply:
    title = say("error.several_deals_fit", name=error.name, count=len(error.candidates) + error.more)
    rows = [
        section(
            say("deal.line", name=each.name, stage=each.stage),
            accessory=button(
                say.plain("button.this_one"),
                f"{PICK}.{each.deal_id}",
                f"{command} {_with_number(words, error.name, each)}",
                label=say.plain("button.this_one_of", name=each.name),
            ),
        )
        for each in error.candidates
    ]
    more = [context(say("list.and_more", count=error.more))] if error.more else []
    return Reply(title, (section(title), *rows, *more))


def _with_number(words: str, name: str, candidate: Candidate) -> str:
    """The same words with the deal's number instead of the name that fitted several."""
    return words.replace(name, f"#{candidate.deal_id}", 1) if name in words else f"#{candidate.deal_id}"


