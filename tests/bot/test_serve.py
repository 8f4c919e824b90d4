"""The bot as it is served: over signed HTTP or a socket, with its health told truly, and stopped in order."""

import json
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import time
from typing import NamedTuple

import pytest
import uvicorn
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette

from bot import serve
from bot.app import build_app
from bot.operating import now
from bot.people import People
from bot.serve import Ears, web_app
from bot.services import Services
from bot.settings import ServingSettings, SettingsFault, load_settings
from bot.slack_requests import SlackRequests
from bot.socket_mode import connected
from models import migrations
from models.database import Database
from scoring.scorer import Scorers
from tests.postgres import PostgresServer
from tests.program import running
from tests.slack_double import SlackDouble
from tests.slack_double.transports import SignedHttp


class Answer(NamedTuple):
    status: int
    body: str


class Web:
    """What is served at a port, asked over real HTTP."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode())
        finally:
            connection.close()


@contextmanager
def _served(web: Starlette) -> Iterator[Web]:
    server = uvicorn.Server(uvicorn.Config(web, log_config=None, lifespan="off", ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Web(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with SlackDouble(ack_within=30.0) as slack:
        slack.add_user("UANN", name="ann", real_name="Ann", is_admin=True)
        slack.add_channel("C1", "sales", members=["UANN"])
        yield slack


@pytest.fixture
def app(slack: SlackDouble, database: Database) -> Iterator[App]:
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    with ThreadPoolExecutor(1) as later:
        services = Services(
            database=database,
            people=People(client, now),
            scorers=Scorers(),
            turns=later,
            later=later,
            heavy=later,
            clock=now,
        )
        yield build_app(client, services)


@pytest.fixture
def web(slack: SlackDouble, database: Database, app: App) -> Iterator[Web]:
    """The bot in HTTP mode."""
    with _served(web_app(Ears(database, None), SlackRequests(app, slack.signing_secret))) as web:
        slack.reach_url(f"http://127.0.0.1:{web.port}/slack/events")
        yield web


def _is_told_of_acme(slack: SlackDouble) -> bool:
    """In time; a bot that has just begun may say first that it is working on it."""
    return slack.wait_for(lambda: any("Acme" in each.text for each in [*slack.posts("C1"), *slack.ephemerals("UANN")]))


@pytest.mark.usefixtures("web")
def test_a_signed_command_is_answered(slack: SlackDouble) -> None:
    slack.deliver(slack.command("/deal", "add Acme 12k USD", user="UANN", channel="C1"))

    assert _is_told_of_acme(slack)


@pytest.mark.parametrize(("secret", "age"), [("not the secret", 0), ("", 301), ("", -301)])
def test_what_slack_did_not_sign_within_five_minutes_is_turned_away(
    slack: SlackDouble, web: Web, secret: str, age: int
) -> None:
    forged = SignedHttp(f"http://127.0.0.1:{web.port}/slack/events", secret or slack.signing_secret, age=age)

    assert forged.send(slack.command("/deal", "add Acme", user="UANN", channel="C1")).status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X_Slack_Request_Timestamp": "yesterday", "X_Slack_Signature": "v0=00"},
        {"X_Slack_Request_Timestamp": "1" * 5_000, "X_Slack_Signature": "v0=00"},
        {"X_Slack_Request_Timestamp": "now", "X_Slack_Signature": "v0=ÿ"},
    ],
)
@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"payload=nonsense", b"ssl_check=1"])
def test_nothing_unsigned_is_looked_into(web: Web, headers: dict[str, str], body: bytes) -> None:
    headers = {**headers, "Content_Type": "application/json"}

    assert web.ask("POST", "/slack/events", body, **headers).status == 401


def test_a_signature_that_is_no_ascii_is_turned_away(web: Web) -> None:
    answer = web.ask(
        "POST", "/slack/events", b"x", X_Slack_Request_Timestamp=str(int(time())), X_Slack_Signature="v0=ÿ"
    )

    assert answer.status == 401


def test_a_body_that_is_no_text_is_refused(web: Web) -> None:
    assert web.ask("POST", "/slack/events", b"text=\xff\xfe") == Answer(400, "not UTF-8")


def test_a_body_that_never_ends_is_not_kept(web: Web) -> None:
    assert web.ask("POST", "/slack/events", b"x" * 2_000_001).status == 413


def test_a_signed_body_that_means_nothing_does_no_harm(slack: SlackDouble, web: Web) -> None:
    body = json.dumps({"type": "event_callback", "event": {"type": "unheard_of"}})
    signed_at = str(int(time()))
    signature = SignatureVerifier(slack.signing_secret).generate_signature(timestamp=signed_at, body=body)

    answer = web.ask(
        "POST",
        "/slack/events",
        body.encode(),
        Content_Type="application/json",
        X_Slack_Request_Timestamp=signed_at,
        X_Slack_Signature=str(signature),
    )

    assert answer.status == 404


def test_only_what_is_served_is_there(web: Web) -> None:
    assert web.ask("GET", "/slack/events").status == 405
    assert web.ask("GET", "/").status == 404
    assert web.ask("POST", "/slack/install").status == 404


def test_a_healthy_bot_says_so(web: Web) -> None:
    assert web.ask("GET", "/healthz") == Answer(200, "ok")
    assert web.ask("GET", "/readyz") == Answer(200, "ready")


def test_a_bot_whose_database_went_away_lives_but_is_not_ready(postgres_server: PostgresServer) -> None:
    with postgres_server.database() as url:
        database = Database(url.render_as_string(hide_password=False))
        migrations.migrate(database.engine)
        with _served(web_app(Ears(database, None), None)) as web:
            before = web.ask("GET", "/readyz")
            postgres_server.drop(str(url.database))

            assert before == Answer(200, "ready")
            assert web.ask("GET", "/readyz") == Answer(503, "the database does not answer")
            assert web.ask("GET", "/healthz").status == 200
        database.close()


def test_without_a_line_to_slack_the_bot_is_not_ready(slack: SlackDouble, database: Database, app: App) -> None:
    with connected(app, slack.app_token, api_url=slack.api_url) as line:
        ears = Ears(database, line)
        assert line.wait_until_live(5)
        while_it_holds = ears.deaf_because()
        slack.fail_next("apps.connections.open", status=503)
        slack.hang_up()
        slack.wait_for(ears.deaf_because)

    assert while_it_holds == ""
    assert ears.deaf_because() == "Slack is not connected"


# As a process of its own

RUN = ("run", "--host", "127.0.0.1", "--port", "0")


def _settings(slack: SlackDouble, **changed: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        **changed,
    }


def _no_traceback_and_no_secret(said: str, slack: SlackDouble) -> bool:
    secrets = (slack.bot_token, slack.app_token, slack.signing_secret, "ticket=" + slack.workspace.socket_url[-8:])
    return "Traceback" not in said and not any(secret in said for secret in secrets)


def test_over_a_socket_a_command_is_answered_and_sigterm_ends_it_in_order(slack: SlackDouble, tmp_path: Path) -> None:
    settings = _settings(slack, SLACK_APP_TOKEN=slack.app_token, SLUICE_LOG_LEVEL="DEBUG")
    slack.reach_socket()
    with running(tmp_path, *RUN, **settings) as program:
        port = program.port()
        program.says("connected to Slack, with 1 connection")
        ready = Web(port).ask("GET", "/readyz")
        slack.deliver(slack.command("/deal", "add Acme 12k USD", user="UANN", channel="C1"))
        answered = _is_told_of_acme(slack)
        ended = program.told(signal.SIGTERM)

    assert ready == Answer(200, "ready")
    assert answered
    assert (ended.code, ended.hung) == (0, False)
    assert _no_traceback_and_no_secret(ended.said, slack)
    assert slack.connections == 0


def test_over_http_ctrl_c_ends_it_in_order(slack: SlackDouble, tmp_path: Path) -> None:
    with running(tmp_path, *RUN, **_settings(slack, SLACK_SIGNING_SECRET=slack.signing_secret)) as program:
        slack.reach_url(f"http://127.0.0.1:{program.port()}/slack/events")
        slack.deliver(slack.command("/deal", "add Acme 12k USD", user="UANN", channel="C1"))
        ended = program.told(signal.SIGINT)

    assert (ended.code, ended.hung) == (0, False)
    assert _no_traceback_and_no_secret(ended.said, slack)


def test_while_slack_cannot_be_reached_the_bot_waits_for_it(slack: SlackDouble, tmp_path: Path) -> None:
    settings = _settings(slack, SLACK_APP_TOKEN=slack.app_token, SLACK_API_URL="http://127.0.0.1:1/api/")
    with running(tmp_path, *RUN, **settings) as program:
        web = Web(program.port())
        alive, ready = web.ask("GET", "/healthz"), web.ask("GET", "/readyz")
        ended = program.told(signal.SIGTERM)

    assert (alive, ready) == (Answer(200, "ok"), Answer(503, "Slack is not connected"))
    assert (ended.code, ended.hung) == (0, False)
    assert _no_traceback_and_no_secret(ended.said, slack)


# What keeps it from starting


def _serve(slack: SlackDouble, database: Database, **changed: str) -> None:
    settings = _settings(slack, **{"SLACK_APP_TOKEN": slack.app_token, "host": "127.0.0.1", "port": "0", **changed})
    serve.run(load_settings(ServingSettings, env_file=None, **settings), database)


def test_a_port_that_is_taken_is_told_in_a_sentence(slack: SlackDouble, database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        with pytest.raises(SettingsFault, match=f"Nothing can be served on 127.0.0.1 port {port}"):
            _serve(slack, database, port=port)


def test_a_host_that_is_none_is_told_in_a_sentence(slack: SlackDouble, database: Database) -> None:
    with pytest.raises(SettingsFault, match="Nothing can be served on nowhere"):
        _serve(slack, database, host="nowhere.invalid")


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_token_that_slack_refuses_is_told_in_a_sentence(slack: SlackDouble, database: Database, name: str) -> None:
    token = {"SLACK_BOT_TOKEN": "xoxb-stranger", "SLACK_APP_TOKEN": "xapp-stranger"}[name]

    with pytest.raises(SettingsFault, match=f"{name}: Slack refuses it .invalid_auth.; copy the token anew") as fault:
        _serve(slack, database, **{name: token})

    assert "stranger" not in str(fault.value)
