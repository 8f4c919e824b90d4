"""Runs the bot: listens to Slack over Socket Mode or HTTP, answers health checks, keeps the clock, stops in order."""

import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app import build_app
from bot.people import People
from bot.schedules.clockwork import Clockwork
from bot.services import Services
from bot.settings import Settings
from models.database import Database
from scoring.scorer import Scorers

_log = logging.getLogger("sluice")


class Mode(StrEnum):
    SOCKET = "socket"
    HTTP = "http"


@dataclass(frozen=True)
class Ears:
    """What `readyz` asks: the database, and in Socket Mode the live connection."""

    database: Database
    socket: SocketModeHandler | None

    def deaf_because(self) -> str:
        """Why the bot cannot work at the moment; empty when it can."""
        try:
            with self.database.reading() as session:
                session.execute(text("SELECT 1"))
        except Exception as error:  # whatever a driver raises, the answer is the same
            _log.warning("the database does not answer: %s", error)
            return "the database does not answer"
        if self.socket is not None and not self.socket.client.is_connected():
            return "Slack is not connected"
        return ""


def now() -> datetime:
    """The clock of the process; everything behind it is told the time."""
    return datetime.now(UTC)


def run(settings: Settings, *, mode: Mode) -> None:
    """Serve until told to stop (SIGINT or SIGTERM). Raises SettingsFault for what the mode needs and is not set."""
    client = WebClient(settings.bot_token(), base_url=settings.slack_api_url)
    app_token = settings.app_token() if mode is Mode.SOCKET else ""
    signing_secret = settings.signing_secret() if mode is Mode.HTTP else ""
    with ExitStack() as closing:
        database = Database(settings.database_url)
        closing.callback(database.close)
        later = closing.enter_context(ThreadPoolExecutor(4, thread_name_prefix="later"))
        services = Services(database=database, people=People(client, now), scorers=Scorers(), later=later, clock=now)
        app = build_app(client, services, signing_secret=signing_secret)
        clockwork = Clockwork(client, services)
        closing.callback(clockwork.stop)
        clockwork.start()
        socket = None
        if mode is Mode.SOCKET:
            socket = SocketModeHandler(app, app_token, web_client=WebClient(app_token, base_url=settings.slack_api_url))
            closing.callback(socket.close)
            socket.connect()  # type: ignore[no-untyped-call]  # Bolt's adapter has no types here
        web = web_app(Ears(database, socket), app if mode is Mode.HTTP else None)
        _log.info("listening to Slack over %s; health on port %s", mode, settings.port)
        uvicorn.run(web, host=settings.host, port=settings.port, log_config=None, access_log=False)


def web_app(ears: Ears, app: App | None) -> Starlette:
    """The HTTP face: health checks, and with an app the address that Slack posts to."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        fault = await run_in_threadpool(ears.deaf_because)
        return PlainTextResponse(fault or "ready", status_code=503 if fault else 200)

    routes = [Route("/healthz", healthz), Route("/readyz", readyz)]
    if app is not None:
        routes.append(Route("/slack/events", _slack_events(app), methods=["POST"]))
    return Starlette(routes=routes)


def _slack_events(app: App) -> Callable[[Request], Awaitable[Response]]:
    async def slack_events(request: Request) -> Response:
        """Bolt checks the signature and that it is younger than five minutes."""
        try:
            bolt_request = to_bolt_request(request, await request.body())
        except UnicodeDecodeError:
            return PlainTextResponse("not UTF-8", status_code=400)
        return to_starlette_response(await run_in_threadpool(app.dispatch, bolt_request))

    return slack_events
