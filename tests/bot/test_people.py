"""People are asked for at Slack once in a while, and who cannot be asked for is not invented."""

from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.people import People
from models.members import Profile
from tests.bot.conftest import BERLIN, HandClock
from tests.slack_double import SlackDouble


@pytest.fixture
def people(slack: SlackDouble, clock: HandClock) -> People:
    return People(WebClient(slack.bot_token, base_url=slack.api_url), clock)


def test_a_profile_is_what_slack_says(people: People, slack: SlackDouble) -> None:
    slack.add_user("UMEI", name="mei", real_name="Mei", tz="Asia/Shanghai", locale="zh-CN")

    assert people.profile("UMEI") == Profile(
        "UMEI", "Mei", "", "Asia/Shanghai", "zh-CN", teams=frozenset({slack.workspace.team_id})
    )
    assert people.profile("UANN").is_admin


def test_a_time_zone_that_nobody_knows_is_none(people: People, slack: SlackDouble) -> None:
    slack.add_user("UODD", name="odd", tz="Moon/Base")

    assert people.profile("UODD").time_zone == ""


def test_slack_is_asked_again_after_an_hour(people: People, slack: SlackDouble, clock: HandClock) -> None:
    people.profile("UBOB")
    slack.add_user("UBOB", name="bob", real_name="Robert", tz=BERLIN)
    at_once = people.profile("UBOB").name
    clock.passes(timedelta(hours=1).total_seconds())

    assert (at_once, people.profile("UBOB").name) == ("Bob", "Robert")


def test_who_was_known_stays_known_while_slack_says_nothing(
    people: People, slack: SlackDouble, clock: HandClock
) -> None:
    before = people.profile("UBOB")
    clock.passes(timedelta(hours=1).total_seconds())
    slack.fail_next("users.info", error="internal_error")

    assert people.profile("UBOB") == before


def test_nobody_is_known_while_slack_cannot_be_reached(clock: HandClock) -> None:
    nowhere = WebClient("xoxb-test", base_url="http://127.0.0.1:9/", timeout=1, retry_handlers=[])

    assert People(nowhere, clock).profile("UBOB") == Profile("UBOB", name="")


def test_who_slack_does_not_know_has_no_name_and_is_asked_for_again(people: People, slack: SlackDouble) -> None:
    before = people.known("ULATE")
    nameless = people.profile("ULATE")
    slack.add_user("ULATE", name="late", real_name="Late Comer")

    assert (before, nameless) == (None, Profile("ULATE", name=""))
    assert people.profile("ULATE").name == "Late Comer"
