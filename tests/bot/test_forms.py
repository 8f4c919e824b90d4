"""What a rep does all day, in forms: each is opened, filled in and sent, and nothing that was typed is lost."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from models.activity import ActivityKind
from models.deal import Deal
from models.history import Via
from tests.bot.conftest import TEAM_ID, Office
from tests.factories import a_team
from tests.slack_double import Message, SlackDouble, View


def form_of(slack: SlackDouble, user: str = "UANN") -> View:
    return slack.views(user)[-1]


def send(office: Office, values: Mapping[str, object], user: str = "UANN") -> dict[str, str]:
    """Sends the form on top; what is wrong with it, by field."""
    office.clock.passes(60)
    sent = office.slack.submit(form_of(office.slack, user), user=user, values=values)
    errors: dict[str, str] = office.slack.deliver(sent).body.get("errors", {})
    return errors


def choose(office: Office, message: Message, option: str, user: str = "UANN") -> None:
    """An option of a card's menu, whose value begins with the deal and its stage."""
    (menu,) = [each for block in message.blocks for each in block.get("elements", ()) if "options" in each]
    (value,) = [each["value"] for each in menu["options"] if each["value"].endswith(f":{option}")]
    office.clock.passes(60)
    office.slack.deliver(office.slack.click(message, "deal.more", user=user, value=value))


def stage_id(office: Office, name: str) -> str:
    with office.database.begin() as session:
        return str(a_team(session, TEAM_ID).pipeline.stage_named(name).id)


@pytest.fixture
def card(office: Office, slack: SlackDouble) -> Message:
    office.types("/deal add Acme 12k USD close 2026-03-15")
    return slack.last_post("C1")


def acme(office: Office) -> Deal:
    """As it is now, to be read only."""
    with office.database.begin() as session:
        return a_team(session, TEAM_ID).deals.named("#1")


@pytest.mark.parametrize("line", ["/deal", "/deal add", "/deal 新建"])
def test_a_deal_is_added_in_a_form_and_the_channel_hears_of_it(office: Office, slack: SlackDouble, line: str) -> None:
    office.types(line)

    faults = send(
        office, {"name": "Acme", "amount": "12k", "close_date": "15 March", "company": "Acme AG", "note": "Hi"}
    )

    deal = acme(office)
    assert faults == {}
    assert (deal.name, deal.amount, str(deal.close_date), deal.company) == (
        "Acme",
        Decimal(12_000),
        "2026-03-15",
        "Acme AG",
    )
    assert (deal.changes[0].via, deal.activities[0].text) == (Via.FORM, "Hi")
    assert slack.last_post("C1").text == "Ann added *Acme*."
    assert slack.refused == []


def test_every_fault_stands_beside_its_field_and_nothing_is_saved(office: Office) -> None:
    office.types("/deal")

    faults = send(office, {"name": "Acme", "amount": "much", "close_date": "31 Feb"})
    again = send(office, {"name": "Acme", "amount": "12k", "close_date": ""})

    assert sorted(faults) == ["amount", "close_date"]
    assert again == {}
    assert acme(office).amount == Decimal(12_000)


@pytest.mark.usefixtures("card")
def test_an_open_deal_of_that_name_is_told_beside_the_name(office: Office) -> None:
    office.types("/deal")

    assert [*send(office, {"name": "acme"})] == ["name"]


def test_edit_shows_what_is_known_and_writes_what_was_changed(
    office: Office, slack: SlackDouble, card: Message
) -> None:
    office.types("/funnel set field Industry")
    choose(office, card, "edit")

    faults = send(office, {"amount": "15k", "close_date": "", "custom:Industry": "Steel", "forecast": "best case"})

    deal = acme(office)
    assert faults == {}
    assert (deal.name, deal.amount, deal.close_date) == ("Acme", Decimal(15_000), None)
    assert (deal.custom, deal.forecast) == ({"Industry": "Steel"}, "best_case")
    assert slack.last_post("C1").text == "Ann edited *Acme*"
    assert slack.refused == []


def test_edit_names_each_field_that_it_could_not_write(office: Office, card: Message) -> None:
    choose(office, card, "edit")

    assert sorted(send(office, {"amount": "lots", "close_date": "some day", "company": "Globex"})) == [
        "amount",
        "close_date",
    ]
    assert acme(office).company == ""


def test_a_client_that_leaves_out_what_was_not_touched_clears_nothing(office: Office, card: Message) -> None:
    choose(office, card, "edit")
    sent = office.slack.submit(form_of(office.slack), user="UANN", values={"company": "Acme AG"})
    for fields in sent["view"]["state"]["values"].values():
        for name, element in fields.items():
            if name != "company" and "value" in element:
                element["value"] = None

    office.slack.deliver(sent)

    deal = acme(office)
    assert (deal.name, deal.amount, deal.company) == ("Acme", Decimal(12_000), "Acme AG")


def test_a_move_has_the_criteria_as_a_checklist_and_says_what_was_not_ticked(
    office: Office, slack: SlackDouble, card: Message
) -> None:
    with office.database.begin() as session:
        stage = a_team(session, TEAM_ID).pipeline.stages[0]
        stage.set_exit_criteria("They have a name; They have a number")
    choose(office, card, "move")
    shown = str(form_of(slack).blocks)

    send(office, {"criteria": ["0"], "stage": stage_id(office, "Qualified"), "note": "Met them"})

    deal = acme(office)
    assert "Goal of *First contact*: Speak with somebody there" in shown
    assert (deal.stage.name, deal.changes[-1].note, deal.changes[-1].via) == ("Qualified", "Met them", Via.FORM)
    assert slack.last_post("C1").text.splitlines() == [
        ":white_check_mark: Ann moved *Acme* to *Qualified*",
        "Not ticked in *Lead identified*: They have a number",
    ]
    assert slack.refused == []


@pytest.mark.usefixtures("card")
def test_a_deal_is_moved_by_a_command_that_names_no_stage(office: Office, slack: SlackDouble) -> None:
    office.types("/deal move acme", user="UBOB")

    send(office, {"stage": stage_id(office, "Won")}, user="UBOB")

    assert acme(office).is_won
    assert slack.last_post("C1").text == ":tada: Bob won *Acme*: $12,000!"
    assert "Bob moved *Acme* to *Won*" in slack.ephemerals("UBOB")[-1].text


def test_a_deal_is_won_for_what_was_agreed_in_the_end(office: Office, slack: SlackDouble, card: Message) -> None:
    choose(office, card, "won")

    assert [*send(office, {"amount": "a lot"})] == ["amount"]
    send(office, {"amount": "11k", "note": "Signed"})

    deal = acme(office)
    assert (deal.is_won, deal.amount, deal.changes[-1].note) == (True, Decimal(11_000), "Signed")
    assert slack.last_post("C1").text == ":tada: Ann won *Acme*: $11,000!"


@pytest.mark.usefixtures("card")
def test_a_deal_is_lost_for_a_reason_of_the_team_with_a_note(office: Office, slack: SlackDouble) -> None:
    office.types("/funnel set loss reasons price, timing，Price")
    office.types("/deal lost acme")
    (field,) = [block for block in form_of(slack).blocks if block.get("block_id") == "reason"]

    send(office, {"reason": "timing", "note": "Next year"})

    assert [option["value"] for option in field["element"]["options"]] == ["price", "timing"]
    assert (acme(office).loss_reason, acme(office).changes[-1].note) == ("timing", "Next year")


@pytest.mark.usefixtures("card")
def test_a_call_is_logged_by_a_command_without_words(office: Office) -> None:
    office.types("/deal call acme")

    send(office, {"note": "They want a demo"})

    (noted,) = acme(office).activities
    assert (noted.kind, noted.text) == (ActivityKind.CALL, "They want a demo")


@pytest.mark.parametrize(
    ("step", "due", "planned"),
    [
        ("Call Ann", "friday", ("Call Ann", "2026-03-06")),
        ("Call Ann by friday", "", ("Call Ann", "2026-03-06")),
        ("Stand by", "", ("Stand by", "None")),
    ],
)
def test_a_next_step_is_set_with_its_day(
    office: Office, card: Message, step: str, due: str, planned: tuple[str, str]
) -> None:
    choose(office, card, "step")

    assert send(office, {"step": step, "due": due}) == {}

    task = acme(office).next_step
    assert task is not None
    assert (task.text, str(task.due)) == planned


def test_a_step_on_no_day_is_told_beside_the_day(office: Office, card: Message) -> None:
    choose(office, card, "step")

    assert [*send(office, {"step": "Call Ann", "due": "whenever"})] == ["due"]


@pytest.mark.usefixtures("card")
def test_what_nobody_expected_lies_on_top_of_the_form_which_keeps_its_words(
    office: Office, slack: SlackDouble, caplog: pytest.LogCaptureFixture
) -> None:
    office.types("/deal note acme")
    form = form_of(slack)
    with office.database.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE activity RENAME TO gone")

    send(office, {"note": "A long story"})
    (below, sorry) = slack.views("UANN")
    with office.database.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE gone RENAME TO activity")
    slack.close(sorry)
    send(office, {"note": "A long story"})

    assert below is form
    assert "send it again" in str(sorry.blocks)
    assert str(sorry.blocks).split("`")[1] in caplog.text
    assert acme(office).activities[-1].text == "A long story"


def test_a_deal_that_was_moved_meanwhile_is_told_in_the_form(office: Office, card: Message) -> None:
    choose(office, card, "move")
    office.types("/deal advance acme", user="UBOB")

    faults = send(office, {"stage": stage_id(office, "Proposal")})

    assert "Bob" in faults["stage"]
    assert acme(office).stage.name == "First contact"


def test_a_form_that_is_sent_twice_adds_one_deal(office: Office, slack: SlackDouble) -> None:
    office.types("/deal")
    sent = slack.submit(form_of(slack), user="UANN", values={"name": "Acme"})

    slack.deliver(sent, twice=True)

    assert len(slack.posts("C1")) == 1


def test_a_form_of_a_chosen_deal_opens_too(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme North")
    office.types("/deal add Acme South")
    office.types("/deal set Acme")
    office.clock.passes(60)

    slack.deliver(slack.click(slack.ephemerals("UANN")[-1], "pick.2", user="UANN"))

    assert "Acme South" in str(form_of(slack).blocks)
