"""Socket Mode: the app keeps lines open to Slack, and each thing that happens goes down exactly one of them."""

import json
import threading
from contextlib import suppress
from socket import SHUT_RDWR
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from .refusals import Json
from .state import Workspace


class SocketServer:
    def __init__(self, slack: Workspace) -> None:
        self.acks: dict[str, Json] = {}
        self._slack = slack
        self._open: list[ServerConnection] = []
        self._ticket = uuid4().hex
        self._server: Server = serve(
            self._hold, "127.0.0.1", 0, compression=None, ping_interval=None, close_timeout=0.2
        )
        self._thread = threading.Thread(target=self._server.serve_forever, name="slack-double-sockets")
        slack.socket_url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link/?ticket={self._ticket}"

    @property
    def connections(self) -> int:
        return len(self._open)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self.hang_up()

    def hang_up(self) -> None:
        """Cut every line without a word, as networks do now and then; a good app dials again."""
        with self._slack.changed:
            lines = list(self._open)
        for line in lines:
            with suppress(OSError):
                line.socket.shutdown(SHUT_RDWR)
        with self._slack.changed:
            self._slack.changed.wait_for(lambda: not set(lines) & set(self._open), 5)

    def send(self, kind: str, payload: Json, *, retry: int, within: float) -> Json | None:
        """Send down one line and wait for the acknowledgement; None when there was none in time."""
        envelope: Json = {
            "envelope_id": str(uuid4()),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        with self._slack.changed:
            if not self._slack.changed.wait_for(lambda: self._open, within):
                return None
            line = self._open.pop(0)
            self._open.append(line)
        line.send(json.dumps(envelope))
        name = envelope["envelope_id"]
        with self._slack.changed:
            self._slack.changed.wait_for(lambda: name in self.acks, within)
            return self.acks.get(name)

    def _hold(self, line: ServerConnection) -> None:
        if line.request is None or not line.request.path.endswith(self._ticket):
            return
        with self._slack.change():
            self._open.append(line)
            count = len(self._open)
        try:
            info = {"app_id": self._slack.app_id}
            line.send(json.dumps({"type": "hello", "num_connections": count, "connection_info": info}))
            for frame in line:
                ack = json.loads(frame)
                with self._slack.change():
                    self.acks[ack["envelope_id"]] = ack
        except ConnectionClosed:
            pass
        finally:
            with self._slack.change():
                self._open.remove(line)
