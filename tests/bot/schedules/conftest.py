"""A team with a bot whose schedules are ticked by hand, in a Slack that shows the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from slack_sdk import WebClient

from bot.people import People
from bot.services import Services
from models.database import Database
from scoring.scorer import Scorers
from tests.bot.conftest import AtOnce, HandClock
from tests.bot.schedules.office import Office
from tests.factories import a_team
from tests.slack_double import SlackDouble


@pytest.fixture
def office(database: Database, clock: HandClock) -> Iterator[Office]:
    """Ann, an admin, and Bob, a rep, with #sales (C1) and #board (C2)."""
    with SlackDouble(now=lambda: clock().timestamp(), team_id="T1") as slack, ThreadPoolExecutor(1) as later:
        slack.add_user("UANN", name="ann", tz="UTC", is_admin=True)
        slack.add_user("UBOB", name="bob", tz="UTC")
        slack.add_channel("C1", "sales", members=["UANN"])
        slack.add_channel("C2", "board", members=["UANN"])
        with database.begin() as session:
            a_team(session)
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        services = Services(database, People(client, clock), Scorers(), AtOnce(), later, AtOnce(), clock)
        yield Office(database, slack, clock, client, services)
