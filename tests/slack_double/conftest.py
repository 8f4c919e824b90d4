"""A small sales team in Slack, and a clock the tests turn by hand."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from slack_sdk import WebClient

from tests.slack_double import SlackDouble


@dataclass
class HandClock:
    time: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def slack(clock: HandClock) -> Iterator[SlackDouble]:
    with SlackDouble(now=clock) as slack:
        slack.add_user("U1", name="ann", real_name="Ann Lee", tz="Europe/Berlin", locale="de-DE", is_admin=True)
        slack.add_user("U2", name="bob", deleted=True)
        slack.add_channel("C1", "sales", members=["U1"])
        slack.add_channel("C2", "random", members=["U1"], with_bot=False)
        slack.add_channel("C3", "old-deals", members=["U1"], is_archived=True)
        slack.add_channel("G1", "board", members=["U1"], is_private=True, with_bot=False)
        yield slack


@pytest.fixture
def client(slack: SlackDouble) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url)
