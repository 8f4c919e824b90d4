"""The Slack on your own machine: a separate program that the demo and the end-to-end tests start and stop.

It stands in for Slack's servers (Web API, Socket Mode, signed HTTP and a page for the browser), so that nobody
needs an account to try Sluice. It is found and run like any other program; nothing of it is imported. It answers
on all network interfaces and checks no passwords: it is for made-up deals only.
"""

import http
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

BINARY_VARIABLE = "SLUICE_LOCAL_SLACK"
_INSTALLED = Path("local-slack/node_modules/local-slack-linux-x64/bin/local-slack")
_PATIENCE_SECONDS = 20.0
_POLL_SECONDS = 0.02


class LocalSlackError(Exception):
    """The local Slack could not be started, or stopped before it was ready."""


class PortTaken(LocalSlackError):
    """Another program already listens where the local Slack should."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port


class Workspace(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, validate_by_name=True)

    name: str
    domain: str
    team_id: str


class SlackApp(BaseModel):
    """A bot as the local Slack knows it; its bot user is made along with it and must not be among the users."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, validate_by_name=True)

    app_id: str
    bot_user_id: str
    bot_name: str
    bot_token: str
    app_token: str
    signing_secret: str
    mode: Literal["socket", "events"] = "socket"
    request_url: str | None = None


class User(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    real_name: str
    email: str | None = None
    tz: str = "UTC"


class Channel(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    members: tuple[str, ...]
    topic: str = ""


class LocalSlackConfig(BaseModel):
    """Who and what there is in the workspace at the start."""

    model_config = ConfigDict(frozen=True)

    workspace: Workspace
    apps: tuple[SlackApp, ...]
    users: tuple[User, ...]
    channels: tuple[Channel, ...]


@dataclass(frozen=True)
class LocalSlack:
    """A local Slack that is up and answers."""

    port: int

    @property
    def url(self) -> str:
        """Where a browser finds the workspace."""
        return f"http://localhost:{self.port}"

    @property
    def api_url(self) -> str:
        """What the bot takes as `SLACK_API_URL`."""
        return f"{self.url}/api/"

    def control(self, action: str, /, **values: Any) -> dict[str, Any]:
        """Does what a person could do in the browser; `action` is a path below `/_control/`."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=10)
        try:
            connection.request("POST", f"/_control/{action}", json.dumps(values), {"content-type": "application/json"})
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        finally:
            connection.close()
        if response.status != http.HTTPStatus.OK or not answer.get("ok", True):
            raise LocalSlackError(f"{action}: {answer.get('error', response.status)}")
        return answer


def find_binary(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Where the program is: named by SLUICE_LOCAL_SLACK, or put beside this Python by `make`."""
    named = environ.get(BINARY_VARIABLE)
    binary = Path(named) if named else Path(sys.prefix) / _INSTALLED
    return binary if binary.is_file() and os.access(binary, os.X_OK) else None


@contextmanager
def running(config: LocalSlackConfig, port: int, binary: Path | None = None) -> Iterator[LocalSlack]:
    """A local Slack that lives as long as the `with` does, leaving neither a process nor files behind.

    The process has a session of its own, so that Ctrl-C in the terminal reaches the bot alone, which then
    stops its Slack in order, after itself.
    """
    program = binary or find_binary()
    if program is None:
        raise LocalSlackError("the local Slack is not installed")
    _refuse_if_taken(port)
    with tempfile.TemporaryDirectory(prefix="sluice-local-slack-") as folder:
        log = Path(folder, "log")
        process = _start(program, config, port, Path(folder), log)
        try:
            _wait_until_ready(process, port, log)
            yield LocalSlack(port)
        finally:
            _stop(process)


def _refuse_if_taken(port: int) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("", port))
        except OSError as error:
            raise PortTaken(port) from error


def _start(program: Path, config: LocalSlackConfig, port: int, folder: Path, log: Path) -> subprocess.Popen[bytes]:
    description = folder / "config.json"
    description.write_text(config.model_dump_json(by_alias=True, exclude_none=True), encoding="utf-8")
    arguments = ["--config", str(description), "--port", str(port), "--files-dir", str(folder / "files")]
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            [str(program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _answers(port):
        try:
            code = process.wait(timeout=_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise LocalSlackError(f"no answer within {_PATIENCE_SECONDS:.0f} seconds") from None
        else:
            last_words = log.read_text(encoding="utf-8", errors="replace").strip()
            raise LocalSlackError(f"it stopped with code {code}: {last_words}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("localhost", port, timeout=1)
    try:
        connection.request("GET", "/_control/state")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
