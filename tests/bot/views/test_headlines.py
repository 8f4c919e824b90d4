"""Each report is told in a sentence with its numbers, also where only a notification is read."""

import pytest

from tests.bot.conftest import Office
from tests.slack_double import SlackDouble

DAY = 24 * 3600


def told(office: Office, slack: SlackDouble, command: str) -> str:
    """What a notification says of the report."""
    before = len(slack.posts("C1"))
    office.types(command)
    return slack.posts("C1")[before].text


@pytest.fixture
def sold(office: Office) -> Office:
    """One deal was won and one lost, both out of Proposal, one is open, and a customer has answered."""
    for name in ("Acme", "Globex", "Initech"):
        office.types(f"/deal add {name} 10k")
    office.types("/deal move Acme to Proposal")
    office.types("/deal move Globex to Proposal")
    office.clock.passes(2 * DAY)
    office.types("/deal won Acme")
    office.types("/deal lost Globex because price")
    office.types("/deal satisfaction Acme 9")
    return office


@pytest.mark.parametrize(
    ("command", "headline"),
    [
        ("/funnel report", ": 3 began, 1 won ($10K), 1 lost, win rate 50%"),
        ("/funnel report by pipeline", ": 3 began, 1 won ($10K), 1 lost, win rate 50%"),
        ("/funnel report cohort", ": 3 began, 1 won, 1 lost, 1 open"),
        ("/funnel leaks", ": Proposal costs most: $5K of expected value, in 1 lost deal. Most time went into Proposal"),
        ("/funnel leaderboard", ": Ann leads with $10K in 1 win"),
        ("/funnel aftersales", ": satisfaction 9 of 10 and repurchase 0%"),
    ],
)
def test_a_notification_of_a_report_has_its_numbers(
    sold: Office, slack: SlackDouble, command: str, headline: str
) -> None:
    assert headline in told(sold, slack, command)


@pytest.mark.parametrize(
    ("words", "day"), [("today", "Mar 4, 2026, so far"), ("from 2026-03-02 to 2026-03-02", "Mar 2, 2026")]
)
def test_a_single_day_is_named_once(sold: Office, slack: SlackDouble, words: str, day: str) -> None:
    assert told(sold, slack, f"/funnel report {words}").startswith(f"Report of Sales, {day}: ")


def test_a_notification_of_targets_says_how_many_are_on_pace(sold: Office, slack: SlackDouble) -> None:
    sold.types("/funnel target won 10k a month")
    sold.types("/funnel target won 10m a year")

    assert told(sold, slack, "/funnel targets") == "Targets: 1 of 2 reached or on pace"
