"""Draws a picture and shares it in a channel, after what it belongs to has been said."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.reply import Picture

_log = logging.getLogger("sluice")


def share_picture(client: WebClient, channel: str, picture: Picture) -> None:
    """Raises SlackApiError where Slack will not have it."""
    client.files_upload_v2(
        channel=channel,
        content=picture.draw(),
        filename="funnel.png",
        title=picture.title,
        alt_txt=picture.alt,
    )


def post_picture(client: WebClient, channel: str, picture: Picture, response_url: str) -> None:
    """Share the picture that a person asked for; where it cannot be shared, tell them, as nothing else does."""
    try:
        share_picture(client, channel, picture)
    except SlackApiError as error:
        _log.warning("a picture could not be shared in %s: %s", channel, error.response.get("error"))
        WebhookClient(response_url).send(text=picture.sorry, response_type="ephemeral", replace_original=False)
