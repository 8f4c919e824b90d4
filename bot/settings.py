"""What an operator sets, by environment or `.env`; whatever is wrong is said in one sentence each, without secrets."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, quote_plus, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SLACK_SECTION, SETTINGS_SECTION = '"Use it with your Slack"', '"Settings"'
SLACK_API = "https://slack.com/api/"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DATABASES = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")


class Mode(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    HTTP = "http"


class SettingsFault(Exception):
    """The process cannot start like this; `faults` are sentences for the operator."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def _beginning_with(prefix: str, what: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        token = secret.get_secret_value()
        if not token.startswith(prefix):
            raise ValueError(f"must be {what}, which begins with {prefix}")
        return _printable(secret)

    return AfterValidator(check)


def _printable(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not (text.isascii() and text.isprintable() and " " not in text):
        raise ValueError("must be letters, digits and signs only, without spaces")
    return secret


def _is_api_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url:
        raise ValueError(f"must be a URL such as {SLACK_API}")
    return url if url.endswith("/") else f"{url}/"


def _is_database_url(url: str) -> str:
    try:
        driver = make_url(url).drivername
    except (ArgumentError, ValueError):
        driver = ""
    if driver not in DATABASES:
        raise ValueError("must be like sqlite:///sluice.db or postgresql://user:password@host/name")
    return url


def _is_log_level(level: str) -> str:
    if level.upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return level.upper()


BotToken = Annotated[SecretStr, _beginning_with("xoxb-", "the bot token")]
AppToken = Annotated[SecretStr, _beginning_with("xapp-", "an app-level token")]
SigningSecret = Annotated[SecretStr, AfterValidator(_printable)]


class Settings(BaseSettings):
    """The settings of one process, read once at its start."""

    model_config = SettingsConfigDict(env_prefix="SLUICE_", env_ignore_empty=True, frozen=True, extra="ignore")

    slack_bot_token: BotToken | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: AppToken | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SigningSecret | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: Annotated[str, AfterValidator(_is_api_url)] = Field(SLACK_API, validation_alias="SLACK_API_URL")
    database_url: Annotated[str, AfterValidator(_is_database_url)] = Field(
        "sqlite:///sluice.db", validation_alias="DATABASE_URL", repr=False
    )
    host: str = "0.0.0.0"  # noqa: S104 - a container is reached from outside; SLUICE_HOST narrows it
    port: int = Field(8080, ge=0, le=65_535)
    log_level: Annotated[str, AfterValidator(_is_log_level)] = "INFO"

    def secrets(self) -> list[str]:
        """All that must never be printed, a password also as it is written in a URL."""
        held = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        password = str(make_url(self.database_url).password or "")
        passwords = {password, quote(password, safe=""), quote_plus(password)} - {""}
        return [each.get_secret_value() for each in held if each] + sorted(passwords)


class ServingSettings(Settings):
    """The settings of `sluice run`, which needs a token and a way in besides."""

    slack_bot_token: BotToken = Field(validation_alias="SLACK_BOT_TOKEN")
    mode: Mode = Field(default=None, validate_default=True)  # `_has_a_way_in` chooses

    @field_validator("mode", mode="before")
    @classmethod
    def _has_a_way_in(cls, given: Mode | str | None, so_far: ValidationInfo) -> Mode | str:
        """A socket where there is an app token, else HTTP. What was malformed is absent here, and is told already."""
        app_token = so_far.data.get("slack_app_token", "malformed")
        signing_secret = so_far.data.get("slack_signing_secret", "malformed")
        if given is None and not app_token and not signing_secret:
            raise ValueError(
                "SLACK_APP_TOKEN (for Socket Mode) and SLACK_SIGNING_SECRET (for HTTP) are not set, one is needed"
            )
        if given == Mode.SOCKET and not app_token:
            raise ValueError("SLACK_APP_TOKEN is not set, Socket Mode needs it")
        if given == Mode.HTTP and not signing_secret:
            raise ValueError("SLACK_SIGNING_SECRET is not set, HTTP mode needs it")
        return given or (Mode.SOCKET if app_token else Mode.HTTP)

    @property
    def bot_token(self) -> str:
        return self.slack_bot_token.get_secret_value()

    @property
    def app_token(self) -> str:
        """Always there in Socket Mode."""
        return self.slack_app_token.get_secret_value() if self.slack_app_token else ""

    @property
    def signing_secret(self) -> str:
        """Always there in HTTP mode."""
        return self.slack_signing_secret.get_secret_value() if self.slack_signing_secret else ""


Kind = TypeVar("Kind", bound=Settings)


def load_settings(kind: type[Kind], *, env_file: Path | None = Path(".env"), **given: Any) -> Kind:
    """The settings of the environment, with what was `given` instead of it. Raises SettingsFault."""
    try:
        return kind(_env_file=env_file, _env_file_encoding="utf-8", **given)
    except ValidationError as error:
        raise SettingsFault(*(_sentence(fault) for fault in error.errors(include_input=False))) from None
    except UnicodeDecodeError:
        raise SettingsFault(f"{env_file} cannot be read: it is not UTF-8 text.") from None
    except OSError as error:
        raise SettingsFault(f"{env_file} cannot be read: {error.strerror}.") from None


def _sentence(fault: ErrorDetails) -> str:
    field, said = str(fault["loc"][0]), plain_fault(fault)
    if field == "mode" and fault["type"] == "value_error":
        return f"{said}; {SLACK_SECTION} in README.md says where Slack shows them."
    name = field if field.isupper() else f"SLUICE_{field.upper()}"
    if fault["type"] == "missing":
        return f"{name} is not set; {SLACK_SECTION} in README.md says where Slack shows it."
    return f"{name} {said}."


def plain_fault(fault: ErrorDetails) -> str:
    """What pydantic says against a value, without the words that only programmers know."""
    said = fault["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return said.partition(", unable to parse")[0].replace("a valid integer", "a whole number")
