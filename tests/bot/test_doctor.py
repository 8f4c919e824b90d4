"""`sluice doctor` looks at everything the bot needs and says how to mend what is wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from bot.doctor import SCOPES, Finding, examine
from bot.operating import ready_database
from bot.settings import Settings, load_settings
from tests.slack_double import SlackDouble

ROOT = Path(__file__).parents[2]


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with SlackDouble(scopes=SCOPES) as slack:
        yield slack


def _settings(slack: SlackDouble, folder: Path, **changed: Any) -> Settings:
    well = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": None,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'sluice.db'}",
    }
    return load_settings(Settings, env_file=None, **(well | changed))


def _ailing(settings: Settings) -> list[Finding]:
    found = [finding for finding in examine(settings) if not finding.is_well]
    sections = [line.removeprefix("## ") for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()]
    assert all(each.section.strip('"') in sections for each in found if each.mend != "Try again in a minute.")
    return found


@pytest.fixture
def well(slack: SlackDouble, tmp_path: Path) -> Settings:
    settings = _settings(slack, tmp_path)
    with ready_database(settings):
        return settings


def test_where_all_is_well_the_team_is_named(well: Settings, slack: SlackDouble) -> None:
    findings = list(examine(well))

    assert all(finding.is_well and not finding.mend for finding in findings)
    assert [finding.what for finding in findings] == ["Database", "Schema", "Bot token", "Scopes", "App token"]
    assert slack.team_id in findings[2].found


def test_the_scopes_that_are_looked_for_are_those_of_the_manifest() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))

    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES


@pytest.mark.usefixtures("well")
def test_missing_scopes_are_named(tmp_path: Path) -> None:
    with SlackDouble(scopes=SCOPES - {"im:write", "files:write"}) as slack:
        (finding,) = _ailing(_settings(slack, tmp_path))

    assert (finding.what, finding.found) == ("Scopes", "missing: files:write, im:write")
    assert "reinstall" in finding.mend


@pytest.mark.usefixtures("well")
@pytest.mark.parametrize("changed", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_token_that_slack_does_not_know_is_named(slack: SlackDouble, tmp_path: Path, changed: str) -> None:
    token = {"SLACK_BOT_TOKEN": "xoxb-stranger", "SLACK_APP_TOKEN": "xapp-stranger"}[changed]

    (finding,) = _ailing(_settings(slack, tmp_path, **{changed: token}))

    assert finding.found == "Slack refuses it (invalid_auth)"
    assert "copy the token anew" in finding.mend.lower()
    assert "stranger" not in f"{finding}"


def test_a_revoked_token_says_to_install_again(well: Settings, slack: SlackDouble) -> None:
    slack.revoke_token()

    token, *_ = _ailing(well)

    assert "token_revoked" in token.found
    assert token.mend.startswith("Install the app in the workspace again")


def test_a_slack_that_breaks_down_is_no_fault_of_the_token(well: Settings, slack: SlackDouble) -> None:
    slack.fail_next("auth.test", error="internal_error")

    (finding,) = _ailing(well)

    assert (finding.found, finding.mend) == ("Slack answers internal_error", "Try again in a minute.")


@pytest.mark.usefixtures("well")
def test_a_slack_that_cannot_be_reached_points_at_its_address(slack: SlackDouble, tmp_path: Path) -> None:
    ailing = _ailing(_settings(slack, tmp_path, SLACK_API_URL="http://127.0.0.1:1/api/"))

    assert [finding.what for finding in ailing] == ["Bot token", "App token"]
    assert all("SLACK_API_URL (http://127.0.0.1:1/api/)" in finding.mend for finding in ailing)


@pytest.mark.usefixtures("well")
def test_without_tokens_each_is_asked_for(slack: SlackDouble, tmp_path: Path) -> None:
    ailing = _ailing(_settings(slack, tmp_path, SLACK_BOT_TOKEN=None, SLACK_APP_TOKEN=None))

    assert [finding.what for finding in ailing] == ["Bot token", "Way in"]
    assert "SLACK_SIGNING_SECRET" in ailing[1].mend


@pytest.mark.usefixtures("well")
def test_a_signing_secret_is_a_way_in(slack: SlackDouble, tmp_path: Path) -> None:
    assert _ailing(_settings(slack, tmp_path, SLACK_APP_TOKEN=None, SLACK_SIGNING_SECRET="0123")) == []


def test_an_empty_database_wants_migrating(slack: SlackDouble, tmp_path: Path) -> None:
    (finding,) = _ailing(_settings(slack, tmp_path))

    assert (finding.what, finding.found, finding.mend) == ("Schema", "empty", "Run `sluice migrate`.")


def test_a_database_of_a_later_version_wants_a_later_program(well: Settings) -> None:
    with ready_database(well) as database, database.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    (finding,) = _ailing(well)

    assert finding.found == "version 9999"
    assert finding.mend.startswith("It was made by a later Sluice")


def test_a_database_that_does_not_answer_is_told_without_its_password(slack: SlackDouble, tmp_path: Path) -> None:
    url = "postgresql://sluice:topsecret@127.0.0.1:1/sluice"

    (finding,) = _ailing(_settings(slack, tmp_path, DATABASE_URL=url))

    assert finding.what == "Database"
    assert "refused" in finding.found
    assert "topsecret" not in f"{finding}"
