"""Each button of a nudge and of an alert settles the row of its deal in the message, and quiets the deal."""

import pytest
from moneyed import Money

from bot.schedules.clockwork import Clockwork
from tests.bot.conftest import TEAM_ID, Office
from tests.bot.schedules.office import utc
from tests.bot.test_forms import send
from tests.factories import Team, a_team, days
from tests.slack_double import Message, SlackDouble

NINE = utc(2026, 3, 2, 9)
CLICKS = {
    "Advance": ("deal.advance", "", {}, "Bob moved *Advance* to *First contact*"),
    "Note": ("deal.note", "", {"note": "They called"}, "*Note*"),
    "Day": ("deal.snooze", ":1", {}, "*Day* is snoozed until Mar 3"),
    "Three": ("deal.snooze", ":3", {}, "*Three* is snoozed until Mar 5"),
    "Week": ("deal.snooze", ":7", {}, "*Week* is snoozed until Mar 9"),
    "Date": ("deal.snooze", ":until", {"until": "20 March"}, "*Date* is snoozed until Mar 20"),
    "Step": ("deal.step", "", {"step": "Call Ann", "due": "2026-03-20"}, "*Step*"),
    "Lost": ("deal.lost", "", {"reason": "price"}, "Bob marked *Lost* as lost: price"),
}
"""For each deal the button, what its value ends with, what is filled in, and what stands in its row then."""


@pytest.fixture
def clockwork(office: Office) -> Clockwork:
    """Bob's deals have all stalled, and are big; Ann is an admin."""

    def work(team: Team) -> None:
        for name in CLICKS:
            deal = team.adds(name, owner=team.bob, at=NINE - days(21), money=Money(80_000, "USD"))
            for task in deal.to_do:
                task.done_at = deal.created_at

    with office.database.begin() as session:
        work(a_team(session, TEAM_ID))
    return Clockwork([office.client], office.services, sleep=lambda _seconds: None)


def tick(office: Office, clockwork: Clockwork, day: int) -> None:
    office.clock.time = NINE + days(day)
    clockwork.tick()


def rows(message: Message) -> dict[str, str]:
    """The line that stands in the place of a deal's buttons, by the id of the block; empty where the buttons are."""
    return {
        block["block_id"]: block["elements"][0]["text"] if block["type"] == "context" else ""
        for block in message.blocks
        if block.get("block_id", "").startswith("deal-")
    }


def ids(office: Office) -> dict[str, tuple[int, int]]:
    with office.database.begin() as session:
        return {deal.name: (deal.id, deal.stage_id) for deal in a_team(session, TEAM_ID).open_deals.all()}


def test_each_button_of_a_nudge_settles_its_row_and_quiets_the_deal(
    office: Office, slack: SlackDouble, clockwork: Clockwork
) -> None:
    tick(office, clockwork, -1)
    tick(office, clockwork, 0)
    (nudge,) = slack.direct_messages("UBOB")
    known = ids(office)

    for settled, (name, (action_id, rest, entered, told)) in enumerate(CLICKS.items(), 1):
        deal_id, stage_id = known[name]
        office.clock.passes(60)
        slack.deliver(slack.click(nudge, action_id, user="UBOB", value=f"{deal_id}:{stage_id}{rest}"))
        if entered:
            assert send(office, entered, "UBOB") == {}
        (nudge,) = slack.direct_messages("UBOB")[:1]
        assert told in rows(nudge)[f"deal-{deal_id}"]
        assert sum(bool(line) for line in rows(nudge).values()) == settled

    heard = {}
    for day in (1, 7, 18):
        tick(office, clockwork, day)
        heard[day] = {name for name in CLICKS if f"*{name}*" in slack.direct_messages("UBOB")[-1].text}
    with_new_tasks = {"Advance"}
    assert (heard[1] - with_new_tasks, heard[7] - with_new_tasks) == ({"Day"}, {"Day", "Three", "Week"})
    assert {"Date", "Step"} <= heard[18]
    assert "Lost" not in heard[18]
    assert slack.refused == []


def test_who_is_on_it_stands_in_the_alert(office: Office, slack: SlackDouble, clockwork: Clockwork) -> None:
    tick(office, clockwork, -1)
    tick(office, clockwork, 0)
    (alert,) = slack.direct_messages("UANN")
    deal_id, stage_id = ids(office)["Note"]

    office.clock.passes(60)
    slack.deliver(slack.click(alert, "deal.take", user="UANN", value=f"{deal_id}:{stage_id}"))

    (alert,) = slack.direct_messages("UANN")
    assert {block_id: "Ann has been on *Note*" in line for block_id, line in rows(alert).items() if line} == {
        f"deal-{deal_id}": True
    }
    assert len(rows(alert)) == len(CLICKS)
    assert slack.refused == []
