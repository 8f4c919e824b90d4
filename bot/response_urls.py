"""Answers at the address that Slack gives with a command or a click; it takes five answers within half an hour."""

import logging
from typing import Any

from slack_sdk.webhook import WebhookClient

from bot.tokens import UNREACHABLE

_log = logging.getLogger("sluice")


def respond(response_url: str, message: dict[str, Any]) -> None:
    """What was done stands; that it could not be told is logged, and what else there is to say is said."""
    try:
        answer = WebhookClient(response_url).send_dict(message)
    except UNREACHABLE as error:
        _log.warning("an answer did not reach Slack: %s", error)
        return
    if answer.status_code != 200:
        _log.warning("Slack did not take an answer: %s %s", answer.status_code, answer.body)
