"""`/funnel stage … task`, `/deal tasks`, `/deal done`, `/deal template`"""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.errors import worded
from bot.faults import SettingNotUnderstood, WordsMissing
from bot.mail import LONGEST_LINK
from bot.say import Say
from models.errors import (
    NotAllowed,
    NoTemplates,
    PlaceholderUnknown,
    PlaybookHasNot,
    StageNotFound,
    TaskNotFound,
)
from models.history import Via
from models.pipeline import Trade
from models.pipelines import Pipelines
from models.templates import template
from tests.bot.conftest import Desk, Office
from tests.bot.reading import buttons_in, words_in
from tests.factories import MONDAY, a_team
from tests.slack_double import SlackDouble


@pytest.mark.parametrize(
    "line",
    [
        'Proposal task "Call the boss" in 2 working days',
        'task Proposal "Call the boss" in 2 business days',
        "Proposal task Call the boss in 2 working days",
        "Proposal 任务 “Call the boss” 2个工作日内",
        'Proposal in Sales task "Call the boss" 2 workdays',
    ],
)
def test_a_manager_gives_a_stage_a_task_that_deals_get_when_they_enter(desk: Desk, line: str) -> None:
    desk.team.adds("Acme", stage="Qualified")

    shown = words_in(desk.types(f"/funnel stage {line}"))
    card = words_in(desk.types("/deal advance acme"))

    assert "☐ Call the boss · due after 2 working days" in shown
    assert "☐ Call the boss · by Mar 4, 2026" in card
    assert "tasks of earlier stages: `/deal tasks " in card
    assert "Write down need" not in card
    assert "Check that this is done, as *Qualified* asks: Need, budget, decision maker and date are known" in card
    assert "Goal of *Proposal*: Put an offer on the table" in card


def test_a_stage_takes_over_the_playbook_of_a_template_s_stage_beside_its_own(desk: Desk) -> None:
    desk.types('/funnel pipeline add Shop stages "Quote, Talk, Paid:won"')
    desk.types('/funnel stage Talk in Shop task "Call the boss"')
    expected = next(each for each in template(Trade.B2B, "en") if each.name == "Negotiation")

    said = desk.types("/funnel stage Talk in Shop playbook from b2b Negotiation").text
    desk.types('/funnel stage Talk in Shop playbook from b2b "Negotiation"')

    stage = Pipelines(desk.team.session, desk.team.workspace).named("Shop").stage_named("Talk")
    assert [each.text for each in stage.tasks] == ["Call the boss", *(each.text for each in expected.tasks)]
    assert [each.name for each in stage.templates] == [each.name for each in expected.messages]
    assert f"tasks {len(expected.tasks)}, messages {len(expected.messages)}" in said
    with pytest.raises(StageNotFound):
        desk.types("/funnel stage Quote in Shop playbook from b2b")
    with pytest.raises(SettingNotUnderstood):
        desk.types("/funnel stage Quote in Shop playbook from elsewhere")
    with pytest.raises(NotAllowed):
        desk.types("/funnel stage Talk in Shop playbook from b2b Proposal", by=desk.team.bob)


def test_a_merged_stage_hands_its_playbook_over(desk: Desk) -> None:
    desk.types('/funnel stage Proposal task "Call the boss"')
    own = [each.text for each in desk.team.pipeline.stage_named("Negotiation").tasks]

    said = desk.types("/funnel stage merge Proposal into Negotiation").text

    kept = [each.text for each in desk.team.pipeline.stage_named("Negotiation").tasks]
    assert kept[: len(own)] == own
    assert "Call the boss" in kept
    assert said.endswith("are in the playbook of *Negotiation* now, as far as it had not such ones itself.")


def test_tasks_and_templates_are_listed_and_removed(desk: Desk) -> None:
    desk.types('/funnel stage Proposal template "Third try" "Hello {contact}"')
    before = words_in(desk.types("/funnel stage Proposal playbook", by=desk.team.bob))
    desk.types('/funnel stage Proposal task remove "Send the offer"')
    desk.types('/funnel stage Proposal template remove "Third"')
    after = words_in(desk.types("/funnel 阶段 Proposal 打法"))

    assert "✉ *Third try*: Hello {contact}" in before
    assert "Send the offer" in before
    assert "Send the offer" not in after
    assert "Third try" not in after


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ('Nowhere task "Call"', StageNotFound),
        ('task "Call"', SettingNotUnderstood),
        ('Proposal task "Call" whenever', SettingNotUnderstood),
        ('Proposal task "Call" in 999 days', SettingNotUnderstood),
        ('Proposal template "Hello"', SettingNotUnderstood),
        ('Proposal template "Hello" "Dear {boss}"', PlaceholderUnknown),
        ('Proposal task remove "Dance"', PlaybookHasNot),
        ('Proposal playbook "Dance"', SettingNotUnderstood),
        ("Nowhere", SettingNotUnderstood),
    ],
)
def test_what_a_playbook_cannot_have_is_told(desk: Desk, words: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        desk.types(f"/funnel stage {words}")


@pytest.mark.parametrize("line", ["Proposal", "Proposal in Sales", "“Proposal”", "Proposal playbook", "Proposal 打法"])
def test_everybody_sees_what_a_stage_is_there_for_and_asks_for(desk: Desk, line: str) -> None:
    shown = words_in(desk.types(f"/funnel stage {line}", by=desk.team.bob))

    assert "Goal: Put an offer on the table" in shown
    assert "☐ Send the offer · due after 2 working days" in shown


@pytest.mark.parametrize(
    "line", ["Our try “Hello {contact}”", '"Our try" "Hello {contact}"', 'template "Our try" Hello {contact}']
)
def test_a_message_has_its_name_first_and_then_its_text(desk: Desk, line: str) -> None:
    shown = words_in(desk.types(f"/funnel stage Proposal template {line.removeprefix('template ')}"))

    assert "✉ *Our try*: Hello {contact}" in shown


def test_only_managers_change_a_playbook(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.types('/funnel stage Proposal task "Call"', by=desk.team.bob)


def test_what_is_to_be_done_is_listed_for_oneself_the_team_a_person_and_a_deal(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Proposal")
    desk.team.adds("Globex", stage="First contact", owner=desk.team.bob)
    desk.types("/deal set Acme next step lunch by 3 March")

    mine = words_in(desk.types("/deal tasks"))
    everybody = words_in(desk.types("/deal tasks all"))

    assert mine.splitlines()[1].startswith("*Acme* ☐ lunch · by Mar 3, 2026")
    assert "Globex" not in mine
    assert "Globex" in everybody
    assert words_in(desk.types("/deal tasks", by=desk.team.bob)).count("*Globex*") == 2
    assert words_in(desk.types("/deal tasks Bob")).count("*Globex*") == 2
    assert "Send the offer" in words_in(desk.types("/deal 任务 acme", locale="zh-CN"))


def test_the_tasks_of_a_lost_deal_are_asked_of_nobody_until_it_is_open_again(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Proposal")
    desk.types("/deal set Acme next step lunch by 3 March")
    before = words_in(desk.types("/deal tasks Acme"))

    desk.types("/deal lost Acme because price")
    asked = [words_in(desk.types(f"/deal {words}")) for words in ("tasks", "tasks all", "tasks Acme", "show Acme")]
    said = desk.types("/deal tasks Acme").text
    with pytest.raises(TaskNotFound) as none:
        desk.types("/deal done Acme lunch")
    desk.types("/deal reopen Acme")

    assert not any("lunch" in each or "offer" in each.lower() for each in asked)
    assert "`/deal tasks" not in asked[3]
    assert said.endswith("What was left to do comes back with `/deal reopen Acme`.")
    assert worded(none.value, Say()).text == "*Acme* has no open tasks."
    assert words_in(desk.types("/deal tasks Acme")) == before


def test_a_task_is_ticked_by_its_beginning_and_alone_without_words(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Proposal")

    said = desk.types("/deal done acme send")
    with pytest.raises(TaskNotFound):
        desk.types("/deal done acme dance")
    desk.types("/deal done Acme")

    assert said.text == "Ann has done *Send the offer* on *Acme*."
    assert desk.types("/deal tasks Acme").text.startswith("No tasks left there.")
    with pytest.raises(TaskNotFound):
        desk.types("/deal done Acme")
    with pytest.raises(WordsMissing):
        desk.types("/deal done")


def test_a_message_is_written_for_a_deal_to_be_copied_or_mailed(desk: Desk) -> None:
    desk.team.adds("Acme & <Co>", stage="Proposal", contact="Zoë Müller <zoe@acme.example>")
    desk.types(
        '/funnel stage Proposal template "Über {deal}?" "Hello {contact},\n50 % off: {amount} & more\n*{owner}*"'
    )

    choice = words_in(desk.types("/deal template acme"))
    reply = desk.types("/deal template acme über")
    link = next(button["url"] for button in buttons_in(reply) if "url" in button)

    assert "✉ Follow-up: our offer" in choice
    assert "✉ Über Acme &amp; &lt;Co&gt;?" in choice
    assert "Hello Zoë Müller,\n50 % off: [amount] & more\n*Ann*" in words_in(reply)
    assert link.startswith("mailto:zoe@acme.example?subject=%C3%9Cber%20Acme%20%26%20%3CCo%3E%3F&body=Hello")
    assert link.isascii()
    assert " " not in link
    assert parse_qs(urlsplit(link).query)["body"][0].splitlines()[1] == "50 % off: [amount] & more"


@pytest.mark.parametrize(
    "said", ["Our", "our offer", "Our offer for Acme Inc", "Our offer for {company}", "offer for acme inc"]
)
def test_a_message_is_asked_for_by_its_name_as_it_is_shown_or_its_beginning(desk: Desk, said: str) -> None:
    desk.team.adds("Acme", stage="Proposal", company="Acme Inc")
    desk.types('/funnel stage Proposal template "Our offer for {company}" "Hello"')
    names = "Our offer for Acme Inc and Follow-up: our offer"

    assert "✉ Our offer for Acme Inc" in words_in(desk.types("/deal template Acme"))
    assert "Our offer for Acme Inc" in desk.types(f"/deal template Acme {said}").text
    with pytest.raises(PlaybookHasNot) as missing:
        desk.types("/deal template Acme nothing of this")
    assert {*missing.value.texts} == {*names.split(" and ")}


def test_a_message_too_long_for_a_link_opens_with_its_subject(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Proposal")
    desk.types(f'/funnel stage Proposal template "Long" "{"长" * 1_000}"')

    reply = desk.types("/deal template acme long")
    link = next(button["url"] for button in buttons_in(reply) if "url" in button)

    assert link == "mailto:?subject=Long"
    assert len(link) <= LONGEST_LINK
    assert "too long for a link" in words_in(reply)


def test_a_stage_without_messages_says_so(desk: Desk) -> None:
    desk.team.adds("Acme", stage="Negotiation")

    with pytest.raises(NoTemplates):
        desk.types("/deal template acme")
    with pytest.raises(WordsMissing):
        desk.types("/deal template")


def test_a_task_is_ticked_by_its_button_and_a_mail_link_is_taken_note_of(office: Office, slack: SlackDouble) -> None:
    with office.database.begin() as session:
        a_team(session, slack.team_id).adds("Acme", stage="Proposal")
    office.types("/deal tasks all")

    listed = slack.ephemerals("UANN")[-1]
    first = buttons_in(listed.blocks)[0]["value"]
    slack.deliver(slack.click(listed, "deal.done", user="UANN", value=first))
    office.types("/deal template Acme follow-up")
    slack.deliver(slack.click(slack.ephemerals("UANN")[-1], "link.mail", user="UANN"))
    said = slack.ephemerals("UANN")[-2].text

    assert said == "Ann has done *Send the offer* on *Acme*."
    assert slack.refused == []


def test_undo_and_the_same_move_again_leave_the_tasks_as_they_were(desk: Desk) -> None:
    deal = desk.team.adds("Acme", stage="Qualified")
    deal.advance(by=desk.team.ann, at=MONDAY + timedelta(seconds=30), via=Via.COMMAND)
    once = words_in(desk.types("/deal tasks acme"))

    desk.types("/deal undo acme")
    desk.types("/deal advance acme")

    assert words_in(desk.types("/deal tasks acme")) == once
