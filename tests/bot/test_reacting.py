"""A reaction on a card in the channel, or on a reply to it, does what it says, once."""

import pytest

from bot.reacting import deal_of
from tests.bot.conftest import TEAM_ID, Office
from tests.factories import a_team
from tests.slack_double import Message, SlackDouble


@pytest.fixture
def card(office: Office, slack: SlackDouble) -> Message:
    """Acme's card in #sales, as it was told when the deal was added."""
    office.types("/deal add Acme 12k")
    return slack.last_post("C1")


def replies(office: Office, text: str, card: Message) -> Message:
    office.slack.message(text, user="UBOB", channel="C1", thread_ts=card.ts)
    return office.slack.last_post("C1")


def reacts(office: Office, message: Message, name: str, *, user: str = "UANN", twice: bool = False) -> None:
    office.clock.passes(60)
    office.slack.deliver(office.slack.react(message, name, user=user), twice=twice)


def notes(office: Office) -> list[str]:
    with office.database.begin() as session:
        return [each.text for each in a_team(session, TEAM_ID).deals.named("Acme").activities]


def test_a_reply_becomes_a_note_with_its_link_once(office: Office, slack: SlackDouble, card: Message) -> None:
    reply = replies(office, "They &lt;really&gt; want: a demo", card)

    reacts(office, reply, "memo", twice=True)
    reacts(office, reply, "memo", user="UBOB")

    (note,) = notes(office)
    assert note.startswith("They <really> want: a demo http")
    assert note.endswith(f"/archives/C1/p{reply.ts.replace('.', '')}")
    assert slack.ephemerals("UANN")[-1].thread_ts == card.ts
    assert slack.refused == []


@pytest.mark.parametrize(("name", "stage"), [("fast_forward", "First contact"), ("trophy", "Won")])
def test_a_reaction_on_the_card_asks_whoever_reacted_and_one_click_does_it(
    office: Office, slack: SlackDouble, card: Message, name: str, stage: str
) -> None:
    reacts(office, card, name, user="UBOB", twice=True)
    assert office.stage_of("Acme") == "Lead identified"
    (question,) = slack.ephemerals("UBOB")

    slack.deliver(slack.click(question, "pick.meant", user="UBOB"))

    assert office.stage_of("Acme") == stage
    assert slack.refused == []


def test_other_reactions_and_places_do_nothing(office: Office, slack: SlackDouble, card: Message) -> None:
    reply = replies(office, "nice", card)

    reacts(office, card, "memo")
    reacts(office, card, "eyes")
    reacts(office, reply, "trophy")
    slack.message("hello", user="UBOB", channel="C1")
    reacts(office, slack.last_post("C1"), "trophy")

    assert notes(office) == []
    assert slack.ephemerals("UANN") == []
    assert office.stage_of("Acme") == "Lead identified"


def test_a_channel_without_the_bot_tells_it_nothing(slack: SlackDouble, card: Message) -> None:
    told = slack.react(card, "trophy", user="UANN")
    slack.workspace.channels["C1"].members.remove(slack.bot_user)

    slack.deliver(told)

    assert slack.ephemerals("UANN") == []


def test_a_post_about_several_deals_or_of_somebody_else_is_about_none() -> None:
    def blocks(*values: str) -> list[dict[str, object]]:
        elements = [{"type": "button", "action_id": "deal.note", "value": value} for value in values]
        return [{"type": "actions", "elements": elements}]

    assert deal_of({"bot_id": "B1", "blocks": blocks("1:2", "1:2")}) == 1
    assert deal_of({"bot_id": "B1", "blocks": blocks("1:2", "3:2")}) is None
    assert deal_of({"blocks": blocks("1:2")}) is None
    assert deal_of({"bot_id": "B1"}) is None
