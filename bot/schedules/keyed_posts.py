"""How a post is said in Slack with the key of its delivery, and found again by it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from bot.reply import Reply

_TIMEOUT_SECONDS = 10
_EVENT = "sluice_delivery"
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True)
class Posted:
    channel: str
    ts: str


def repeating_nothing(client: WebClient) -> WebClient:
    """The SDK repeats a call whose connection broke, which would post twice what had arrived."""
    return WebClient(
        client.token,
        base_url=client.base_url,
        timeout=min(client.timeout, _TIMEOUT_SECONDS),
        ssl=client.ssl,
        proxy=client.proxy,
        retry_handlers=[],
    )


def channel_of(client: WebClient, target: str) -> str:
    """The channel itself, or the direct messages with a person."""
    if not target.startswith(("U", "W")):
        return target
    return str(client.conversations_open(users=target)["channel"]["id"])


def say(client: WebClient, channel: str, key: str, reply: Reply) -> Posted:
    answer = client.chat_postMessage(
        channel=channel,
        text=reply.text,
        blocks=list(reply.blocks) or None,
        metadata={"event_type": _EVENT, "event_payload": {"key": key}},
        unfurl_links=False,
        unfurl_media=False,
    )
    return Posted(str(answer["channel"]), str(answer["ts"]))


def search(client: WebClient, channel: str, key: str, *, since: datetime) -> Posted | None:
    """In what the channel has seen since then, by a clock that may differ from Slack's."""
    oldest = f"{(since - _CLOCKS_DIFFER).timestamp():.6f}"
    for page in client.conversations_history(channel=channel, oldest=oldest, include_all_metadata=True, limit=200):
        for message in page["messages"]:
            if _key_of(message) == key:
                return Posted(channel, str(message["ts"]))
    return None


def _key_of(message: dict[str, Any]) -> str:
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", ""))
