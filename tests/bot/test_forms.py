"""What a rep does all day, in forms: each is opened, filled in and sent, and nothing that was typed is lost."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from bot.views.forms import mark_of
from models.activity import ActivityKind
from models.deal import Deal
from models.history import Via
from models.pipelines import Pipelines
from models.schedule import ScheduleKind, Schedules
from tests.bot.conftest import TEAM_ID, Office
from tests.factories import a_team
from tests.slack_double import Message, SlackDouble, View, payloads
from tests.slack_double.block_rules import texts_in


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


def test_what_a_menu_did_changes_its_card_also_where_that_took_long(
    office: Office, slack: SlackDouble, card: Message
) -> None:
    slack.deliver(slack.click(card, "deal.advance", user="UANN"))
    (card,) = [each for each in slack.posts("C1") if "First contact" in str(each.blocks)]

    with ThreadPoolExecutor(1) as elsewhere:
        with office.database.begin() as session:
            a_team(session, TEAM_ID).workspace.horizon_days = 31
            session.flush()
            clicked = elsewhere.submit(choose, office, card, "undo")
            slack.wait_for(lambda: slack.views("UANN"))
        clicked.result()

    assert "Lead identified" in str(form_of(slack).blocks)
    assert "Lead identified" in str(slack.last_post("C1").blocks)


@pytest.mark.parametrize("line", ["/deal", "/deal add", "/deal 新建"])
def test_a_deal_is_added_in_a_form_and_the_channel_hears_of_it(office: Office, slack: SlackDouble, line: str) -> None:
    office.types(line)

    faults = send(
        office, {"name": "Acme", "amount": "12k", "close_date": "15 March", "company": company("Acme AG"), "note": "Hi"}
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


def test_an_open_deal_of_that_name_is_told_beside_the_name(office: Office, card: Message) -> None:
    office.types("/deal")
    assert [*send(office, {"name": "acme"})] == ["name"]
    office.types("/deal add Globex")

    choose(office, card, "edit")
    assert [*send(office, {"name": "globex", "amount": "13k"})] == ["name"]
    assert send(office, {"name": "ACME", "amount": "13k"}) == {}
    assert (acme(office).name, acme(office).amount) == ("ACME", Decimal(13_000))


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

    assert sorted(send(office, {"amount": "lots", "close_date": "some day", "company": company("Globex")})) == [
        "amount",
        "close_date",
    ]
    assert acme(office).company == ""


def test_a_client_that_leaves_out_what_was_not_touched_clears_nothing(office: Office, card: Message) -> None:
    choose(office, card, "edit")
    sent = office.slack.submit(form_of(office.slack), user="UANN", values={"company": company("Acme AG")})
    for fields in sent["view"]["state"]["values"].values():
        for name, element in fields.items():
            if name != "company" and "value" in element:
                element["value"] = None

    office.slack.deliver(sent)

    deal = acme(office)
    assert (deal.name, deal.amount, deal.company) == ("Acme", Decimal(12_000), "Acme AG")


def test_a_move_has_the_criteria_as_a_checklist_and_keeps_what_was_ticked_and_says_what_was_not(
    office: Office, slack: SlackDouble, card: Message
) -> None:
    with office.database.begin() as session:
        stage = a_team(session, TEAM_ID).pipeline.stages[0]
        stage.set_exit_criteria("They have a name; They have a number")
    choose(office, card, "move")
    shown = str(form_of(slack).blocks)

    ticked = [mark_of("They have a name")]
    send(office, {"criteria": ticked, "stage": stage_id(office, "Qualified"), "note": "Met them"})

    deal = acme(office)
    assert "Goal of *First contact*: Speak with somebody there" in shown
    assert (deal.stage.name, deal.changes[-1].note, deal.changes[-1].via) == (
        "Qualified",
        "Met them ✓ They have a name",
        Via.FORM,
    )
    assert slack.last_post("C1").text.splitlines() == [
        ":white_check_mark: Ann moved *Acme* to *Qualified*",
        "Not ticked in *Lead identified*: They have a number",
    ]
    assert "Into *Qualified*: Met them ✓ They have a name (Ann, " in "\n".join(texts_in(slack.last_post("C1").blocks))
    assert slack.refused == []


def test_what_is_ticked_is_kept_by_its_words_where_the_criteria_are_others_by_then(
    office: Office, slack: SlackDouble, card: Message
) -> None:
    with office.database.begin() as session:
        a_team(session, TEAM_ID).pipeline.stages[0].set_exit_criteria("They have a name; They have a number")
    choose(office, card, "move")
    with office.database.begin() as session:
        a_team(session, TEAM_ID).pipeline.stages[0].set_exit_criteria("They have a budget; They have a number")

    marks = [mark_of(f"They have a {each}") for each in ("name", "number")]
    send(office, {"criteria": marks, "stage": stage_id(office, "Qualified")})

    assert acme(office).changes[-1].note == "✓ They have a number"
    assert "Not ticked in *Lead identified*: They have a budget" in slack.last_post("C1").text


@pytest.mark.usefixtures("slack")
def test_a_stage_that_was_merged_while_the_form_was_open_is_the_one_that_took_it_over(
    office: Office, card: Message
) -> None:
    choose(office, card, "move")
    proposal = stage_id(office, "Proposal")
    office.types("/funnel stage merge Proposal into Negotiation")

    send(office, {"stage": proposal})

    assert acme(office).stage.name == "Negotiation"


@pytest.mark.usefixtures("card")
def test_a_pipeline_that_got_another_first_stage_while_the_form_was_open_is_entered_where_it_said(
    office: Office,
) -> None:
    office.types("/funnel pipeline add Shop stages Basket, Checkout, Paid:won, Gone:lost")
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        basket = str(Pipelines(session, team.workspace).named("Shop").first.id)
    office.types("/deal move acme", user="UBOB")
    office.types("/funnel stage insert Visit before Basket in Shop")

    send(office, {"stage": basket}, user="UBOB")

    assert acme(office).stage.name == "Basket"


@pytest.mark.usefixtures("card")
def test_the_form_offers_the_other_pipelines_too(office: Office, slack: SlackDouble) -> None:
    office.types("/funnel pipeline add Shop stages Basket, Checkout, Paid:won, Gone:lost")
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        basket = str(Pipelines(session, team.workspace).named("Shop").first.id)
    office.types("/deal move acme", user="UBOB")

    send(office, {"stage": basket}, user="UBOB")

    assert acme(office).stage.name == "Basket"
    assert "Bob moved *Acme* to *Shop: Basket*" in slack.ephemerals("UBOB")[-1].text
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
    office.types("/deal lost acme because the weather")
    (field,) = [block for block in form_of(slack).blocks if block.get("block_id") == "reason"]
    (typed,) = [block for block in form_of(slack).blocks if block.get("block_id") == "note"]

    send(office, {"reason": "timing", "note": "Next year"})

    assert [option["value"] for option in field["element"]["options"]] == ["price", "timing"]
    assert typed["element"]["initial_value"] == "the weather"
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


def test_faults_are_told_in_the_language_that_somebody_chose_also_after_a_restart(office: Office) -> None:
    office.types("/funnel set language 中文")
    office.types("/deal")
    office.services.languages.clear()

    assert "金额" in send(office, {"name": "Acme", "amount": "much"})["amount"]


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


# Two people, one deal


def test_who_edits_second_sees_what_the_first_changed_and_loses_nothing(
    office: Office, slack: SlackDouble, card: Message
) -> None:
    choose(office, card, "edit")
    office.types("/deal set acme amount 15k", user="UBOB")
    office.types("/deal set acme contact Cleo", user="UBOB")
    office.types("/deal set acme owner me", user="UBOB")

    send(office, {"amount": "13k", "company": company("Acme AG")})
    before, asked_again = acme(office), form_of(slack)
    shown = {name: element for block in asked_again.blocks for name, element in named(block)}
    hints = [block["hint"]["text"] for block in asked_again.blocks if "hint" in block]
    send(office, {})

    deal = acme(office)
    assert (before.amount, before.company) == (Decimal(15_000), "")
    assert (shown["amount"]["initial_value"], shown["contact"]["initial_value"]) == ("13k", "Cleo")
    assert hints == [
        "Bob changed this from “12000 USD” to “15000 USD” in the meantime.",
        "Bob changed this from “–” to “Cleo” in the meantime.",
        "Bob changed this from “Ann” to “Bob” in the meantime.",
    ]
    assert (deal.amount, deal.company, deal.contact) == (Decimal(13_000), "Acme AG", "Cleo")
    assert deal.owner is not None
    assert deal.owner.name == "Bob"
    assert slack.views("UANN") == []


def test_changes_of_different_fields_do_not_meet_where_nothing_differs(office: Office, card: Message) -> None:
    choose(office, card, "edit")
    office.types("/deal note acme: hello", user="UBOB")

    send(office, {"amount": "13k"})

    assert acme(office).amount == Decimal(13_000)


@pytest.mark.parametrize(("typed", "shown"), [("12000 USD", "15000 USD"), ("13k", "13k")])
def test_who_wins_a_deal_sees_first_what_somebody_did_to_its_amount(
    office: Office, card: Message, typed: str, shown: str
) -> None:
    choose(office, card, "won")
    office.types("/deal set acme amount 15k", user="UBOB")

    send(office, {"amount": typed, "note": "At last"})
    before, fields = acme(office), form_of(office.slack).blocks
    assert send(office, {}) == {}

    (amount, note) = [block for block in fields if block["type"] == "input"]
    assert before.is_open
    assert amount["element"]["initial_value"] == shown
    assert amount["hint"]["text"] == "Bob changed this from “12000 USD” to “15000 USD” in the meantime."
    assert note["element"]["initial_value"] == "At last"
    deal = acme(office)
    assert (deal.is_won, deal.amount) == (True, Decimal(13_000 if shown == "13k" else 15_000))
    assert deal.changes[-1].note == "At last"


def test_who_plans_a_step_sees_which_one_it_takes_the_place_of(office: Office, card: Message) -> None:
    choose(office, card, "step")
    assert "hint" not in str(form_of(office.slack).blocks)
    office.types("/deal set acme next step Send the quote", user="UBOB")

    send(office, {"step": "Call Ann", "due": "friday"})
    before, fields = acme(office), form_of(office.slack).blocks
    assert send(office, {}) == {}

    assert before.next_step is not None
    assert before.next_step.text == "Send the quote"
    assert "The next step so far is “Send the quote”" in str(fields)
    task = acme(office).next_step
    assert task is not None
    assert (task.text, str(task.due)) == ("Call Ann", "2026-03-06")


def named(block: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(block["element"]["action_id"], block["element"])] if block["type"] == "input" else []


def company(name: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": name, "emoji": True}, "value": name}


# Fields that search


def test_companies_deals_and_owners_are_found_as_one_types(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Globex 5k")
    office.types("/deal set globex company Globex Corporation")
    office.types("/deal help", user="UBOB")
    office.types("/deal")
    form = form_of(slack)

    def offered(field: str, typed: str) -> list[str]:
        return [each["text"]["text"] for each in slack.suggest(form, field, typed, user="UANN")]

    assert offered("company", "") == ["Globex Corporation"]
    assert offered("company", "corp") == ["corp", "Globex Corporation"]
    assert offered("company", "globex corporation") == ["Globex Corporation"]
    assert offered("company", "Initech") == ["Initech"]
    assert offered("owner", "") == ["Ann", "Bob"]
    assert offered("owner", "bo") == ["Bob"]
    assert offered("owner", "zzz") == []


def test_a_deal_is_added_for_the_chosen_owner_and_company(office: Office, slack: SlackDouble) -> None:
    office.types("/deal help", user="UBOB")
    office.types("/deal")
    (bob,) = slack.suggest(form_of(slack), "owner", "bob", user="UANN")
    (new,) = slack.suggest(form_of(slack), "company", "Initech", user="UANN")

    send(office, {"name": "Acme", "owner": bob, "company": new})

    deal = acme(office)
    assert deal.owner is not None
    assert (deal.owner.name, deal.company) == ("Bob", "Initech")


def test_another_team_s_deals_are_not_offered(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    office.types("/deal")
    asked = payloads.suggestion(slack.workspace, form_of(slack), "company", "x", user="UANN")

    answered = slack.deliver(asked | {"team": {"id": "T9", "domain": "x"}})

    assert answered.body == {"options": []}


# Shortcuts


def test_the_shortcut_opens_a_form_and_answers_in_a_message(office: Office, slack: SlackDouble) -> None:
    slack.deliver(slack.shortcut("shortcut.add", user="UANN"))

    send(office, {"name": "Acme"})

    assert slack.direct_messages("UANN")[-1].text == "Ann added *Acme*."
    assert slack.refused == []


def test_a_message_becomes_a_deal_with_the_message_as_its_note(office: Office, slack: SlackDouble) -> None:
    slack.message("Globex wants <https://x.example|two> of them", user="UBOB", channel="C1")
    (said,) = slack.posts("C1")
    slack.deliver(slack.message_shortcut("shortcut.deal", said, user="UANN"))

    send(office, {"name": "Globex"})

    (noted,) = acme(office).activities
    assert noted.text.startswith("Globex wants two of them http")
    assert noted.text.endswith(said.ts.replace(".", ""))
    assert slack.last_post("C1").text == "Ann added *Globex*."


@pytest.mark.usefixtures("card")
def test_a_message_is_logged_on_a_deal_that_is_searched_for(office: Office, slack: SlackDouble) -> None:
    slack.message("They called", user="UBOB", channel="C1")
    slack.deliver(slack.message_shortcut("shortcut.note", slack.last_post("C1"), user="UANN"))
    (found,) = slack.suggest(form_of(slack), "deal", "acmee", user="UANN")

    gone = send(office, {"deal": found | {"value": "999"}})
    send(office, {"deal": found, "kind": "call"})

    assert [*gone] == ["deal"]
    (noted,) = acme(office).activities
    assert found["text"]["text"] == "Acme · Lead identified"
    assert (noted.kind, noted.text.split(" http")[0]) == (ActivityKind.CALL, "They called")
    assert slack.ephemerals("UANN")[-1].text == "Note added to *Acme*."


@pytest.mark.usefixtures("office")
def test_a_message_without_an_address_is_logged_all_the_same(slack: SlackDouble) -> None:
    slack.message("Hello", user="UBOB", channel="C1")
    slack.fail_next("chat.getPermalink", error="channel_not_found")

    slack.deliver(slack.message_shortcut("shortcut.deal", slack.last_post("C1"), user="UANN"))

    assert "'initial_value': 'Hello'" in str(form_of(slack).blocks)


def test_a_view_stands_there_while_the_form_is_looked_up(office: Office, slack: SlackDouble) -> None:
    with office.database.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE pipeline RENAME TO gone")

    slack.deliver(slack.shortcut("shortcut.add", user="UANN"))

    assert form_of(slack).body["title"]["text"] == "Not opened"


def test_who_is_too_late_with_a_shortcut_is_told(office: Office, slack: SlackDouble) -> None:
    late = slack.shortcut("shortcut.add", user="UANN")

    office.clock.passes(10)
    slack.deliver(late)

    assert slack.direct_messages("UANN")[-1].text == "Slack took too long to open the form. Please try again."


# Settings


def test_a_manager_changes_settings_in_a_form(office: Office, slack: SlackDouble) -> None:
    office.types("/funnel settings")
    office.clock.passes(60)
    slack.deliver(slack.click(slack.ephemerals("UANN")[-1], "settings.change", user="UANN"))

    faults = send(office, {"currency": "Taler", "zone": "Atlantis", "horizon": "45"})
    again = send(office, {"currency": "EUR", "horizon": "45", "leaderboard": "off", "loss-reasons": "price\ntiming"})

    with office.database.begin() as session:
        workspace = a_team(session, TEAM_ID).workspace
    assert (sorted(faults), again) == (["currency", "zone"], {})
    assert (workspace.currency, workspace.horizon_days, workspace.leaderboard) == ("EUR", 45, False)
    assert (workspace.loss_reasons, workspace.high_value) == (["price", "timing"], Decimal(50_000))
    assert "45 days ahead" in slack.ephemerals("UANN")[-1].text
    assert slack.refused == []


def test_of_two_managers_each_changes_what_they_changed(office: Office) -> None:
    office.types("/funnel set")
    first = form_of(office.slack)
    office.types("/funnel set horizon 45")
    office.types("/funnel set loss reasons price, timing")

    untouched = {
        block["block_id"]: block["element"]["initial_value"]
        for block in first.blocks
        if "initial_value" in block["element"]
    }
    assert send(office, untouched | {"zone": "Asia/Shanghai"}) == {}

    with office.database.begin() as session:
        workspace = a_team(session, TEAM_ID).workspace
    assert (workspace.horizon_days, workspace.loss_reasons) == (45, ["price", "timing"])
    assert workspace.time_zone == "Asia/Shanghai"


def gong_of(office: Office) -> tuple[str, str, bool]:
    """Where alerts that nobody takes up go, where wins are told, and whether they are."""
    with office.database.begin() as session:
        workspace = a_team(session, TEAM_ID).workspace
        schedules = Schedules(session, workspace).all()
        wins = [each.target for each in schedules if each.kind is ScheduleKind.WIN]
        alerts = [each.target for each in schedules if each.kind is ScheduleKind.ALERT]
        assert ",".join(alerts) == workspace.alert_channel
        return workspace.alert_channel, ",".join(wins), workspace.win_posts


def test_a_manager_chooses_channels_in_the_form_of_settings(office: Office, slack: SlackDouble) -> None:
    slack.add_channel("C2", "board", members=["UANN"])
    office.types("/funnel set wins here")
    office.types("/funnel set")
    assert send(office, {"alert-channel": "C1", "win-channel": "C2"}) == {}
    assert gong_of(office) == ("C1", "C2", True)

    office.types("/funnel set")
    assert send(office, {"alert-channel": "", "wins": "off"}) == {}

    assert gong_of(office) == ("", "C2", False)
    assert slack.refused == []


@pytest.mark.parametrize("typed", ["<#C2|board>", "<#C2>", "<#C2|>"])
def test_a_channel_is_named_as_slack_sends_it(office: Office, slack: SlackDouble, typed: str) -> None:
    office.types(f"/funnel set wins {typed}")
    assert "<#C2> now hears of each win" in slack.ephemerals("UANN")[-1].text
    office.types(f"/funnel set alert channel {typed}")

    assert gong_of(office) == ("C2", "C2", True)


def test_a_channel_that_slack_does_not_tell_of_is_asked_for_otherwise(office: Office, slack: SlackDouble) -> None:
    for setting in ("wins", "alert channel"):
        office.types(f"/funnel set {setting} #board")
        assert "Slack tells me of no channel *#board*" in slack.ephemerals("UANN")[-1].text
        assert f"`/funnel set {setting} here`" in slack.ephemerals("UANN")[-1].text

    assert gong_of(office) == ("", "", True)


def test_a_rep_is_shown_no_form_of_settings(office: Office, slack: SlackDouble) -> None:
    office.types("/funnel settings")
    office.types("/funnel set", user="UBOB")

    assert slack.views("UBOB") == []
    assert "manager" in slack.ephemerals("UBOB")[-1].text


def test_a_form_that_is_long_in_coming_has_a_view_that_stands_for_it(
    office: Office, slack: SlackDouble, card: Message
) -> None:
    with ThreadPoolExecutor(1) as elsewhere:
        with office.database.begin() as session:
            a_team(session, TEAM_ID).workspace.horizon_days = 31
            session.flush()
            clicked = elsewhere.submit(choose, office, card, "move")
            slack.wait_for(lambda: slack.views("UANN"))
            waiting = form_of(slack)
            assert "Looking up" in str(waiting.blocks)
        clicked.result()

    assert [view.id for view in slack.views("UANN")] == [waiting.id]
    assert form_of(slack).callback_id == "form.move"
    assert slack.refused == []
