"""Hears reactions on what Slack shows of deals: a reply becomes a note, and a post's deal moves on or is won.

Which deals a post speaks of stands in its buttons and blocks, so nothing about posts is kept; Slack is asked for the
message. Of several deals a click tells which one.
"""

import logging
import re
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.actions.origin import LIST_BLOCK
from bot.commands import answer
from bot.errors import MOST_WORDS, PICK, unexpected, worded
from bot.grammar import as_typed
from bot.reply import Reply
from bot.services import AlreadyDone, Services
from bot.tokens import UNREACHABLE
from bot.views.blocks import cut
from bot.views.buttons import read_value
from bot.views.doubt import asked_of
from models.errors import DomainError
from models.texts import NOTE_LIMIT

Body = dict[str, Any]

MEMO = "memo"
"""On a reply: it is kept as a note of the deal."""

VERBS = {MEMO: "note", "fast_forward": "advance", "trophy": "won"}
"""What each asks to do with the deal; all but the first on a post itself."""

_DEAL_BLOCK = re.compile(rf"{LIST_BLOCK}(\d+)")

PICK_FOR_NOTE = f"{PICK}.note"
"""How the buttons begin that tell which deal a reply is a note of."""

_AROUND_NOTE = 40
"""Characters of a command that stand before its note."""

_log = logging.getLogger("sluice")


class Reacting:
    """A reaction counts once for a message; taking it back does nothing."""

    def __init__(self, client: WebClient, services: Services) -> None:
        self._client = client
        self._services = services

    def on_reaction(self, ack: Ack, event: Body, body: Body) -> None:
        ack()
        if event["item"].get("type") == "message" and event["reaction"] in VERBS:
            self._services.afterwards(self._react, event, body)

    def _react(self, event: Body, body: Body) -> None:
        channel, ts, reaction, user = event["item"]["channel"], event["item"]["ts"], event["reaction"], event["user"]
        try:
            message = self._read(channel, ts)
            is_reply = message.get("thread_ts", ts) != ts
            post = self._read(channel, message["thread_ts"]) if is_reply else message
            deal_ids = deals_of(post) if _is_of_app(post, body) else []
            if not deal_ids or is_reply != (reaction == MEMO):
                return
            link = self._client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"] if is_reply else ""
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("a message in %s could not be read: %s", channel, error)
            return
        is_done_at_once = is_reply and len(deal_ids) == 1
        once = f"react:{channel}:{ts}:{reaction}" + ("" if is_done_at_once else f":{user}")
        said = _note(as_typed(message.get("text") or ""), link) if is_reply else ""
        try:
            with self._services.turn(body["team_id"], user, once=once, channel=channel) as turn:
                reply = (
                    Reply(answer("/deal", f"note #{deal_ids[0]}{said}", turn).text)
                    if is_done_at_once
                    else asked_of(
                        [turn.deals.get(each) for each in deal_ids],
                        VERBS[reaction],
                        said,
                        turn.say,
                        action_id=PICK_FOR_NOTE if is_reply else PICK,
                    )
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


def deals_of(post: Body) -> list[int]:
    """The numbers of the deals that a post of the bot's has buttons for or lines about, in their order."""
    if not post.get("bot_id"):
        return []
    found: list[int] = []
    for block in post.get("blocks") or ():
        if of_block := _DEAL_BLOCK.match(str(block.get("block_id", ""))):
            found.append(int(of_block[1]))
        for element in (*(block.get("elements") or ()), block.get("accessory") or {}):
            if str(element.get("action_id", "")).startswith("deal.") and "value" in element:
                found.append(read_value(element["value"])[0])
    return [deal_id for deal_id in dict.fromkeys(found) if deal_id]


def _is_of_app(post: Body, body: Body) -> bool:
    """Other apps have blocks and deals of their own, and so has this one in another team that shares the channel."""
    app, team = body.get("api_app_id"), body["team_id"]
    return bool(post.get("app_id", app) == app and post.get("team", team) == team)


def _note(text: str, link: str) -> str:
    """The words and where they stand; words too long for a note or a button are cut, as the link leads to all of
    them."""
    most = min(NOTE_LIMIT, MOST_WORDS - _AROUND_NOTE) - len(link) - 1
    return f": {cut(' '.join(text.split()), most)} {link}"


def once_noted(words: str) -> str:
    """What a note of a reply counts once by: its deal and its link, whoever picks them."""
    return f"react:{words.partition(':')[0]}:{words.rpartition(' ')[2]}"
