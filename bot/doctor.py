"""`sluice doctor` looks at everything the bot needs, says what is wrong, and how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot import operating
from bot.settings import SETTINGS_SECTION, SLACK_SECTION, Settings, SettingsFault
from bot.tokens import MENDING, UNREACHABLE, refusal
from models import migrations

_PATIENCE_SECONDS = 10

SCOPES = frozenset(
    {
        "app_mentions:read",
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
        "reactions:read",
        "users:read",
    }
)
"""What manifest.yaml asks for; a test keeps them equal."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `mend` says what to do where it is not well, `section` of README.md more of it."""

    what: str
    found: str
    is_well: bool = True
    mend: str = ""
    section: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything in turn: database, schema, then Slack as far as tokens are set."""
    yield from _database(settings)
    yield from _slack(settings)
    yield from _way_in(settings)


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with operating.database_of(settings) as database:
            revision = operating.revision_of(database)
    except SettingsFault as fault:
        mend = "Check DATABASE_URL, and that the server is up and reachable."
        yield Finding("Database", str(fault), False, mend, SETTINGS_SECTION)
        return
    yield Finding("Database", f"{database.engine.url.get_backend_name()} answers")
    is_newest = revision == migrations.newest()
    mend = "" if is_newest else _as_sentence(operating.mending(revision))
    yield Finding("Schema", f"version {revision}" if revision else "empty", is_newest, mend, SETTINGS_SECTION)


def _slack(settings: Settings) -> Iterator[Finding]:
    if settings.slack_bot_token is None:
        mend = "Install the Slack app and copy its token."
        yield Finding("Bot token", "SLACK_BOT_TOKEN is not set", False, mend, SLACK_SECTION)
        return
    try:
        answer = _client(settings.slack_bot_token, settings).auth_test()
    except (SlackApiError, *UNREACHABLE) as error:
        yield _refused("Bot token", error, settings)
        return
    yield Finding("Bot token", f"{answer['user']} in {answer['team']} (team id {answer['team_id']})")
    missing = _missing_scopes(answer)
    if missing is None:
        yield Finding("Scopes", "this Slack does not tell them")
    elif missing:
        mend = "Add them under OAuth & Permissions, or paste manifest.yaml anew, and reinstall the app."
        yield Finding("Scopes", f"missing: {', '.join(missing)}", False, mend, SLACK_SECTION)
    else:
        yield Finding("Scopes", "all that are needed")


def _way_in(settings: Settings) -> Iterator[Finding]:
    """How Slack reaches the bot: a socket with an app token, or HTTP with a signing secret."""
    token = settings.slack_app_token
    if token is not None:
        try:
            _client(token, settings).apps_connections_open(app_token=token.get_secret_value())
        except (SlackApiError, *UNREACHABLE) as error:
            yield _refused("App token", error, settings)
            return
        yield Finding("App token", "Socket Mode can connect")
    elif settings.slack_signing_secret is not None:
        yield Finding("Signing secret", "set; Slack must reach POST /slack/events over HTTPS")
    else:
        mend = "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP."
        yield Finding("Way in", "neither an app token nor a signing secret is set", False, mend, SLACK_SECTION)


def _missing_scopes(answer: SlackResponse) -> list[str] | None:
    """What the token lacks; None where the answer does not tell its scopes."""
    granted = {key.lower(): value for key, value in answer.headers.items()}.get("x-oauth-scopes")
    return None if granted is None else sorted(SCOPES - {scope.strip() for scope in granted.split(",")})


def _client(token: SecretStr, settings: Settings) -> WebClient:
    return WebClient(token.get_secret_value(), base_url=settings.slack_api_url, timeout=_PATIENCE_SECONDS)


def _refused(what: str, error: Exception, settings: Settings) -> Finding:
    word = refusal(error)
    if word is not None:
        return Finding(what, f"Slack refuses it ({word})", False, _as_sentence(MENDING[word]), SLACK_SECTION)
    if isinstance(error, SlackApiError) and error.response.get("error"):
        return Finding(what, f"Slack answers {error.response['error']}", False, "Try again in a minute.")
    mend = f"Check the network, and SLACK_API_URL ({settings.slack_api_url})."
    return Finding(what, "Slack does not answer", False, mend, SETTINGS_SECTION)


def _as_sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
