"""What a Slack workspace remembers: its people, channels, messages, open forms and files."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from .refusals import Json, Refusal


@dataclass
class User:
    id: str
    name: str
    real_name: str
    tz: str
    locale: str
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    email: str | None = None
    team_id: str = ""
    """Of another team, with whom a channel is shared; empty for those of this one."""


@dataclass
class Channel:
    id: str
    name: str
    members: set[str]
    is_private: bool = False
    is_archived: bool = False
    direct_with: str | None = None

    @property
    def scope(self) -> str:
        """What Slack calls this kind of conversation in a scope such as `channels:read`."""
        return "im" if self.direct_with else "groups" if self.is_private else "channels"


@dataclass
class Upload:
    id: str
    name: str
    length: int
    by: str
    title: str = ""
    alt_text: str | None = None
    content: bytes | None = None
    is_complete: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass
class Message:
    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    files: list[Upload] = field(default_factory=list)
    metadata: Json | None = None
    ephemeral_to: str | None = None
    thread_ts: str | None = None
    is_edited: bool = False
    reactions: list[tuple[str, str]] = field(default_factory=list)
    team_id: str = ""
    """Of another team, with whom the channel is shared; empty for this one's."""


@dataclass
class View:
    """A form or a Home tab as one person sees it; `body` is what the app sent."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None

    @property
    def callback_id(self) -> str:
        return str(self.body.get("callback_id", ""))

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.body["blocks"]
        return blocks


@dataclass
class Trigger:
    user: str
    issued_at: float
    from_form: bool
    is_used: bool = False


@dataclass
class ResponseUrl:
    """An address that lets the app answer in a place for half an hour, five times."""

    channel: str
    user: str
    issued_at: float
    answers_to: Message | None = None
    uses: int = 0


class Workspace:
    """Everything is read and changed while `changed` is held; a change wakes whoever waits for one."""

    def __init__(
        self, *, team_id: str, app_id: str, bot_user: str, scopes: frozenset[str], now: Callable[[], float]
    ) -> None:
        self.team_id = team_id
        self.app_id = app_id
        self.bot_user = bot_user
        self.bot_id = f"B{bot_user[1:]}"
        self.bot_token = f"xoxb-{team_id}-{uuid4().hex}"
        self.app_token = f"xapp-1-{app_id}-{uuid4().hex}"
        self.scopes = scopes
        self.token_refusal: str | None = None
        self.now = now
        self.base_url = ""
        self.socket_url = ""
        self.changed = threading.Condition(threading.RLock())
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.uploads: dict[str, Upload] = {}
        self.views: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.draws_tables = True
        """Slack brought tables to one workspace after the other."""
        self.response_urls: dict[str, ResponseUrl] = {}
        self._numbers = itertools.count(1)
        self._last_microsecond = 0
        self.users[bot_user] = User(bot_user, "sluice", "Sluice", "America/Los_Angeles", "en-US", is_bot=True)

    @contextmanager
    def change(self) -> Iterator[None]:
        with self.changed:
            try:
                yield
            finally:
                self.changed.notify_all()

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):08d}"

    def new_ts(self) -> str:
        """Slack's message times are also their names, so no two are equal, however fast they come."""
        self._last_microsecond = max(int(self.now() * 1_000_000), self._last_microsecond + 1)
        return f"{self._last_microsecond // 1_000_000}.{self._last_microsecond % 1_000_000:06d}"

    def user(self, user_id: object) -> User:
        if not isinstance(user_id, str) or user_id not in self.users:
            raise Refusal("user_not_found")
        return self.users[user_id]

    def channel(self, channel_id: object) -> Channel:
        """The channel as the bot may know it: of a private one it is not in, it has never heard."""
        if not isinstance(channel_id, str) or channel_id not in self.channels:
            raise Refusal("channel_not_found")
        channel = self.channels[channel_id]
        if channel.scope != "channels" and self.bot_user not in channel.members:
            raise Refusal("channel_not_found")
        return channel

    def direct_channel(self, user_id: str) -> Channel:
        for channel in self.channels.values():
            if channel.direct_with == user_id:
                return channel
        made = Channel(self.new_id("D"), "directmessage", {user_id, self.bot_user}, direct_with=user_id)
        self.channels[made.id] = made
        return made

    def message(self, channel_id: str, ts: object) -> Message:
        """A message everyone sees: nobody can ask for an ephemeral one."""
        for message in self.messages:
            if message.channel == channel_id and message.ts == ts and message.ephemeral_to is None:
                return message
        raise Refusal("message_not_found")

    def add(self, message: Message) -> Message:
        self.messages.append(message)
        return message

    def named(self, blocks: list[Json]) -> list[Json]:
        """Slack names every block and every button the app left without a name."""
        for block in blocks:
            block.setdefault("block_id", self.new_id("b"))
            places = (*block.get("elements", ()), block.get("accessory"), block.get("element"))
            for element in places if block["type"] in {"actions", "section", "input"} else ():
                if isinstance(element, dict) and element["type"] != "image":
                    element.setdefault("action_id", self.new_id("a"))
        return blocks

    def known_pictures(self) -> set[str]:
        done = [upload for upload in self.uploads.values() if upload.is_complete]
        return {name for upload in done for name in (upload.id, self.permalink(upload))}

    def permalink(self, upload: Upload) -> str:
        return f"{self.base_url}/files/{upload.by}/{upload.id}/{upload.name}"

    def new_trigger(self, user: str, *, from_form: bool = False) -> str:
        trigger_id = f"{next(self._numbers)}.{self.team_id}.{uuid4().hex}"
        self.triggers[trigger_id] = Trigger(user, self.now(), from_form)
        return trigger_id

    def new_response_url(self, channel: str, user: str, answers_to: Message | None = None) -> str:
        secret = uuid4().hex
        self.response_urls[secret] = ResponseUrl(channel, user, self.now(), answers_to)
        return f"{self.base_url}/respond/{secret}"
