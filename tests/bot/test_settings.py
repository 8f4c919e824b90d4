"""Settings come from the environment and `.env`; what is wrong is said in one sentence each, without secrets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Mode, ServingSettings, Settings, SettingsFault, load_settings
from tests.bot.unset import with_nothing_set

BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-1-topsecret", "xapp-1-topsecret", "0123topsecret"

Setting = Callable[..., None]


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Setting:
    """An empty working directory, and an environment with nothing set but what the test sets."""
    with_nothing_set(monkeypatch, tmp_path)

    def set_(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return set_


def _faults(kind: type[Settings] = Settings, **given: Any) -> tuple[str, ...]:
    with pytest.raises(SettingsFault) as fault:
        load_settings(kind, **given)
    return fault.value.faults


@pytest.mark.usefixtures("setting")
def test_without_any_setting_there_are_defaults_and_no_secrets() -> None:
    settings = load_settings(Settings)

    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///sluice.db"
    assert (settings.port, settings.log_level) == (8080, "INFO")
    assert settings.slack_bot_token is None
    assert settings.secrets() == []


def test_an_empty_variable_counts_as_unset(setting: Setting) -> None:
    setting(SLACK_BOT_TOKEN="", SLACK_API_URL="", SLUICE_PORT="", DATABASE_URL="")

    settings = load_settings(Settings)

    assert settings.slack_bot_token is None
    assert (settings.slack_api_url, settings.port) == ("https://slack.com/api/", 8080)


def test_the_environment_wins_over_the_file_in_the_working_directory(setting: Setting) -> None:
    Path(".env").write_text("SLUICE_PORT=1111\nSLUICE_LOG_LEVEL=debug\nPOSTGRES_PASSWORD=unknown here\n")
    setting(SLUICE_PORT="2222")

    settings = load_settings(Settings)

    assert (settings.port, settings.log_level) == (2222, "DEBUG")


def test_an_option_wins_over_the_environment(setting: Setting) -> None:
    setting(SLUICE_PORT="2222", SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN)

    assert load_settings(ServingSettings, port=3333).port == 3333


@pytest.mark.parametrize("content", [b"SLUICE_PORT=\xff\xfe", b"\xff\xfeS\x00"])
@pytest.mark.usefixtures("setting")
def test_a_file_that_is_no_text_is_a_fault(content: bytes) -> None:
    Path(".env").write_bytes(content)

    assert _faults() == (".env cannot be read: it is not UTF-8 text.",)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SLACK_BOT_TOKEN", "xapp-topsecret", "SLACK_BOT_TOKEN must be the bot token, which begins with xoxb-."),
        ("SLACK_APP_TOKEN", BOT_TOKEN, "SLACK_APP_TOKEN must be an app-level token, which begins with xapp-."),
        ("SLACK_BOT_TOKEN", "xoxb-top secret", "must be letters, digits and signs only, without spaces."),
        ("SLACK_SIGNING_SECRET", "topsecret–", "must be letters, digits and signs only, without spaces."),
        ("SLACK_API_URL", "slack.com/api", "SLACK_API_URL must be a URL such as https://slack.com/api/."),
        ("SLACK_API_URL", "http://[topsecret", "SLACK_API_URL must be a URL such as https://slack.com/api/."),
        ("DATABASE_URL", "mysql://u:topsecret@h/d", "DATABASE_URL must be like sqlite:///sluice.db or postgresql://"),
        ("DATABASE_URL", "postgresql://u:topsecret@h:x/d", "DATABASE_URL must be like"),
        ("DATABASE_URL", "topsecret", "DATABASE_URL must be like"),
        ("SLUICE_PORT", "topsecret", "SLUICE_PORT must be a whole number."),
        ("SLUICE_PORT", "65536", "SLUICE_PORT must be less than or equal to 65535."),
        ("SLUICE_LOG_LEVEL", "topsecret", "SLUICE_LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR."),
    ],
)
def test_a_malformed_setting_is_one_sentence_that_does_not_repeat_it(
    setting: Setting, name: str, value: str, sentence: str
) -> None:
    setting(**{name: value})

    (fault,) = _faults()

    assert fault.startswith(name)
    assert sentence in fault
    assert "secret" not in fault


@pytest.mark.usefixtures("setting")
def test_all_that_serving_lacks_is_told_at_once() -> None:
    token, way_in = _faults(ServingSettings)

    assert token.startswith("SLACK_BOT_TOKEN is not set")
    assert "SLACK_APP_TOKEN" in way_in
    assert "SLACK_SIGNING_SECRET" in way_in


def test_what_is_missing_and_what_is_malformed_are_told_together(setting: Setting) -> None:
    setting(SLACK_APP_TOKEN="nonsense", SLUICE_PORT="x")

    faults = _faults(ServingSettings)

    assert [fault.split()[0] for fault in faults] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLUICE_PORT"]


@pytest.mark.parametrize(
    ("variables", "asked", "mode"),
    [
        ({"SLACK_APP_TOKEN": APP_TOKEN}, None, Mode.SOCKET),
        ({"SLACK_SIGNING_SECRET": SIGNING_SECRET}, None, Mode.HTTP),
        ({"SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET}, None, Mode.SOCKET),
        ({"SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET}, Mode.HTTP, Mode.HTTP),
    ],
)
def test_an_app_token_means_a_socket_unless_asked_otherwise(
    setting: Setting, variables: dict[str, str], asked: Mode | None, mode: Mode
) -> None:
    setting(SLACK_BOT_TOKEN=BOT_TOKEN, **variables)

    settings = load_settings(ServingSettings, mode=asked)

    assert settings.mode is mode


@pytest.mark.parametrize(
    ("variables", "asked", "lacking"),
    [
        ({"SLACK_SIGNING_SECRET": SIGNING_SECRET}, Mode.SOCKET, "SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": APP_TOKEN}, Mode.HTTP, "SLACK_SIGNING_SECRET"),
    ],
)
def test_the_mode_that_is_asked_for_needs_its_own_secret(
    setting: Setting, variables: dict[str, str], asked: Mode, lacking: str
) -> None:
    setting(SLACK_BOT_TOKEN=BOT_TOKEN, **variables)

    (fault,) = _faults(ServingSettings, mode=asked)

    assert fault.startswith(f"{lacking} is not set")


def test_settings_can_be_printed_without_telling_a_secret(setting: Setting) -> None:
    setting(
        SLACK_BOT_TOKEN=BOT_TOKEN,
        SLACK_APP_TOKEN=APP_TOKEN,
        SLACK_SIGNING_SECRET=SIGNING_SECRET,
        DATABASE_URL="postgresql://sluice:topsecret@localhost/sluice",
    )

    settings = load_settings(ServingSettings)

    assert "secret@" not in f"{settings!r} {settings}"
    assert "topsecret" not in f"{settings!r} {settings}"
    assert {BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, "topsecret"} == set(settings.secrets())


def test_a_password_is_secret_in_each_way_of_writing_it(setting: Setting) -> None:
    setting(DATABASE_URL="postgresql://sluice:p%40ss+w%2Frd@localhost/sluice")

    assert set(load_settings(Settings).secrets()) >= {"p@ss+w/rd", "p%40ss%2Bw%2Frd"}


@pytest.mark.usefixtures("setting")
def test_the_example_file_sets_nothing_that_is_unknown_or_wrong() -> None:
    lines = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8").splitlines()
    named = [line.lstrip("#") for line in lines if line.lstrip("#").split("=")[0].isupper() and "=" in line]
    Path(".env").write_text("\n".join(named))

    load_settings(Settings)

    known = {str(field.validation_alias or f"SLUICE_{name.upper()}") for name, field in Settings.model_fields.items()}
    assert {line.split("=")[0] for line in named} <= known | {"POSTGRES_PASSWORD"}
