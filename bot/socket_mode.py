"""Keeps the line to Slack open over Socket Mode: dials, knows whether Slack has said hello, hangs up without delay."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websocket import WebSocketException

from bot.tokens import UNREACHABLE, refusal

_DIALLING_SECONDS = 10
_GOODBYE_SECONDS = 1.0

_log = logging.getLogger("sluice")


class Line:
    """One connection of the app to Slack; when it breaks, the SDK dials again by itself."""

    def __init__(self, app: App, app_token: str, *, api_url: str) -> None:
        web_client = WebClient(app_token, base_url=api_url, timeout=_DIALLING_SECONDS)
        self._client: Any = SocketModeHandler(app, app_token, web_client=web_client).client
        self._client.message_listeners.append(self._listen)
        self._greeted: object = None
        self._hello = Event()

    @property
    def is_live(self) -> bool:
        """Whether what people say reaches us: only from Slack's hello on, on every new connection anew."""
        return bool(self._client.is_connected()) and self._greeted is self._client.current_session

    def wait_until_live(self, seconds: float) -> bool:
        """Whether Slack said hello for the first time within so many seconds."""
        return self._hello.wait(seconds)

    def dial(self) -> None:
        """Returns before the line is live; while Slack cannot be reached, goes on dialling in the background.

        Raises SlackApiError for a token that Slack refuses.
        """
        try:
            self._client.connect()
        except (SlackApiError, *UNREACHABLE) as error:
            if refusal(error):
                raise
            _log.warning("Slack cannot be reached (%s); dialling again until it can", error)
            self._client.current_app_monitor_started = True  # what `connect` does, but only after a success
            self._client.current_app_monitor.start()

    def hang_up(self) -> None:
        """Take no more calls, finish those being answered, say goodbye.

        The SDK's own `close()` pulls the socket from under the thread that reads it, which often sleeps on for ten
        seconds, and waits for a dialling that may never end.
        """
        client = self._client
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
        client.current_app_monitor.event.set()
        client.current_session_runner.event.set()
        client.closed = True
        client.message_queue.put(None)  # wakes whoever waits for the next message
        client.message_processor.shutdown()
        client.message_workers.shutdown()
        self._say_goodbye()

    def _say_goodbye(self) -> None:
        session, reader = self._client.current_session, self._client.current_session_runner.thread
        line = session.sock if session is not None else None
        if line is not None:
            session.keep_running = False  # or Slack's own goodbye is logged as an error
            with suppress(OSError, WebSocketException):  # Slack was faster
                line.send_close()
                reader.join(_GOODBYE_SECONDS)
                if reader.is_alive() and line.sock is not None:
                    line.sock.shutdown(socket.SHUT_RDWR)
        reader.join(_GOODBYE_SECONDS)
        if line is not None:
            line.shutdown()  # the library leaves the socket open when we are the first to say goodbye

    def _listen(self, _client: Any, message: dict[str, Any], _raw: str | None = None) -> None:
        if message.get("type") == "hello":
            # A process that somebody forgot takes its share of what people say; this number gives it away.
            _log.info("connected to Slack, with %s connection(s) in all", message.get("num_connections", "?"))
            self._greeted = self._client.current_session
            self._hello.set()


@contextmanager
def connected(app: App, app_token: str, *, api_url: str) -> Iterator[Line]:
    """The line to Slack, as long as the `with` lasts. It may not be live yet: see `Line.wait_until_live`.

    Raises SlackApiError for a token that Slack refuses.
    """
    line = Line(app, app_token, api_url=api_url)
    try:
        line.dial()
        yield line
    finally:
        line.hang_up()
