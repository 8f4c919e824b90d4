"""A reaction on a post about deals in the channel, or on a reply to it, does what it says, once."""

import pytest
from slack_sdk import WebClient

from bot.reacting import deals_of
from bot.views.blocks import Block, section
from tests.bot.conftest import TEAM_ID, Office
from tests.bot.test_forms import form_of
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


def test_nobody_of_another_team_does_anything_in_a_shared_channel(
    office: Office, slack: SlackDouble, card: Message
) -> None:
    slack.add_user("UEVE", name="eve", team_id="T9")
    slack.workspace.channels["C1"].members.add("UEVE")

    reacts(office, card, "trophy", user="UEVE")
    slack.deliver(slack.click(card, "deal.advance", user="UEVE"))
    office.types("/deal assign Acme to <@UEVE>")

    assert [each.text[:29] for each in slack.ephemerals("UEVE")] == ["Only people of this workspace"] * 2
    assert "I don't know" in slack.ephemerals("UANN")[-1].text
    assert office.stage_of("Acme") == "Lead identified"


def test_a_post_of_the_same_app_in_another_team_is_about_deals_of_theirs(
    office: Office, slack: SlackDouble, card: Message
) -> None:
    card.team_id = "T9"

    reacts(office, card, "trophy")

    assert slack.ephemerals("UANN") == []


def post_about(slack: SlackDouble, *blocks: Block) -> Message:
    """As a digest, an alert or the gong speaks of deals."""
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    client.chat_postMessage(channel="C1", text="A post", blocks=list(blocks))
    return slack.last_post("C1")


def test_of_several_deals_a_click_tells_which_one_the_reply_is_about(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Globex")
    office.types("/deal add Acme 12k")
    post = post_about(slack, section("Globex", block_id="deal-1"), section("Acme", block_id="deal-2"))

    reply = replies(office, "They want: a demo " + "x" * 3_000, post)
    for user in ("UANN", "UBOB"):
        reacts(office, reply, "memo", user=user)
    assert notes(office) == []
    for user in ("UANN", "UBOB"):
        slack.deliver(slack.click(slack.ephemerals(user)[-1], "pick.note.2", user=user), twice=True)

    (note,) = notes(office)
    assert note.startswith("They want: a demo x")
    assert "/archives/C1/p" in note
    assert slack.refused == []


@pytest.mark.parametrize(("name", "stage"), [("fast_forward", "First contact"), ("trophy", "Won")])
def test_of_several_deals_a_click_tells_which_one_moves(
    office: Office, slack: SlackDouble, name: str, stage: str
) -> None:
    office.types("/deal add Globex")
    office.types("/deal add Acme 12k")
    post = post_about(slack, section("Globex", block_id="deal-1"), section("Acme", block_id="deal-2"))

    reacts(office, post, name)
    assert office.stage_of("Acme") == "Lead identified"
    slack.deliver(slack.click(slack.ephemerals("UANN")[-1], "pick.2", user="UANN"))

    assert (office.stage_of("Acme"), office.stage_of("Globex")) == (stage, "Lead identified")


def test_a_loss_told_to_the_channel_by_a_form_has_its_thread(office: Office, slack: SlackDouble, card: Message) -> None:
    slack.deliver(slack.click(card, "deal.lost", user="UBOB"))
    slack.deliver(slack.submit(form_of(slack, "UBOB"), user="UBOB", values={"reason": "Price"}))
    told = slack.last_post("C1")
    assert told.ts != card.ts

    reacts(office, replies(office, "a pity", told), "memo")

    assert notes(office)[0].startswith("a pity http")


def test_a_post_is_about_the_deals_of_its_blocks_and_buttons_and_somebody_elses_about_none() -> None:
    def blocks(*values: str) -> list[dict[str, object]]:
        elements = [{"type": "button", "action_id": "deal.note", "value": value} for value in values]
        return [{"type": "actions", "elements": elements}]

    assert deals_of({"bot_id": "B1", "blocks": blocks("1:2", "1:2")}) == [1]
    assert deals_of({"bot_id": "B1", "blocks": blocks("1:2", "0:0", "3:2")}) == [1, 3]
    assert deals_of({"bot_id": "B1", "blocks": [section("taken", block_id="deal-4"), *blocks("1:2")]}) == [4, 1]
    assert deals_of({"blocks": blocks("1:2")}) == []
    assert deals_of({"bot_id": "B1"}) == []
