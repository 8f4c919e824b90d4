"""A person at the local Slack: types commands, clicks, fills in forms, and reads what came of it."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import websocket

from bot.demo.local_slack import LocalSlack

Frame = dict[str, Any]
_PATIENCE_SECONDS = 180.0


class Driver:
    """What happens in the workspace arrives as frames, in order; each is handed out once, to the first who waits.

    The local Slack keeps one stack of forms for the whole workspace, whoever opened them.
    """

    def __init__(self, slack: LocalSlack, frames: websocket.WebSocket) -> None:
        self._slack = slack
        self._frames = frames
        self._unclaimed: list[Frame] = []

    # What a person does

    def command(self, user: str, words: str, channel: str) -> None:
        """Types a slash command: `command("U01", "/deal add Acme", "C01")`."""
        name, _, text = words.partition(" ")
        self._slack.control("command", channel=channel, user=user, command=name, text=text)

    def say(self, user: str, text: str, channel: str) -> str:
        """Posts a message and gives its timestamp."""
        return str(self._slack.control("message", channel=channel, user=user, text=text)["message"]["ts"])

    def click(self, user: str, message: Mapping[str, Any], action_id: str) -> None:
        """Clicks the button of that action_id in a message, with the value that the button carries."""
        block, element = _element(message["blocks"], action_id)
        action = {**element, "block_id": block.get("block_id", "")}
        self._slack.control("interact", channel=message["channel"], messageTs=message["ts"], user=user, action=action)

    def react(self, user: str, message: Mapping[str, Any], name: str) -> None:
        self._slack.control("reaction", channel=message["channel"], ts=message["ts"], user=user, name=name)

    def open_home(self, user: str) -> None:
        self._slack.control("open-home", user=user)

    def submit(self, user: str, values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        """Submits the open form; `values` as in Slack's `view.state.values`: block, action, element's state."""
        self._frames.send(json.dumps({"t": "view_submit", "user": user, "values": values}))

    # What a person sees

    def bot_connects(self) -> None:
        """Waits until the bot listens over Socket Mode; what people do before that never reaches it."""
        self.frame("socket_status", lambda each: bool(each["connected"]))

    def message(self, channel: str, containing: str = "", *, within: float = _PATIENCE_SECONDS) -> dict[str, Any]:
        """The next message in the channel that holds the text, in its text or its blocks."""
        frame = self.frame(
            "message",
            lambda each: (
                each["message"]["channel"] == channel and containing in json.dumps(each["message"], ensure_ascii=False)
            ),
            within=within,
        )
        found: dict[str, Any] = frame["message"]
        return found

    def update(self, ts: str) -> dict[str, Any]:
        """The next new version of the message."""
        frame = self.frame("message_update", lambda each: each["message"]["ts"] == ts)
        updated: dict[str, Any] = frame["message"]
        return updated

    def form(self) -> dict[str, Any]:
        """The form that is opened or updated next."""
        opened: dict[str, Any] = self.frame("view", lambda each: bool(each["stack"]))["stack"][-1]
        return opened

    def form_closed(self) -> None:
        """Waits until the last form is closed."""
        self.frame("view", lambda each: not each["stack"])

    def form_errors(self) -> dict[str, str]:
        """What the form says beside its fields, by block, after a submission that was refused."""
        errors: dict[str, str] = self.frame("view_errors")["errors"]
        return errors

    def home(self, user: str) -> dict[str, Any]:
        """The person's Home tab as it is published next."""
        view: dict[str, Any] = self.frame("home", lambda each: each["user"] == user)["view"]
        return view

    def frame(
        self, kind: str, fits: Callable[[Frame], bool] = lambda _: True, *, within: float = _PATIENCE_SECONDS
    ) -> Frame:
        """The first frame of that kind which fits and which nobody was given yet."""
        for frame in self._unclaimed:
            if frame["t"] == kind and fits(frame):
                self._unclaimed.remove(frame)
                return frame
        deadline = time.monotonic() + within
        while (patience := deadline - time.monotonic()) > 0:
            self._frames.settimeout(patience)
            try:
                arrived: Frame = json.loads(self._frames.recv())
            except websocket.WebSocketTimeoutException:
                break
            if arrived["t"] == kind and fits(arrived):
                return arrived
            self._unclaimed.append(arrived)
        seen = [each for each in self._unclaimed if each["t"] != "log"]
        raise AssertionError(f"no such {kind} within {within:.0f} seconds; instead: {seen}")


@contextmanager
def driving(slack: LocalSlack) -> Iterator[Driver]:
    """A person who sees everything from now on."""
    frames = websocket.create_connection(f"ws://localhost:{slack.port}/ui", timeout=_PATIENCE_SECONDS)
    try:
        driver = Driver(slack, frames)
        driver.frame("init")
        yield driver
    finally:
        frames.close()


def _element(blocks: list[dict[str, Any]], action_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    for block in blocks:
        for element in [*block.get("elements", ()), block.get("accessory", {})]:
            if element.get("action_id") == action_id:
                return block, element
    raise AssertionError(f"nothing to click called {action_id} in {blocks}")
