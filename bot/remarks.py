"""Hears what people say to the bot, in a direct message or by its name in a channel, and answers where they said it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import unexpected, worded
from bot.grammar import as_typed, mentioned
from bot.pictures import share_picture
from bot.reply import Labour, Picture, Place, Reply
from bot.saying import say_in_some_form
from bot.services import AlreadyDone, Services, Turn
from bot.speech import converse
from bot.tokens import UNREACHABLE
from models.errors import DomainError

Body = dict[str, Any]

_log = logging.getLogger("sluice")


@dataclass(frozen=True)
class Spot:
    """Where something was said, and by whom."""

    channel: str
    user: str
    ts: str
    thread_ts: str | None
    is_direct: bool


class Hearing:
    """Slack tells an event again when it heard nothing; its id is carried out once."""

    def __init__(self, client: WebClient, services: Services) -> None:
        self._client = client
        self._services = services

    def on_mention(self, ack: Ack, event: Body, body: Body) -> None:
        ack()
        if _is_fresh_and_human(event):
            self._services.in_time(self._hear, event, body, is_direct=False)

    def on_message(self, ack: Ack, event: Body, body: Body) -> None:
        """In a channel the bot listens only to its name."""
        ack()
        if event.get("channel_type") == "im" and _is_fresh_and_human(event):
            self._services.in_time(self._hear, event, body, is_direct=True)

    def _hear(self, event: Body, body: Body, *, is_direct: bool) -> None:
        said = as_typed(_without_own_name(event.get("text") or "", body))
        spot = Spot(event["channel"], event["user"], event["ts"], event.get("thread_ts"), is_direct)
        reply = self._turn(lambda turn: converse(said, turn), body, spot, mentions=mentioned(said))
        if reply:
            self._services.afterwards(self._say, reply, spot)

    def _turn(self, work: Callable[[Turn], Reply], body: Body, spot: Spot, *, mentions: list[str]) -> Reply | None:
        """What to answer; None when this was answered before."""
        team, once = body["team_id"], body["event_id"]
        try:
            with self._services.turn(team, spot.user, once=once, channel=spot.channel, mentioned=mentions) as turn:
                return work(turn)
        except AlreadyDone:
            return None
        except DomainError as error:
            return worded(error, self._services.voice(spot.user))
        except Exception:  # told with a reference, logged with its traceback
            return unexpected(self._services.voice(spot.user))

    # What is said once the turn is committed

    def _say(self, reply: Reply, spot: Spot) -> None:
        """What is for everybody goes into the thread of what was said; what is private to the person alone."""
        is_whole, shows_tables = False, self._services.shows_tables
        try:
            is_whole = say_in_some_form(reply, lambda form: self._send(form, spot), shows_tables=shows_tables)
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("an answer in %s could not be said: %s", spot.channel, error)
        self._follow_up(reply, spot, is_whole=is_whole)

    def _send(self, reply: Reply, spot: Spot) -> None:
        message: Body = {"text": reply.text, "blocks": list(reply.blocks) or None, "channel": spot.channel}
        if spot.is_direct:
            self._client.chat_postMessage(**message, thread_ts=spot.thread_ts)
        elif reply.place is Place.CHANNEL:
            self._client.chat_postMessage(**message, thread_ts=spot.thread_ts or spot.ts)
        else:
            self._client.chat_postEphemeral(**message, user=spot.user, thread_ts=spot.thread_ts)

    def _follow_up(self, reply: Reply, spot: Spot, *, is_whole: bool) -> None:
        if reply.then:
            self._say(reply.then, spot)
        if reply.picture and not (is_whole and reply.picture.is_instead):
            self._share(reply.picture, spot)
        if reply.labour:
            hand_over = self._services.afterwards if reply.labour.is_short else self._services.at_length
            hand_over(self._say_done, reply.labour, spot)

    def _share(self, picture: Picture, spot: Spot) -> None:
        try:
            share_picture(self._client, spot.channel, picture, thread_ts=spot.thread_ts)
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("a picture could not be shared in %s: %s", spot.channel, error)
            self._say(Reply(picture.sorry), spot)

    def _say_done(self, labour: Labour, spot: Spot) -> None:
        try:
            done = labour.do(self._services.database)
        except Exception:
            self._say(Reply(labour.sorry), spot)
            raise
        self._say(done, spot)


def _is_fresh_and_human(event: Body) -> bool:
    """Not a bot's words, nor what was edited, deleted or otherwise told about a message."""
    return bool(event.get("user")) and not event.get("bot_id") and not event.get("subtype") and "edited" not in event


def _without_own_name(text: str, body: Body) -> str:
    for each in body.get("authorizations") or ():
        text = text.replace(f"<@{each['user_id']}>", " ")
    return text.strip()
