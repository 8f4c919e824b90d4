"""Runs the bot: listens to Slack over Socket Mode or HTTP, answers health checks, keeps the clock, stops in order."""

import logging
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import uvicorn
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app import build_app
from bot.home_front import HomeFront
from bot.operating import now, reason
from bot.people import People
from bot.schedules.clockwork import Clockwork
from bot.services import Services
from bot.settings import Mode, ServingSettings, SettingsFault
from bot.slack_requests import SlackRequests
from bot.socket_mode import Line, connected
from bot.tokens import MENDING, UNREACHABLE, refusal
from models.database import Database
from models.workspace import Workspace
from scoring.scorer import Scorers

_ASKING_SECONDS = 10
_FINISHING_SECONDS = 2

_log = logging.getLogger("sluice")


def run(settings: ServingSettings, database: Database) -> None:
    """Serve until told to stop (SIGINT or SIGTERM), then stop in order: no new work, the line, the clock, the rest.

    While Slack cannot be reached the bot waits for it, and is not ready. Raises SettingsFault where waiting would not
    help: the port is taken, or Slack refuses a token.
    """
    client = WebClient(settings.bot_token, base_url=settings.slack_api_url)
    with ExitStack() as closing:
        stopping = closing.enter_context(_signals())
        listener = closing.enter_context(_listener(settings.host, settings.port))
        _refuse_bad_token(settings)
        bot = closing.enter_context(at_work(client, database))
        line, requests = None, None
        if settings.mode is Mode.SOCKET:
            try:
                line = closing.enter_context(connected(bot.app, settings.app_token, api_url=settings.slack_api_url))
            except SlackApiError as error:
                raise _refused("SLACK_APP_TOKEN", error) from None
        else:
            requests = SlackRequests(bot.app, settings.signing_secret)
        host, port = listener.getsockname()[:2]
        _log.info("listening to Slack over %s; health checks on %s port %s", settings.mode, host, port)
        stopping.serve(web_app(Ears(database, line), requests), listener)
        _log.info("stopping")


@dataclass(frozen=True)
class Bot:
    """The bot at work: what Slack may tell it, and its clock."""

    app: App
    clockwork: Clockwork


@contextmanager
def at_work(client: WebClient, database: Database, *, shows_tables: bool = True) -> Iterator[Bot]:
    """The bot with its clock going; Slack does not reach it yet. Leaving waits for what is being done."""
    with (
        ThreadPoolExecutor(4, thread_name_prefix="later") as later,
        _one_by_one() as heavy,
        ThreadPoolExecutor(10, thread_name_prefix="turns") as turns,  # as many as Slack is heard at a time
    ):
        services = Services(
            database=database,
            people=People(client, now),
            scorers=Scorers(),
            turns=turns,
            later=later,
            heavy=heavy,
            clock=now,
            shows_tables=shows_tables,
        )
        _warm_up(services)
        clockwork = Clockwork([client], replace(services, changed=HomeFront(client, services).refresh))
        clockwork.start()
        try:
            yield Bot(build_app(client, services), clockwork)
        finally:
            clockwork.stop()


@contextmanager
def _one_by_one() -> Iterator[ThreadPoolExecutor]:
    """For what takes minutes. Leaving waits for what has begun, such as a training of at most two minutes; the rest is
    left to whoever runs next."""
    executor = ThreadPoolExecutor(1, thread_name_prefix="heavy")
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _warm_up(services: Services) -> None:
    """Have every score's model at hand before the first person asks, whom Slack lets wait for three seconds."""
    with services.database.reading() as session:
        for workspace in session.scalars(select(Workspace)).all():
            services.scorers.keep_warm(session, workspace, at=services.clock())


@dataclass(frozen=True)
class Ears:
    """What `readyz` asks: the database, and in Socket Mode the line to Slack."""

    database: Database
    line: Line | None

    def deaf_because(self) -> str:
        """Why the bot cannot work at the moment; empty when it can."""
        try:
            with self.database.reading() as session:
                session.execute(text("SELECT 1"))
        except DBAPIError as error:
            _log.warning("the database does not answer: %s", reason(error))
            return "the database does not answer"
        except NoConnectionFree:
            return "the database is busy"
        if self.line is not None and not self.line.is_live:
            return "Slack is not connected"
        return ""


def web_app(ears: Ears, requests: SlackRequests | None) -> Starlette:
    """The HTTP face: health checks, and in HTTP mode the address that Slack posts to."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        fault = await run_in_threadpool(ears.deaf_because)
        return PlainTextResponse(fault or "ready", status_code=503 if fault else 200)

    routes = [Route("/healthz", healthz), Route("/readyz", readyz)]
    if requests is not None:
        routes.append(Route("/slack/events", requests.answer, methods=["POST"]))
    return Starlette(routes=routes)


class _Stopping:
    """Turns the first signal to stop, also one that comes while the bot still starts, into an orderly end."""

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._is_told = False

    def told(self, *_: object) -> None:
        self._is_told = True
        if self._server:
            self._server.should_exit = True

    def serve(self, web: Starlette, listener: socket.socket) -> None:
        """Returns once told to stop and what was asked before is answered."""
        config = uvicorn.Config(
            web,
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_FINISHING_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._server.should_exit = self._is_told
        self._server.run(sockets=[listener])


@contextmanager
def _signals() -> Iterator[_Stopping]:
    """uvicorn hands each signal on once it has stopped; without a handler of ours that would end the process there."""
    stopping = _Stopping()
    before = {each: signal.signal(each, stopping.told) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopping
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _listener(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsFault(
            f"Nothing can be served on {host} port {port} ({error.strerror}): choose others by --host and --port."
        ) from None
    with listener:
        yield listener


def _refuse_bad_token(settings: ServingSettings) -> None:
    try:
        WebClient(settings.bot_token, base_url=settings.slack_api_url, timeout=_ASKING_SECONDS).auth_test()
    except SlackApiError as error:
        if refusal(error):
            raise _refused("SLACK_BOT_TOKEN", error) from None
        _log.warning("Slack does not work at the moment: %s", error)
    except UNREACHABLE as error:
        _log.warning("Slack cannot be reached at %s: %s", settings.slack_api_url, error)


def _refused(name: str, error: SlackApiError) -> SettingsFault:
    word = str(error.response.get("error"))
    return SettingsFault(f"{name}: Slack refuses it ({word}); {MENDING[word]}.")
