"""A Slack workspace to test against: people act in it, the bot answers over the real protocols, all is remembered."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar
from uuid import uuid4

from slack_bolt import App

from bot.socket_mode import connected

from . import answers, payloads
from .methods import SCOPES
from .refusals import ImpossibleGesture, Json, NotAcknowledged, Refusal
from .server import Refused, SlackServer
from .sockets import SocketServer
from .state import Channel, Message, Upload, User, View, Workspace
from .transports import Ack, Direct, SignedHttp, SocketMode, Transport, kind_of
from .troubles import Held, Trouble, Troubles, Weather

T = TypeVar("T")


class SlackDouble:
    """Use it as a context manager; choose how the app is reached with `reach_app`, `reach_url` or `reach_socket`.

    `now` moves triggers, response addresses and rate limits, so a test lets time pass without waiting.
    Gestures (`command`, `click`, `submit` ...) make payloads, and `deliver` sends one and shows its effect.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        team_id: str = "T0001",
        app_id: str = "A0001",
        bot_user: str = "U0BOT",
        scopes: Collection[str] = SCOPES,
        ack_within: float = 3.0,
    ) -> None:
        self.workspace = Workspace(team_id=team_id, app_id=app_id, bot_user=bot_user, scopes=frozenset(scopes), now=now)
        self.signing_secret = uuid4().hex
        self.ack_within = ack_within
        self.transport: Transport | None = None
        self._troubles = Troubles()
        self._server = SlackServer(self.workspace, self._troubles)
        self._sockets = SocketServer(self.workspace)
        self.team_id, self.app_id, self.bot_user = team_id, app_id, bot_user
        self.bot_token, self.app_token = self.workspace.bot_token, self.workspace.app_token
        self.api_url = f"{self.workspace.base_url}/api/"

    def __enter__(self) -> Self:
        self._server.start()
        self._sockets.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._sockets.stop()
        self._server.stop()

    # Who and what is there

    def add_user(
        self,
        user_id: str,
        *,
        name: str,
        real_name: str = "",
        tz: str = "Europe/Berlin",
        locale: str = "en-US",
        is_admin: bool = False,
        deleted: bool = False,
        email: str | None = None,
        team_id: str = "",
    ) -> User:
        user = User(user_id, name, real_name or name, tz, locale, is_admin, False, deleted, email, team_id)
        with self.workspace.change():
            self.workspace.users[user_id] = user
            self.workspace.direct_channel(user_id)
        return user

    def add_channel(
        self,
        channel_id: str,
        name: str,
        *,
        members: Collection[str] = (),
        is_private: bool = False,
        is_archived: bool = False,
        with_bot: bool = True,
    ) -> Channel:
        everyone = {*members, self.bot_user} if with_bot else set(members)
        with self.workspace.change():
            self.workspace.channels[channel_id] = Channel(channel_id, name, everyone, is_private, is_archived)
        return self.workspace.channels[channel_id]

    def direct_channel(self, user: str) -> str:
        with self.workspace.change():
            return self.workspace.direct_channel(user).id

    # What people do

    def command(self, name: str, text: str = "", *, user: str, channel: str) -> Json:
        with self.workspace.change():
            return payloads.command(self.workspace, name, text, user=user, channel=channel)

    def click(
        self,
        source: Message | View,
        action_id: str,
        *,
        user: str,
        value: object = None,
        values: Mapping[str, object] | None = None,
    ) -> Json:
        """Press the button (the one with this value, among several) or pick the value in the menu."""
        with self.workspace.change():
            return payloads.click(self.workspace, source, action_id, user=user, value=value, values=values or {})

    def shortcut(self, callback_id: str, *, user: str) -> Json:
        """Choose a shortcut of the app in the search or the compose box."""
        with self.workspace.change():
            return payloads.shortcut(self.workspace, callback_id, user=user)

    def message_shortcut(self, callback_id: str, message: Message, *, user: str) -> Json:
        """Choose a shortcut of the app in the menu of a message."""
        with self.workspace.change():
            return payloads.message_shortcut(self.workspace, callback_id, message, user=user)

    def suggest(self, view: View, action_id: str, typed: str = "", *, user: str) -> list[Json]:
        """Type in a menu whose options the app tells; these are offered from then on."""
        with self.workspace.change():
            asked = payloads.suggestion(self.workspace, view, action_id, typed, user=user)
        options: list[Json] = self.deliver(asked).body["options"]
        return options

    def submit(self, view: View, *, user: str, values: Mapping[str, object] | None = None) -> Json:
        """Send the form with these answers by action_id or block_id; what is not named stays as prefilled."""
        with self.workspace.change():
            return payloads.submission(self.workspace, view, user=user, values=values or {})

    def close(self, view: View) -> Json | None:
        """Close a form without sending it; Slack tells the app only where it asked with `notify_on_close`."""
        with self.workspace.change():
            if view not in self.workspace.views.get(view.user, []):
                raise ImpossibleGesture("this form is not open")
            self.workspace.views[view.user].remove(view)
            return payloads.closing(self.workspace, view) if view.body.get("notify_on_close") else None

    def open_home(self, user: str) -> Json:
        with self.workspace.change():
            return payloads.home_opened(self.workspace, user)

    def message(self, text: str, *, user: str, channel: str, thread_ts: str | None = None) -> Json:
        with self.workspace.change():
            return payloads.said(self.workspace, "message", text, user=user, channel=channel, thread_ts=thread_ts)

    def mention(self, text: str, *, user: str, channel: str, thread_ts: str | None = None) -> Json:
        """A message that names the bot; the name is put before the text."""
        words = f"<@{self.bot_user}> {text}"
        with self.workspace.change():
            return payloads.said(self.workspace, "app_mention", words, user=user, channel=channel, thread_ts=thread_ts)

    def react(self, message: Message, name: str, *, user: str) -> Json:
        """A reaction of a person's on a message that they see."""
        with self.workspace.change():
            return payloads.reaction(self.workspace, message, name, user=user)

    def event(self, kind: str, **fields: object) -> Json:
        """Any other event, such as `tokens_revoked` or `channel_archive`."""
        with self.workspace.change():
            return payloads.event(self.workspace, {"type": kind, **fields})

    # How the app hears of it

    def reach_app(self, app: App) -> None:
        self.transport = Direct(app)

    def reach_url(self, url: str) -> None:
        self.transport = SignedHttp(url, self.signing_secret)

    def reach_socket(self) -> None:
        self.transport = SocketMode(self._sockets, self.ack_within)

    @contextmanager
    def dialled_in(self, app: App) -> Iterator[None]:
        """The app connected over Socket Mode while the block runs, and reached that way."""
        with connected(app, self.app_token, api_url=self.api_url) as line:
            if not line.wait_until_live(5):
                raise ImpossibleGesture("the app did not dial in")
            self.reach_socket()
            yield

    @property
    def connections(self) -> int:
        return self._sockets.connections

    def hang_up(self) -> None:
        self._sockets.hang_up()

    def deliver(self, payload: Json, *, twice: bool = False) -> Ack:
        """Send it, twice when Slack heard nothing the first time, and show what the app answers at once."""
        first = self._deliver(payload, retry=0)
        if twice:
            self._deliver(payload, retry=1)
        return first

    # What came of it

    def posts(self, channel: str) -> list[Message]:
        """What everyone in the channel sees, oldest first."""
        with self.workspace.changed:
            return [m for m in self.workspace.messages if m.channel == channel and m.ephemeral_to is None]

    def last_post(self, channel: str) -> Message:
        return self.posts(channel)[-1]

    def direct_messages(self, user: str) -> list[Message]:
        return self.posts(self.direct_channel(user))

    def ephemerals(self, user: str) -> list[Message]:
        """What only this person sees, in whatever channel."""
        with self.workspace.changed:
            return [message for message in self.workspace.messages if message.ephemeral_to == user]

    def views(self, user: str) -> list[View]:
        """The forms this person has open; the last lies on top."""
        with self.workspace.changed:
            return list(self.workspace.views.get(user, ()))

    def home(self, user: str) -> View | None:
        with self.workspace.changed:
            return self.workspace.homes.get(user)

    @property
    def files(self) -> list[Upload]:
        with self.workspace.changed:
            return [upload for upload in self.workspace.uploads.values() if upload.is_complete]

    @property
    def refused(self) -> list[Refused]:
        """Every call Slack turned down; a test that expects none should say so."""
        with self.workspace.changed:
            return list(self._server.refused)

    def wait_for(self, question: Callable[[], T], *, within: float = 30.0) -> T:
        """The first truthy answer, asked again at every change in the workspace."""
        with self.workspace.changed:
            answer = self.workspace.changed.wait_for(question, within)
        if not answer:
            raise AssertionError(f"nothing within {within} s")
        return answer

    # When things go wrong

    def fail_next(
        self,
        method: str,
        *,
        status: int = 200,
        error: str | None = None,
        faults: Collection[str] = (),
        retry_after: int | None = None,
        after_accepting: bool = False,
    ) -> None:
        """The next call fails: by HTTP status, Slack's error or 429; or it works and its answer is lost."""
        with self.workspace.change():
            self._troubles.add(method, Trouble(status, error, tuple(faults), retry_after, after_accepting))

    def hold_next(self, method: str, *, status: int = 200) -> Held:
        """The next call breaks without an answer, or is answered by an HTTP status, and is carried out all the same,
        when the test lets it."""
        held = Held()
        with self.workspace.change():
            self._troubles.add(method, Trouble(status=status, held=held))
        return held

    def limit(self, method: str, *, calls: int = 1, seconds: float = 1.0) -> None:
        """Answer 429 above this rate; posts are counted by channel."""
        with self.workspace.change():
            self._troubles.limit(method, calls=calls, seconds=seconds)

    def live_through(self, weather: Weather) -> None:
        """Whatever befalls calls from now on, where nothing else was told to."""
        with self.workspace.change():
            self._troubles.weather = weather

    def revoke_token(self, error: str = "token_revoked") -> None:
        with self.workspace.change():
            self.workspace.token_refusal = error

    def _deliver(self, payload: Json, *, retry: int) -> Ack:
        if self.transport is None:
            raise ImpossibleGesture("nobody listens: call reach_app, reach_url or reach_socket first")
        ack = self.transport.send(payload, retry=retry if kind_of(payload) == "events_api" else 0)
        if not ack.is_ok:
            raise NotAcknowledged(f"{kind_of(payload)} was answered with {ack}")
        with self.workspace.change():
            try:
                answers.show(self.workspace, payload, ack.body)
            except Refusal as refusal:
                raise NotAcknowledged(f"Slack does not take this answer: {refusal}") from refusal
        return ack
