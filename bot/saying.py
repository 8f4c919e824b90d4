"""Says an answer with its tables and charts, and where Slack does not take those, once more without: not every
workspace has them yet."""

from collections.abc import Callable
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from bot.reply import Reply


def say_in_some_form(reply: Reply, send: Callable[[Reply], object], *, shows_tables: bool = True) -> bool:
    """Whether all of it could be said. `send` raises SlackApiError where Slack refuses what it is given."""
    plain = replace(reply, blocks=reply.plain) if reply.plain else None
    if plain and not shows_tables:
        send(plain)
        return False
    try:
        send(reply)
    except SlackApiError as error:
        if plain is None or error.response["error"] != "invalid_blocks":
            raise
        send(plain)
        return False
    return True
