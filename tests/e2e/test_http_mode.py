"""End to end over signed HTTP: the same day of work as over a socket, with Slack posting to the bot's address."""

from pathlib import Path

import pytest

from bot.demo.local_slack import running
from tests.e2e.conftest import A_SMALL_TEAM, BOT_TOKEN, SIGNING_SECRET
from tests.e2e.driver import driving
from tests.e2e.sales_day import Company, copied, work_a_day
from tests.program import free_port

pytestmark = pytest.mark.local_slack


def test_a_day_of_work_over_http(maven: Company, local_slack_binary: Path, tmp_path: Path) -> None:
    company = copied(maven, tmp_path)
    port = free_port()
    address = {"mode": "events", "request_url": f"http://127.0.0.1:{port}/slack/events"}
    team = A_SMALL_TEAM.model_copy(update={"apps": (A_SMALL_TEAM.apps[0].model_copy(update=address),)})

    with running(team, free_port(), local_slack_binary) as slack, driving(slack) as driver:
        settings = {"SLACK_SIGNING_SECRET": SIGNING_SECRET, "SLACK_BOT_TOKEN": BOT_TOKEN}
        digest, said = work_a_day(company, driver, port, SLACK_API_URL=slack.api_url, **settings)

    assert digest["user"] == "U0BOT"
    assert "Traceback" not in said
    assert not [secret for secret in (BOT_TOKEN, SIGNING_SECRET) if secret in said]
