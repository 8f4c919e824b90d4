"""`sluice demo` shows a newcomer all that a team is told, and leaves nothing behind when it is stopped."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.demo.local_slack import BINARY_VARIABLE, LocalSlack
from bot.demo.people import BOT, MAYA, SALES
from bot.demo.running import run_demo
from tests.e2e.driver import driving
from tests.program import free_port

pytestmark = pytest.mark.local_slack

PATIENCE_SECONDS = 180.0
"""It takes a quarter of a minute where nobody else computes; other tests run beside this one."""


@contextmanager
def the_demo(port: int, folder: Path, binary: Path) -> Iterator[subprocess.Popen[str]]:
    """`sluice demo` as its own process, with its temporary files in a folder of the test's, once its Slack is up."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", str(port)],
        env={**os.environ, "TMPDIR": str(folder), "CI": "true", BINARY_VARIABLE: str(binary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        while not is_taken(port):
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
                raise AssertionError(process.communicate()[0])
        yield process
    finally:
        process.kill()
        process.wait()


def is_taken(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("localhost", port)) == 0


def test_the_morning_s_posts_arrive_the_bot_listens_and_ctrl_c_leaves_nothing_behind(
    local_slack_binary: Path, tmp_path: Path
) -> None:
    slack = LocalSlack(free_port())
    with the_demo(slack.port, tmp_path, local_slack_binary) as demo:
        with driving(slack) as maya:
            client = WebClient(BOT.bot_token, base_url=slack.api_url)
            her_messages = client.conversations_open(users=MAYA.user_id)["channel"]["id"]
            welcome = maya.message(SALES, "/deal add Acme Corp", within=PATIENCE_SECONDS)
            digest = maya.message(SALES, "open deals")
            picture = maya.frame("message", lambda each: bool(each["message"].get("files")))["message"]
            nudge = maya.message(her_messages, "Bluebird Hotels")
            alert = maya.message(her_messages, "Northgate Shipping")
            maya.command(MAYA.user_id, "/deal add Acme Corp 12k USD close 15 March", SALES)
            added = maya.message(SALES, "Acme Corp")
        demo.send_signal(signal.SIGINT)
        said, _ = demo.communicate(timeout=PATIENCE_SECONDS)

    assert float(digest["ts"]) < float(welcome["ts"])
    assert picture["channel"] == SALES
    assert "of your deals need you today" in nudge["text"]
    assert "high-value deals are at risk" in alert["text"]
    assert "Maya Chen added *Acme Corp*" in added["text"]
    assert f"http://localhost:{slack.port}" in said
    assert demo.returncode == 0, said
    assert "ERROR" not in said
    assert "Traceback" not in said
    assert not is_taken(slack.port)
    assert list(tmp_path.iterdir()) == []


def test_it_can_be_stopped_while_it_still_makes_up_deals(local_slack_binary: Path, tmp_path: Path) -> None:
    port = free_port()
    with the_demo(port, tmp_path, local_slack_binary) as demo:
        demo.send_signal(signal.SIGTERM)
        said, _ = demo.communicate(timeout=PATIENCE_SECONDS)

    assert demo.returncode == 0, said
    assert "Traceback" not in said
    assert not is_taken(port)
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_said_in_a_sentence(local_slack: LocalSlack, capsys: pytest.CaptureFixture[str]) -> None:
    code = run_demo(local_slack.port)

    assert code == 2
    assert f"Port {local_slack.port} is taken by another program." in capsys.readouterr().err
