"""Answers at the address that Slack gives with a command or a click; it takes five answers within half an hour."""

import logging
from collections.abc import Sequence
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.reply import Reply
from bot.saying import say_in_some_form
from bot.tokens import UNREACHABLE
from bot.views.blocks import Block

_log = logging.getLogger("sluice")


def respond(
    response_url: str, reply: Reply, clicked: Sequence[Block] = (), *, shows_tables: bool = True
) -> bool | None:
    """Whether all of it was said, with tables and charts; None where nothing was. What was done stands; that it could
    not be told is logged, and what else there is to say is said."""

    def send(form: Reply) -> None:
        _send(response_url, form.as_message(clicked))

    try:
        return say_in_some_form(reply, send, shows_tables=shows_tables)
    except (SlackApiError, *UNREACHABLE) as error:
        _log.warning("Slack did not take an answer: %s", error)
        return None


def take_away(response_url: str) -> None:
    """The message that was clicked goes."""
    try:
        _send(response_url, {"delete_original": True})
    except (SlackApiError, *UNREACHABLE) as error:
        _log.warning("Slack did not take a message away: %s", error)


def _send(response_url: str, message: dict[str, Any]) -> None:
    """Slack names what it refuses now as JSON, now as a bare word."""
    answer = WebhookClient(response_url).send_dict(message)
    if answer.status_code != 200 or '"ok":false' in answer.body.replace(" ", ""):
        word = "invalid_blocks" if "invalid_blocks" in answer.body else str(answer.status_code)
        told = f"{answer.status_code} {answer.body}"
        raise SlackApiError(told, {"error": word})  # type: ignore[no-untyped-call]  # the SDK's own
