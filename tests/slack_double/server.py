"""Slack's side of the wire: the Web API, file uploads and response addresses on a local port."""

import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET
from struct import pack
from time import sleep
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from . import chat_methods, methods
from .refusals import Json, Refusal
from .state import Workspace
from .troubles import Trouble, Troubles


class Refused(NamedTuple):
    """A call that Slack would not carry out, kept because an app may never look at the answer."""

    method: str
    error: str
    faults: list[str]


class SlackServer(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, slack: Workspace, troubles: Troubles) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.slack = slack
        self.troubles = troubles
        self.refused: list[Refused] = []
        slack.base_url = f"http://127.0.0.1:{self.server_address[1]}"
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, name="slack-double")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Exchange(BaseHTTPRequestHandler):
    server: SlackServer
    timeout = 10

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        place, _, name = urlsplit(self.path).path.lstrip("/").partition("/")
        serve = {"upload": self._upload, "respond": self._response_url}.get(place)
        try:
            if place == "api":
                self._method(name, body)
                return
            if serve is None:
                raise Refusal("not_found", status=404)
            with self.server.slack.change():
                serve(name, body)
        except Refusal as refusal:
            with self.server.slack.change():
                faults = refusal.body.get("errors", [])
                self.server.refused.append(Refused(name if place == "api" else place, refusal.error, faults))
            self._answer_refusal(refusal)

    def log_message(self, format: str, *args: object) -> None:
        """Tests have enough to say."""

    def _method(self, name: str, body: bytes) -> None:
        slack, troubles = self.server.slack, self.server.troubles
        args = self._arguments(body)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or args.pop("token", None)
        with slack.change():
            troubles.refuse_haste(name, args, slack.now())
            trouble = troubles.next_for(name)
        if trouble and (not trouble.lost or trouble.status != HTTPStatus.OK):
            self._suffer(trouble)
            if trouble.held:
                trouble.held.let_in.wait()
            elif not trouble.lost:
                return
        sleep(trouble.before if trouble else 0)
        with slack.change():
            answer = methods.call(slack, name, token, args)
        if trouble is None:
            granted = ["connections:write"] if token == slack.app_token else sorted(slack.scopes)
            self._answer(200, json.dumps(answer), headers={"X-OAuth-Scopes": ",".join(granted)})
            return
        if trouble.held:
            trouble.held.done.set()
        sleep(trouble.after)

    def _suffer(self, trouble: Trouble) -> None:
        if trouble.held and trouble.status == HTTPStatus.OK:
            self.connection.shutdown(SHUT_RDWR)
            self.close_connection = True
            return
        if trouble.cut:
            self.connection.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))  # closing says that it broke
            self.close_connection = True
            return
        if trouble.retry_after is not None:
            raise Refusal("ratelimited", status=429, retry_after=trouble.retry_after)
        if trouble.error:
            raise Refusal(trouble.error, status=trouble.status, faults=list(trouble.faults))
        self._answer(trouble.status, "upstream connect error", kind="text/plain")

    def _upload(self, name: str, body: bytes) -> None:
        upload = self.server.slack.uploads.get(name)
        if upload is None or upload.content is not None:
            raise Refusal("file_not_found", status=404)
        if len(body) != upload.length:
            raise Refusal("invalid_upload_length", status=400)
        upload.content = body
        self._answer(200, f"OK - {len(body)}", kind="text/plain")

    def _response_url(self, secret: str, body: bytes) -> None:
        try:
            chat_methods.respond(self.server.slack, secret, json.loads(body))
        except Refusal as refusal:
            refusal.status = 400 if refusal.status == 200 else refusal.status
            raise
        self._answer(200, "ok", kind="text/plain")

    def _arguments(self, body: bytes) -> Json:
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if "json" in self.headers.get("Content-Type", ""):
            return {**query, **json.loads(body or b"{}")}
        return {**query, **dict(parse_qsl(body.decode(), keep_blank_values=True))}

    def _answer_refusal(self, refusal: Refusal) -> None:
        headers = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
        self._answer(refusal.status, json.dumps(refusal.body), headers=headers)

    def _answer(self, status: int, body: str, *, kind: str = "application/json", headers: Json | None = None) -> None:
        sent = body.encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": len(sent),
            **(headers or {}),
        }.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(sent)
