"""The three ways a payload can reach the app: straight into Bolt, as a signed POST, or down a socket."""

import json
from dataclasses import dataclass
from http.client import HTTPResponse
from time import time
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from slack_bolt import App, BoltRequest
from slack_sdk.signature import SignatureVerifier

from .refusals import Json
from .sockets import SocketServer


@dataclass(frozen=True)
class Ack:
    """What the app answered at once; over a socket there is no status, only an answer or none."""

    status: int | None
    body: Json

    @property
    def is_ok(self) -> bool:
        return self.status == 200


class Transport(Protocol):
    def send(self, payload: Json, *, retry: int = 0) -> Ack: ...


@dataclass(frozen=True)
class Direct:
    """Hands the payload to the app in the same thread."""

    app: App

    def send(self, payload: Json, *, retry: int = 0) -> Ack:
        copied = json.loads(json.dumps(payload))
        response = self.app.dispatch(BoltRequest(body=copied, mode="socket_mode", headers={**_retry_headers(retry)}))
        return Ack(response.status, _body((response.body or "").encode()))


@dataclass(frozen=True)
class SignedHttp:
    """Posts as Slack does. `age` is how many seconds ago Slack claims to have signed.

    Signatures carry the wall clock whatever the time in the test, because the SDK compares them with it.
    """

    url: str
    signing_secret: str
    age: int = 0
    within: float = 10.0

    def send(self, payload: Json, *, retry: int = 0) -> Ack:
        body, content_type = _posted(payload)
        signed_at = str(int(time()) - self.age)
        signature = SignatureVerifier(self.signing_secret).generate_signature(timestamp=signed_at, body=body)
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": signed_at,
            "X-Slack-Signature": str(signature),
            **_retry_headers(retry),
        }
        request = Request(self.url, data=body.encode(), headers=headers, method="POST")  # noqa: S310 (our own address)
        try:
            with urlopen(request, timeout=self.within) as response:  # noqa: S310
                return _read(response)
        except HTTPError as refused:
            with refused:
                return Ack(refused.code, {})


@dataclass(frozen=True)
class SocketMode:
    """Sends down one of the sockets the app has opened, waiting for the first when there is none yet."""

    sockets: SocketServer
    within: float

    def send(self, payload: Json, *, retry: int = 0) -> Ack:
        copied = json.loads(json.dumps(payload))
        ack = self.sockets.send(kind_of(payload), copied, retry=retry, within=self.within)
        return Ack(None, {}) if ack is None else Ack(200, ack.get("payload") or {})


def kind_of(payload: Json) -> str:
    """Slack's word for the sort of payload, as it stands on a Socket Mode envelope."""
    if "command" in payload:
        return "slash_commands"
    return "events_api" if payload["type"] == "event_callback" else "interactive"


def _posted(payload: Json) -> tuple[str, str]:
    kind = kind_of(payload)
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


def _retry_headers(retry: int) -> dict[str, str]:
    return {"x-slack-retry-num": str(retry), "x-slack-retry-reason": "http_timeout"} if retry else {}


def _read(response: HTTPResponse) -> Ack:
    return Ack(response.status, _body(response.read()))


def _body(sent: bytes) -> Json:
    """Plain words acknowledge a command as well as JSON does."""
    if not sent:
        return {}
    try:
        body = json.loads(sent)
    except ValueError:
        body = sent.decode()
    return body if isinstance(body, dict) else {"text": str(body)}
