"""The bot in front of Slack: what people type, click and send has its effect once, and they are told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.app import build_app
from bot.say import Say
from bot.views.nudge import morning_nudge
from models.activity import ActivityKind
from models.deal import Deal
from models.reminders import Reminder
from tests.bot.conftest import TEAM_ID, Office
from tests.factories import MONDAY, a_team
from tests.slack_double import Message, SlackDouble


def click(office: Office, source: Message, action_id: str, *, user: str = "UANN", value: object = None) -> None:
    office.clock.passes(60)
    office.slack.deliver(office.slack.click(source, action_id, user=user, value=value))


def told(slack: SlackDouble, user: str = "UANN") -> Message:
    return slack.ephemerals(user)[-1]


def words(message: Message) -> str:
    return str(message.blocks) + message.text


# Commands


def test_a_new_deal_appears_in_the_channel_and_its_show_to_the_person_alone(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme Corp 12k USD close 15 March")
    office.types("/deal show acme", user="UBOB")

    assert slack.last_post("C1").text == "Ann added *Acme Corp*."
    assert told(slack, "UBOB").text == "Acme Corp · Lead identified · $12,000"
    assert slack.refused == []


def test_a_command_that_slack_sends_twice_has_its_effect_once(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")

    office.types("/deal advance Acme", twice=True)

    assert office.stage_of("Acme") == "First contact"
    assert len(slack.ephemerals("UANN")) == 1


def test_what_takes_longer_than_slack_waits_is_acknowledged_in_time_and_answered_once_it_is_done(
    office: Office, slack: SlackDouble
) -> None:
    office.types("/deal add Globex")
    slack.deliver(slack.open_home("UANN"))
    home = slack.home("UANN")
    assert home
    assert "home.mine" not in str(home)
    advance = slack.click(slack.last_post("C1"), "deal.advance", user="UANN")
    team = slack.click(home, "home.team", user="UANN")
    adding = slack.command("/deal", "add Acme", user="UANN", channel="C1")
    wrong = slack.command("/deal", "advance Nowhere", user="UBOB", channel="C1")
    form = slack.command("/deal", "", user="UBOB", channel="C1")
    said = slack.message("show Globex", user="UANN", channel=slack.direct_channel("UANN"))
    looking = slack.open_home("UBOB")
    with ThreadPoolExecutor(8) as turns, ThreadPoolExecutor(8) as lines:
        slack.reach_app(build_app(office.client, replace(office.services, turns=turns)))
        with office.database.begin() as session:
            a_team(session, TEAM_ID).workspace.horizon_days = 31
            session.flush()
            told_by_slack = (adding, adding, wrong, form, advance, team, said, looking)
            for delivered in [lines.submit(slack.deliver, each) for each in told_by_slack]:
                delivered.result()
            assert {each.text for each in slack.ephemerals("UANN") + slack.ephemerals("UBOB")} == {
                "Working on it. The answer comes in a moment."
            }
            assert len(slack.direct_messages("UANN")) == 1

    assert slack.last_post("C1").text == "Ann added *Acme*."
    assert "First contact" in str(slack.posts("C1")[0].blocks)
    assert len(slack.posts("C1")) == 2
    assert [each.text.split(".")[0] for each in slack.ephemerals("UANN")] == ["Working on it"] * 2
    assert told(slack, "UBOB").text.startswith("No deal called *Nowhere*.")
    assert [view.callback_id for view in slack.views("UBOB")] == ["form.add"]
    assert "home.mine" in str(slack.home("UANN"))
    assert slack.home("UBOB")
    assert "Globex" in slack.direct_messages("UANN")[-1].text
    assert slack.refused == []


def test_a_person_s_own_error_is_told_to_them_alone(office: Office, slack: SlackDouble) -> None:
    office.types("/deal advance Nowhere")

    assert told(slack).text.startswith("No deal called *Nowhere*.")
    assert slack.posts("C1") == []


def test_an_unexpected_error_tells_a_reference_and_changes_nothing(
    office: Office, slack: SlackDouble, caplog: pytest.LogCaptureFixture
) -> None:
    with office.database.begin() as session:
        session.connection().exec_driver_sql("DROP TABLE activity")

    office.types("/deal add Acme")

    reference = told(slack).text.split("`")[1]
    assert "activity" not in told(slack).text
    assert reference in caplog.text
    with office.database.begin() as session:
        assert not a_team(session, TEAM_ID).deals.has_name("Acme")


def test_what_slack_made_of_the_text_is_undone(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add AT&amp;T 12k <@UBOB|bob>")

    assert "AT&amp;T" in slack.last_post("C1").text
    with office.database.begin() as session:
        deal = a_team(session, TEAM_ID).deals.named("AT&T")
        assert deal.owner is not None
        assert deal.owner.name == "Bob"


def test_a_deal_is_assigned_to_a_colleague_who_never_said_anything(office: Office, slack: SlackDouble) -> None:
    slack.add_user("UCLEO", name="cleo", real_name="Cleo")
    office.types("/deal add Acme")

    office.types("/deal assign Acme to <@UCLEO>")
    office.types("/deal assign Acme to <@UNOBODY>")

    assigned, unknown = slack.ephemerals("UANN")
    assert assigned.text == "Cleo now owns *Acme*."
    assert unknown.text.startswith("I don't know *UNOBODY*.")


def test_the_picture_of_the_funnel_follows_its_words(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k")

    office.types("/funnel")

    (picture,) = slack.wait_for(lambda: slack.files)
    assert picture.name == "funnel.png"
    assert slack.refused == []


def test_a_picture_that_cannot_be_shared_is_missed_in_words(office: Office, slack: SlackDouble) -> None:
    slack.add_channel("C2", "random", members=["UANN"], with_bot=False)

    office.types("/funnel", channel="C2")

    sorry = slack.wait_for(lambda: [each for each in slack.ephemerals("UANN") if "couldn't share" in each.text])
    assert sorry


# Choosing among several deals


def test_a_choice_runs_the_command_with_the_deal_that_was_meant(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme North")
    office.types("/deal add Acme South")

    office.types("/deal advance Acme to proposal")
    choice = told(slack)
    unmoved = office.stage_of("Acme South")
    click(office, choice, "pick.2")

    assert unmoved == "Lead identified"
    assert (office.stage_of("Acme North"), office.stage_of("Acme South")) == ("Lead identified", "Proposal")
    assert [message.text for message in slack.ephemerals("UANN")] == ["*Acme South* is in *Proposal* now."]


@pytest.mark.parametrize(
    ("line", "stage"),
    [
        ("/deal advance Acme", "First contact"),
        ("/deal move Acme to Qualified", "Qualified"),
        ("/deal won acme", "Won"),
        ("/deal lost acme because price", "Lost"),
        ("/deal note Acme: called", "Lead identified"),
        ("/deal note acme called", "Lead identified"),
        ("/deal set Acme amount 15k", "Lead identified"),
        ("/deal assign Acme to Bob", "Lead identified"),
        ("/deal show acme", "Lead identified"),
    ],
)
def test_every_verb_can_be_chosen_for(office: Office, slack: SlackDouble, line: str, stage: str) -> None:
    office.types("/deal add Acme North")
    office.types("/deal add Acme South")

    office.types(line)
    click(office, told(slack), "pick.2")

    assert office.stage_of("Acme South") == stage
    assert not [message for message in slack.ephemerals("UANN") if "Which one?" in message.text]
    assert slack.refused == []


# Buttons


def test_advance_on_a_card_renews_it_where_it_stands(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")

    click(office, slack.last_post("C1"), "deal.advance", user="UBOB")

    (card,) = slack.posts("C1")
    assert card.text == ":white_check_mark: Bob moved *Acme* to *First contact*"
    assert "Advance to Qualified" in words(card)


def test_a_deal_won_by_a_button_is_celebrated_in_the_channel(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k")
    office.types("/deal move Acme to Negotiation")

    click(office, told(slack), "deal.advance")

    assert slack.last_post("C1").text == ":tada: Ann won *Acme*: $12,000!"
    assert told(slack).text == ":white_check_mark: Ann moved *Acme* to *Won*"
    assert slack.refused == []


def test_of_two_people_who_click_on_one_card_one_is_told_who_was_faster(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    by_ann = slack.click(slack.last_post("C1"), "deal.advance", user="UANN")
    by_bob = slack.click(slack.last_post("C1"), "deal.advance", user="UBOB")

    slack.deliver(by_ann)
    slack.deliver(by_bob)

    assert office.stage_of("Acme") == "First contact"
    assert told(slack, "UBOB").text.startswith("Ann moved *Acme* to *First contact*")
    assert slack.ephemerals("UANN") == []


def test_a_click_that_slack_sends_twice_moves_once(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")

    slack.deliver(slack.click(slack.last_post("C1"), "deal.advance", user="UANN"), twice=True)

    assert office.stage_of("Acme") == "First contact"
    assert slack.ephemerals("UANN") == []


def test_show_in_a_list_shows_the_card(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    office.types("/deal list")

    click(office, told(slack), "deal.show")

    assert told(slack).text == "Acme · Lead identified"


# Forms


def test_a_deal_is_lost_in_a_form_and_the_channel_hears_why(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    click(office, slack.last_post("C1"), "deal.lost")
    (form,) = slack.views("UANN")

    office.clock.passes(60)
    slack.deliver(slack.submit(form, user="UANN", values={"reason": "price"}))

    assert slack.views("UANN") == []
    assert office.stage_of("Acme") == "Lost"
    assert [post.text for post in slack.posts("C1")] == ["Ann marked *Acme* as lost: price"] * 2
    assert slack.refused == []


def test_a_fault_is_shown_beside_the_field_and_the_form_stays(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    click(office, slack.last_post("C1"), "deal.lost")
    (form,) = slack.views("UANN")

    refused = slack.deliver(slack.submit(form, user="UANN", values={"reason": "   "}))
    still_open = slack.views("UANN")
    office.clock.passes(60)
    slack.deliver(slack.submit(form, user="UANN", values={"reason": "price"}))

    assert refused.body["errors"]["reason"].startswith("Why was Acme lost?")
    assert still_open == [form]
    assert office.stage_of("Acme") == "Lost"


def test_a_form_that_slack_sends_twice_notes_once(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    click(office, slack.last_post("C1"), "deal.note")
    (form,) = slack.views("UANN")

    sent = slack.submit(form, user="UANN", values={"kind": "call", "note": "They want a demo"})
    slack.deliver(sent, twice=True)

    with office.database.begin() as session:
        (noted,) = a_team(session, TEAM_ID).deals.named("Acme").activities
        assert (noted.kind, noted.text) == (ActivityKind.CALL, "They want a demo")
    assert slack.last_post("C1").text == "Note added to *Acme*."


def test_who_is_too_late_for_a_form_is_asked_to_click_again(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    late = slack.click(slack.last_post("C1"), "deal.lost", user="UANN")

    office.clock.passes(10)
    slack.deliver(late)

    assert told(slack).text == "Slack took too long to open the form. Please try again."


def test_a_form_that_slack_refuses_is_an_unexpected_error_with_a_reference(
    office: Office, slack: SlackDouble, caplog: pytest.LogCaptureFixture
) -> None:
    office.types("/deal add Acme")
    slack.fail_next("views.open", error="internal_error")

    click(office, slack.last_post("C1"), "deal.lost")

    assert told(slack).text.split("`")[1] in caplog.text


def test_what_a_form_did_that_was_sent_too_late_for_slack_is_told_in_messages(
    office: Office, slack: SlackDouble, caplog: pytest.LogCaptureFixture
) -> None:
    office.types("/deal add Acme")
    click(office, slack.last_post("C1"), "deal.lost")
    (form,) = slack.views("UANN")

    office.clock.passes(3_600)
    slack.deliver(slack.submit(form, user="UANN", values={"reason": "price"}))

    assert office.stage_of("Acme") == "Lost"
    assert "Slack did not take an answer" in caplog.text
    assert slack.direct_messages("UANN")[-1].text == "Ann marked *Acme* as lost: price"
    assert slack.last_post("C1").text == "Ann marked *Acme* as lost: price"

    office.types("/deal add")
    (form,) = slack.views("UANN")
    office.clock.passes(3_600)
    slack.add_channel("C1", "sales", members=["UANN", "UBOB"], is_private=True, with_bot=False)
    slack.deliver(slack.submit(form, user="UANN", values={"name": "Globex"}))

    assert slack.direct_messages("UANN")[-1].text == "Ann added *Globex*."


# A list of several deals, such as a nudge


@pytest.fixture
def nudge(office: Office, slack: SlackDouble) -> Message:
    """Two deals in a direct message of the bot to Ann."""
    office.types("/deal add Acme")
    office.types("/deal add Beta")
    with office.database.begin() as session:
        deals: list[Deal] = list(a_team(session, TEAM_ID).open_deals.all())
        reply = morning_nudge([Reminder(each) for each in deals], {}, now=MONDAY, today=MONDAY.date(), say=Say())
    office.client.chat_postMessage(channel="UANN", text=reply.text, blocks=list(reply.blocks))
    return slack.direct_messages("UANN")[-1]


def test_a_deal_in_a_nudge_is_settled_and_the_others_wait_on(
    office: Office, slack: SlackDouble, nudge: Message
) -> None:
    click(office, nudge, "deal.advance", value="1:1")

    (settled,) = slack.direct_messages("UANN")
    assert "Ann moved *Acme* to *First contact*" in words(settled)
    assert [block["block_id"] for block in settled.blocks if block["type"] == "actions"] == ["deal-2"]


def test_a_deal_in_a_nudge_is_snoozed(office: Office, slack: SlackDouble, nudge: Message) -> None:
    click(office, nudge, "deal.snooze", value="2:1:3")

    (settled,) = slack.direct_messages("UANN")
    assert "*Beta* is snoozed until" in words(settled)
    assert [block["block_id"] for block in settled.blocks if block["type"] == "actions"] == ["deal-1"]


@pytest.mark.parametrize(
    ("action", "answers", "told"),
    [
        ("deal.lost", {"reason": "price"}, "Ann marked *Acme* as lost: price"),
        ("deal.step", {"step": "call Ann by friday"}, "*Acme*: next step saved"),
    ],
)
def test_a_form_settles_a_deal_in_a_nudge_and_the_others_wait_on(
    office: Office, nudge: Message, action: str, answers: dict[str, str], told: str
) -> None:
    slack = office.slack
    click(office, nudge, action, value="1:1")
    (form,) = slack.views("UANN")

    office.clock.passes(60)
    slack.deliver(slack.submit(form, user="UANN", values=answers))

    (settled,) = slack.direct_messages("UANN")
    assert told in words(settled)
    assert [block["block_id"] for block in settled.blocks if block["type"] == "actions"] == ["deal-2"]
    assert slack.refused == []


def test_a_list_that_slack_will_not_show_again_stays_and_the_person_is_told(
    office: Office, slack: SlackDouble, nudge: Message
) -> None:
    click(office, nudge, "deal.lost", value="1:1")
    (form,) = slack.views("UANN")
    slack.fail_next("conversations.history", error="missing_scope")

    office.clock.passes(60)
    slack.deliver(slack.submit(form, user="UANN", values={"reason": "price"}))

    assert slack.direct_messages("UANN") == [nudge]
    assert told(slack).text == "Ann marked *Acme* as lost: price"


def test_the_number_of_another_team_s_deal_finds_nothing(office: Office, slack: SlackDouble) -> None:
    with office.database.begin() as session:
        secret = a_team(session, "T9999").adds("Secret")
        number = secret.id
    office.types("/deal add Acme")

    office.types(f"/deal show #{number}")

    assert told(slack).text.startswith(f"No deal has the number *#{number}*.")


# The Home tab


def test_the_home_tab_lists_the_deals_of_whoever_looks(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k")
    office.types("/deal add Umbrella", user="UBOB")

    slack.deliver(slack.open_home("UANN"), twice=True)

    home = slack.home("UANN")
    assert home is not None
    assert "Acme" in str(home.blocks)
    assert "Umbrella" not in str(home.blocks)
    assert slack.refused == []


@pytest.mark.parametrize(("listed", "verb"), [("/deal list all", "list"), ("/deal find deal", "find")])
def test_a_long_list_is_turned_page_by_page_and_every_deal_is_on_one(
    office: Office, slack: SlackDouble, listed: str, verb: str
) -> None:
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        for number in range(32):
            team.adds(f"Deal {number:02}")
    office.types(listed)

    pages = [words(told(slack))]
    for _ in range(2):
        click(office, told(slack), f"{verb}.next")
        pages.append(words(told(slack)))

    on_pages = [page.count(f"*Deal {number:02}*") for number in range(32) for page in pages]
    assert sum(on_pages) == 32
    assert all(f"*Deal {number:02}*" in "".join(pages) for number in range(32))
    assert f"{verb}.next" not in pages[-1]
    click(office, told(slack), f"{verb}.previous")
    again = words(told(slack))
    assert all((f"*Deal {number:02}*" in again) == (f"*Deal {number:02}*" in pages[1]) for number in range(32))
    assert slack.refused == []
