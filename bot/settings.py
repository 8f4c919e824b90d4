"""What an operator sets, by environment or `.env`; whatever is wrong is said in one sentence each, without secrets."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SLACK_API = "https://slack.com/api/"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsFault(Exception):
    """The process cannot start like this; `faults` are sentences for the operator."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def _beginning_with(prefix: str, what: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if not secret.get_secret_value().startswith(prefix):
            raise ValueError(f"must be {what}, which begins with {prefix}")
        return secret

    return AfterValidator(check)


def _is_api_url(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError("must be a URL such as https://slack.com/api/")
    return url if url.endswith("/") else f"{url}/"


def _is_database_url(url: str) -> str:
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        raise ValueError("must be like sqlite:///sluice.db or postgresql://user:password@host/name")
    return url


def _is_log_level(level: str) -> str:
    if level.upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")
    return level.upper()


class Settings(BaseSettings):
    """The settings of one process, read once at its start."""

    model_config = SettingsConfigDict(env_prefix="SLUICE_", env_ignore_empty=True, frozen=True, extra="ignore")

    slack_bot_token: Annotated[SecretStr, _beginning_with("xoxb-", "the bot token")] | None = Field(
        None, validation_alias="SLACK_BOT_TOKEN"
    )
    slack_app_token: Annotated[SecretStr, _beginning_with("xapp-", "an app-level token")] | None = Field(
        None, validation_alias="SLACK_APP_TOKEN"
    )
    slack_signing_secret: SecretStr | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: Annotated[str, AfterValidator(_is_api_url)] = Field(SLACK_API, validation_alias="SLACK_API_URL")
    database_url: Annotated[str, AfterValidator(_is_database_url)] = Field(
        "sqlite:///sluice.db", validation_alias="DATABASE_URL"
    )
    host: str = "0.0.0.0"  # noqa: S104 - a container is reached from outside; SLUICE_HOST narrows it
    port: int = Field(8080, ge=0, le=65_535)
    log_level: Annotated[str, AfterValidator(_is_log_level)] = "INFO"

    def bot_token(self) -> str:
        """Raises SettingsFault when it is not set."""
        return _needed(self.slack_bot_token, "SLACK_BOT_TOKEN", "the bot token (xoxb-…) of the Slack app")

    def app_token(self) -> str:
        """Raises SettingsFault when it is not set."""
        return _needed(self.slack_app_token, "SLACK_APP_TOKEN", "an app-level token (xapp-…) for Socket Mode")

    def signing_secret(self) -> str:
        """Raises SettingsFault when it is not set."""
        return _needed(self.slack_signing_secret, "SLACK_SIGNING_SECRET", "the signing secret of the Slack app")

    def secrets(self) -> list[str]:
        """All that must never be printed."""
        held = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        password = make_url(self.database_url).password
        return [each.get_secret_value() for each in held if each] + ([str(password)] if password else [])


def load_settings(env_file: Path | None = Path(".env"), **given: Any) -> Settings:
    """The settings of the environment, with what was `given` instead of it. Raises SettingsFault."""
    try:
        return Settings(_env_file=env_file, _env_file_encoding="utf-8", **given)
    except ValidationError as error:
        raise SettingsFault(*(_sentence(fault) for fault in error.errors(include_input=False))) from None


def _sentence(fault: Any) -> str:
    field = Settings.model_fields.get(str(fault["loc"][0]))
    alias = field.validation_alias if field else None
    name = alias if isinstance(alias, str) else str(fault["loc"][0])
    name = name if name.isupper() else f"SLUICE_{name.upper()}"
    return f"{name} {_plainly(fault['msg'])}."


def _plainly(message: str) -> str:
    for start in ("Value error, ", "Input should be "):
        if message.startswith(start):
            rest = message.removeprefix(start)
            return rest if start.startswith("Value") else f"must be {rest}"
    return message


def _needed(secret: SecretStr | None, name: str, what: str) -> str:
    if secret is None or not secret.get_secret_value():
        raise SettingsFault(f"{name} is not set. It is {what}; README.md says where Slack shows it.")
    return secret.get_secret_value()
