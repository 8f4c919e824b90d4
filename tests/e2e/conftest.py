"""A local Slack for each test that asks for one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.local_slack import (
    Channel,
    LocalSlack,
    LocalSlackConfig,
    SlackApp,
    User,
    Workspace,
    find_binary,
    running,
)
from tests.e2e.driver import Driver, driving
from tests.e2e.sales_day import TEAM_ID, Company, found
from tests.program import free_port

BOT_TOKEN = "xoxb-local"
APP_TOKEN = "xapp-local"
SIGNING_SECRET = "signing-secret"

A_SMALL_TEAM = LocalSlackConfig(
    workspace=Workspace(name="Acme Sales", domain="acme-sales", team_id=TEAM_ID),
    apps=(
        SlackApp(
            app_id="A01",
            bot_user_id="U0BOT",
            bot_name="sluice",
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            signing_secret=SIGNING_SECRET,
        ),
    ),
    users=(
        User(id="U01", name="ana", real_name="Ana Ruiz", tz="Europe/Madrid"),
        User(id="U02", name="ben", real_name="Ben Okafor", tz="Africa/Lagos"),
    ),
    channels=(Channel(id="C01", name="sales", members=("U01", "U02", "U0BOT")),),
)


@pytest.fixture(scope="session")
def local_slack_binary() -> Path:
    binary = find_binary()
    if binary is None:
        reason = "the local Slack is not installed: `make test` installs it, SLUICE_LOCAL_SLACK names another"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return binary


@pytest.fixture
def local_slack(local_slack_binary: Path) -> Iterator[LocalSlack]:
    """A fresh workspace of Ana and Ben, who share #sales with the bot."""
    with running(A_SMALL_TEAM, free_port(), local_slack_binary) as slack:
        yield slack


@pytest.fixture
def driver(local_slack: LocalSlack) -> Iterator[Driver]:
    """Hands and eyes of the people in `local_slack`."""
    with driving(local_slack) as driver:
        yield driver


@pytest.fixture(scope="session")
def maven(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A company with 2,200 real-looking deals and a model trained on them; copy it to work in it."""
    return found(tmp_path_factory.mktemp("maven"))
