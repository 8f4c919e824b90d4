"""Draws a picture and shares it in a channel, after what it belongs to has been said."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.reply import Picture, Reply
from bot.response_urls import respond
from bot.tokens import UNREACHABLE
from bot.views.blocks import cut

_LONGEST_ALT_TEXT = 1_000
"""What Slack takes of a file's alternative text."""

_log = logging.getLogger("sluice")


def share_picture(client: WebClient, channel: str, picture: Picture, *, thread_ts: str | None = None) -> None:
    """Raises SlackApiError where Slack will not have it."""
    client.files_upload_v2(
        channel=channel,
        content=picture.draw(),
        filename=picture.filename,
        title=picture.title,
        alt_txt=cut(picture.alt, _LONGEST_ALT_TEXT),
        thread_ts=thread_ts,
    )


def post_picture(client: WebClient, channel: str, picture: Picture, response_url: str) -> None:
    """Share the picture that a person asked for; where it cannot be shared, tell them, as nothing else does."""
    try:
        share_picture(client, channel, picture)
    except (SlackApiError, *UNREACHABLE) as error:
        _log.warning("a picture could not be shared in %s: %s", channel, error)
        respond(response_url, Reply(picture.sorry))
