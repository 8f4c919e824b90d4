"""Hears reactions on what Slack shows of a deal: a reply becomes a note, and a card's deal moves on or is won.

Which deal a post speaks of stands in its buttons, so nothing about posts is kept; Slack is asked for the message.
"""

import logging
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.commands import answer
from bot.errors import PICK, unexpected, worded
from bot.grammar import as_typed
from bot.reply import Reply
from bot.services import AlreadyDone, Services, Turn
from bot.tokens import UNREACHABLE
from bot.views.blocks import cut
from bot.views.buttons import read_value
from bot.views.doubt import asked
from models.errors import DomainError
from models.texts import NOTE_LIMIT

Body = dict[str, Any]

MEMO = "memo"
"""On a reply: it is kept as a note of the deal."""

VERBS = {"fast_forward": "advance", "trophy": "won"}
"""On a post: what it asks to do with the deal."""

_log = logging.getLogger("sluice")


class Reacting:
    """A reaction counts once for a message; taking it back does nothing."""

    def __init__(self, client: WebClient, services: Services) -> None:
        self._client = client
        self._services = services

    def on_reaction(self, ack: Ack, event: Body, body: Body) -> None:
        ack()
        if event["item"].get("type") == "message" and event["reaction"] in (MEMO, *VERBS):
            self._services.afterwards(self._react, event, body["team_id"])

    def _react(self, event: Body, team: str) -> None:
        channel, ts, reaction, user = event["item"]["channel"], event["item"]["ts"], event["reaction"], event["user"]
        try:
            message = self._read(channel, ts)
            is_reply = message.get("thread_ts", ts) != ts
            post = self._read(channel, message["thread_ts"]) if is_reply else message
            deal_id = deal_of(post)
            if deal_id is None or is_reply != (reaction == MEMO):
                return
            link = self._client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"] if is_reply else ""
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("a message in %s could not be read: %s", channel, error)
            return
        once = f"react:{channel}:{ts}:{reaction}" + ("" if is_reply else f":{user}")
        try:
            with self._services.turn(team, user, once=once, channel=channel) as turn:
                reply = (
                    _noted(deal_id, as_typed(message.get("text") or ""), link, turn)
                    if is_reply
                    else _asked(deal_id, VERBS[reaction], turn)
                )
        except AlreadyDone:
            return
        except DomainError as error:
            reply = worded(error, self._services.voice(user))
        except Exception:  # told with a reference, logged with its traceback
            reply = unexpected(self._services.voice(user))
        self._tell(reply, channel, user, post["ts"] if is_reply else None)

    def _read(self, channel: str, ts: str) -> Body:
        """Slack answers with the message itself first, be it a post or a reply, where the bot is in the channel."""
        found = self._client.conversations_replies(channel=channel, ts=ts, latest=ts, inclusive=True, limit=1)
        message: Body = next((each for each in found["messages"] if each["ts"] == ts), {})
        return message

    def _tell(self, reply: Reply, channel: str, user: str, thread_ts: str | None) -> None:
        try:
            self._client.chat_postEphemeral(
                channel=channel,
                user=user,
                text=reply.text,
                blocks=list(reply.blocks) or None,
                thread_ts=thread_ts,
            )
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("an answer in %s could not be said: %s", channel, error)


def deal_of(post: Body) -> int | None:
    """The number of the one deal that a post of the bot's has buttons for; None where there is none, or several."""
    if not post.get("bot_id"):
        return None
    elements = [
        element
        for block in post.get("blocks") or ()
        for element in (*(block.get("elements") or ()), block.get("accessory") or {})
        if str(element.get("action_id", "")).startswith("deal.") and "value" in element
    ]
    found = {read_value(element["value"])[0] for element in elements}
    return found.pop() if len(found) == 1 else None


def _noted(deal_id: int, text: str, link: str, turn: Turn) -> Reply:
    """The words and where they stand; words too long for a note are cut, as the link leads to all of them."""
    note = f"{cut(' '.join(text.split()), NOTE_LIMIT - len(link) - 1)} {link}"
    return Reply(answer("/deal", f"note #{deal_id}: {note}", turn).text)


def _asked(deal_id: int, verb: str, turn: Turn) -> Reply:
    deal = turn.deals.get(deal_id)
    return asked(f"/deal {verb} {deal.name}", f"/deal {verb} #{deal.id}", f"{PICK}.meant", turn.say)
