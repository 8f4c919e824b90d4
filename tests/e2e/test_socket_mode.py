"""End to end over Socket Mode: real deals are imported and learnt from, one advances, the digest is posted."""

from pathlib import Path

import pytest

from bot.demo.local_slack import LocalSlack
from tests.e2e.conftest import APP_TOKEN, BOT_TOKEN
from tests.e2e.driver import Driver
from tests.e2e.sales_day import Company, copied, work_a_day

pytestmark = pytest.mark.local_slack


def test_a_day_of_work_over_a_socket(maven: Company, local_slack: LocalSlack, driver: Driver, tmp_path: Path) -> None:
    company = copied(maven, tmp_path)
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": local_slack.api_url}

    digest, said = work_a_day(company, driver, 0, **settings)

    assert digest["user"] == "U0BOT"
    assert "Traceback" not in said
    assert not [secret for secret in (BOT_TOKEN, APP_TOKEN) if secret in said]
