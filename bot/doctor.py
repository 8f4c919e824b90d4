"""`sluice doctor` looks at everything the bot needs, says what is wrong, and how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from models import migrations
from models.database import Database

SCOPES = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "commands",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "users:read",
    }
)
"""What manifest.yaml asks for; a test keeps them equal."""

_OTHER_FAULTS = {
    "invalid_auth": "Slack does not know this token: copy it anew from the app's page.",
    "token_revoked": "The token was revoked: install the app again.",
    "account_inactive": "The app was removed from the workspace: install it again.",
    "missing_scope": "The token lacks a scope: compare the app's scopes with manifest.yaml.",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `mend` says what to do where it is not well."""

    what: str
    found: str
    is_well: bool = True
    mend: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything in turn: database, schema, then Slack as far as tokens are set."""
    yield from _database(settings)
    yield from _slack(settings)
    yield from _way_in(settings)


def _database(settings: Settings) -> Iterator[Finding]:
    database = Database(settings.database_url)
    try:
        revision = migrations.current(database.engine)
    except SQLAlchemyError as error:
        fault = str(getattr(error, "orig", error)).strip().splitlines()[0]
        yield Finding("Database", fault, False, "Check DATABASE_URL, and that the server is up and reachable.")
        return
    finally:
        database.close()
    yield Finding("Database", f"{database.engine.url.get_backend_name()} answers")
    newest = migrations.newest()
    is_newest = revision == newest
    yield Finding("Schema", revision or "empty", is_newest, "" if is_newest else "Run `sluice migrate`.")


def _slack(settings: Settings) -> Iterator[Finding]:
    if settings.slack_bot_token is None:
        yield Finding("Bot token", "SLACK_BOT_TOKEN is not set", False, "Install the Slack app and copy its token.")
        return
    try:
        answer = WebClient(settings.bot_token(), base_url=settings.slack_api_url).auth_test()
    except (SlackApiError, OSError) as error:
        yield _refused("Bot token", error, settings)
        return
    yield Finding("Bot token", f"{answer['user']} in {answer['team']} (team id {answer['team_id']})")
    missing = _missing_scopes(answer)
    if missing is None:
        yield Finding("Scopes", "Slack does not say")
    elif missing:
        mend = "Add them under OAuth & Permissions, or paste manifest.yaml anew, and reinstall the app."
        yield Finding("Scopes", f"missing: {', '.join(missing)}", False, mend)
    else:
        yield Finding("Scopes", "all that are needed")


def _way_in(settings: Settings) -> Iterator[Finding]:
    """How Slack reaches the bot: a socket with an app token, or HTTP with a signing secret."""
    if settings.slack_app_token is not None:
        try:
            WebClient(settings.app_token(), base_url=settings.slack_api_url).apps_connections_open(
                app_token=settings.app_token()
            )
        except (SlackApiError, OSError) as error:
            yield _refused("App token", error, settings)
            return
        yield Finding("App token", "Socket Mode can connect")
    elif settings.slack_signing_secret is not None:
        yield Finding("Signing secret", "set; Slack must reach POST /slack/events over HTTPS")
    else:
        mend = "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP."
        yield Finding("Way in", "neither an app token nor a signing secret is set", False, mend)


def _missing_scopes(answer: SlackResponse) -> list[str] | None:
    """What the token lacks; None where the answer does not tell its scopes."""
    granted = {key.lower(): value for key, value in answer.headers.items()}.get("x-oauth-scopes")
    return None if granted is None else sorted(SCOPES - {scope.strip() for scope in granted.split(",")})


def _refused(what: str, error: SlackApiError | OSError, settings: Settings) -> Finding:
    if isinstance(error, SlackApiError):
        code = str(error.response.get("error"))
        return Finding(what, code, False, _OTHER_FAULTS.get(code, "Slack's documentation names this error code."))
    return Finding(
        what, "Slack does not answer", False, f"Check the network, and SLACK_API_URL ({settings.slack_api_url})."
    )
