"""People talk to the bot in their own words: in a direct message, or by its name in a channel."""

import re

import pytest

from tests.bot.conftest import Office
from tests.slack_double import ImpossibleGesture, Message, SlackDouble


def writes(office: Office, text: str, *, user: str = "UANN", twice: bool = False, thread_ts: str | None = None) -> None:
    """A direct message to the bot."""
    office.clock.passes(60)
    channel = office.slack.direct_channel(user)
    office.slack.deliver(office.slack.message(text, user=user, channel=channel, thread_ts=thread_ts), twice=twice)


def asks(office: Office, text: str, *, user: str = "UANN", thread_ts: str | None = None) -> None:
    """Words with the bot's name before them, in #sales."""
    office.clock.passes(60)
    office.slack.deliver(office.slack.mention(text, user=user, channel="C1", thread_ts=thread_ts))


def answer(office: Office, user: str = "UANN") -> Message:
    return office.slack.direct_messages(user)[-1]


def test_what_is_certain_is_done_and_answered_where_it_was_said(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k")

    writes(office, "please move Acme to proposal")

    assert office.stage_of("Acme") == "Proposal"
    assert answer(office).text == "*Acme* is in *Proposal* now."
    assert answer(office).user == slack.bot_user
    assert slack.refused == []


def test_what_slack_tells_twice_is_answered_once(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k")

    writes(office, "advance Acme", twice=True)

    assert office.stage_of("Acme") == "First contact"
    assert len(slack.direct_messages("UANN")) == 2  # what was said, and the answer


def test_what_is_not_certain_is_done_by_one_click_and_only_once(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k")

    writes(office, "should I move acme to propsal?")
    assert office.stage_of("Acme") == "Lead identified"
    question = answer(office)
    assert "/deal move Acme to Proposal" in question.text
    click = slack.click(question, "pick.meant", user="UANN")
    again = slack.click(question, "pick.meant", user="UANN")
    slack.deliver(click)
    assert office.stage_of("Acme") == "Proposal"
    office.types("/deal move Acme to Qualified")
    slack.deliver(again)

    assert office.stage_of("Acme") == "Qualified"
    assert slack.refused == []


def test_a_pronoun_means_the_deal_that_the_person_wrote_of_last_after_a_click(
    office: Office, slack: SlackDouble
) -> None:
    office.types("/deal add Globex")
    office.types("/deal add Acme 12k")
    office.types("/deal note Globex: they want a demo")
    office.types("/deal note Acme: no news", user="UBOB")

    writes(office, "move it to proposal")
    assert office.stage_of("Globex") == "Lead identified"
    slack.deliver(slack.click(answer(office), "pick.meant", user="UANN"))

    assert (office.stage_of("Globex"), office.stage_of("Acme")) == ("Proposal", "Lead identified")


def test_of_two_things_said_at_once_each_is_asked_about(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k")

    writes(office, "advance Acme and set it to 15k")

    assert office.stage_of("Acme") == "Lead identified"
    first, second = slack.direct_messages("UANN")[-2:]
    assert "`/deal advance Acme`" in first.text
    assert "`/deal set Acme amount 15k`" in second.text
    for question in (first, second):
        slack.deliver(slack.click(question, "pick.meant", user="UANN"))

    assert office.stage_of("Acme") == "First contact"
    assert "$15,000" in str(slack.direct_messages("UANN"))
    assert slack.refused == []


def test_what_is_left_out_is_told_and_two_deals_are_shown_one_after_the_other(office: Office) -> None:
    office.types("/deal add Acme 12k")
    office.types("/deal add Globex 14k")

    writes(office, "advance Acme and tell <Ann>")
    assert "didn't understand *tell &lt;Ann&gt;*" in answer(office).text
    assert office.stage_of("Acme") == "Lead identified"
    writes(office, "how are Acme and Globex doing?")

    shown = [str(each.blocks) for each in office.slack.direct_messages("UANN")[-2:]]
    assert ["$12,000" in shown[0], "$14,000" in shown[1]] == [True, True]


def test_a_no_is_no_order(office: Office) -> None:
    office.types("/deal add Acme 12k")

    writes(office, "don't move Acme to proposal")
    writes(office, "we have not won Acme yet")

    assert office.stage_of("Acme") == "Lead identified"


def test_the_bot_s_name_in_a_channel_is_answered_to_the_person_alone_and_a_win_in_the_thread(
    office: Office, slack: SlackDouble
) -> None:
    office.types("/deal add Acme 12k")

    asks(office, "how likely is Acme?")
    assert "Acme" in slack.ephemerals("UANN")[-1].text
    asks(office, "we won Acme!")
    said, told = slack.posts("C1")[-2:]

    assert told.text == ":tada: Ann won *Acme*: $12,000!"
    assert told.thread_ts == said.ts
    assert slack.refused == []


def test_words_in_a_thread_are_answered_there(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k")
    asks(office, "what's stuck?")
    root = slack.posts("C1")[-1].ts

    asks(office, "show me Acme", thread_ts=root)

    assert slack.ephemerals("UANN")[-1].thread_ts == root


def test_what_is_not_understood_gets_the_two_nearest_things(office: Office) -> None:
    office.types("/deal add Acme 12k")

    writes(office, "what's the weather like?")

    assert answer(office).text.startswith("I didn't understand that.")
    assert answer(office).text.count("`/") == 2


def test_what_is_nearest_is_told_as_it_is_typed(office: Office) -> None:
    writes(office, "how was lunch")

    assert "`/funnel report this quarter`" in answer(office).text


@pytest.mark.parametrize("said", ["show Bob's deals", "remind me to call Bob on friday"])
def test_a_colleague_is_no_deal_to_be_added(office: Office, said: str) -> None:
    office.types("/deal list", user="UBOB")

    writes(office, said)

    assert answer(office).text.startswith("I didn't understand that.")


@pytest.mark.parametrize(
    "said", ["how likely is Globex?", "we lost Globex because of Acme", "move Globex to proposal", "丢了Globex"]
)
def test_a_deal_that_is_not_there_is_told_as_to_a_command(office: Office, said: str) -> None:
    office.types("/deal add Acme 12k")

    writes(office, said)

    assert answer(office).text.startswith("No deal called *Globex*.")
    assert "`/deal add Globex`" in answer(office).text
    assert office.stage_of("Acme") == "Lead identified"


def test_a_deal_that_is_called_nearly_so_is_asked_about_before_it_is_closed(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Great Northern Railways")

    writes(office, "we won Northern")
    assert office.stage_of("Great Northern Railways") == "Lead identified"
    assert "`/deal won Great Northern Railways`" in answer(office).text
    slack.deliver(slack.click(answer(office), "pick.meant", user="UANN"))

    assert office.stage_of("Great Northern Railways") == "Won"


def test_a_question_about_the_funnel_is_answered_with_the_report_that_tells(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k")
    office.types("/deal lost Acme because price", user="UBOB")

    for said, told in (
        ("where do we lose deals?", "Bottlenecks and leaks: Sales, Dec 3, 2025"),
        ("what is <@UANN>'s win rate this quarter?", "Report of Sales, Jan 1"),
        ("how many deals slipped this week?", "Forecast: Sales, Jan 1"),
        ("how satisfied are our customers?", "After the sale"),
        ("set a target of 10 meetings a week for bob", "Target: *Meetings a week, Bob*: 10"),
    ):
        before = len(slack.direct_messages("UANN"))
        writes(office, said)
        assert told in "".join(each.text for each in slack.direct_messages("UANN")[before:])

    assert slack.refused == []


def test_chinese_is_understood_and_answered_in_chinese(office: Office, slack: SlackDouble) -> None:
    slack.add_user("ULI", name="li", real_name="Li", locale="zh-CN")
    office.types("/deal add 星辰科技 12k")

    writes(office, "星辰科技赢了", user="ULI")

    assert office.stage_of("星辰科技") == "Won"
    writes(office, "讲个笑话", user="ULI")
    assert answer(office, "ULI").text.startswith("没听懂")
    assert re.search(r"`/(?:deal|funnel) [^a-z]", answer(office, "ULI").text)
    assert not re.search(r"`/(?:deal|funnel) [a-z]", answer(office, "ULI").text)


def test_a_reminder_becomes_the_next_step_with_its_day(office: Office) -> None:
    office.types("/deal add Initech 12k")

    writes(office, "remind me on Friday to call Ann at Initech")

    shown = str(answer(office).blocks)
    assert "call Ann at Initech" in shown
    assert "Mar 6, 2026" in shown


def test_of_several_deals_the_person_picks_one(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Globex North")
    office.types("/deal add Globex South")

    writes(office, "advance globex")
    if "pick.meant" in str(answer(office).blocks):
        slack.deliver(slack.click(answer(office), "pick.meant", user="UANN"))
    second = next(
        block["accessory"] for block in answer(office).blocks if "South" in str(block) and "accessory" in block
    )
    slack.deliver(slack.click(answer(office), second["action_id"], user="UANN"))

    assert office.stage_of("Globex South") == "First contact"
    assert office.stage_of("Globex North") == "Lead identified"


def test_a_chinese_word_right_beside_a_name_s_beginning_closes_that_deal_or_asks_which(office: Office) -> None:
    for name in ("Acme Corp", "Globex North", "Globex South"):
        office.types(f"/deal add {name}")

    writes(office, "赢了Acme")
    writes(office, "赢了Globex")

    assert office.stage_of("Acme Corp") == "Won"
    assert {office.stage_of("Globex North"), office.stage_of("Globex South")} == {"Lead identified"}
    assert all(name in str(answer(office).blocks) for name in ("Globex North", "Globex South"))


@pytest.mark.parametrize(
    "more", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"subtype": "bot_message", "user": ""}, {"edited": {}}]
)
def test_bots_and_edited_messages_are_not_listened_to(
    office: Office, slack: SlackDouble, more: dict[str, object]
) -> None:
    office.types("/deal add Acme 12k")
    told = slack.message("advance Acme", user="UANN", channel=slack.direct_channel("UANN"))
    told["event"] |= more

    slack.deliver(told)

    assert office.stage_of("Acme") == "Lead identified"
    assert len(slack.direct_messages("UANN")) == 1


def test_slack_tells_no_mention_in_a_direct_message(slack: SlackDouble) -> None:
    with pytest.raises(ImpossibleGesture):
        slack.mention("hi", user="UANN", channel=slack.direct_channel("UANN"))


def test_a_fault_is_told_where_it_was_made(office: Office) -> None:
    office.types("/deal add Acme 12k")
    office.types("/deal lost Acme because price")

    writes(office, "advance Acme")

    assert answer(office).text.startswith("*Acme* is lost.")


def test_what_was_not_said_is_asked_for_in_words(office: Office) -> None:
    office.types("/deal add Acme 12k")

    writes(office, "we lost Acme")

    assert answer(office).text.startswith("Why was *Acme* lost?")
    assert office.stage_of("Acme") == "Lead identified"


def test_a_table_that_slack_does_not_draw_comes_in_lines_once(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 12k")
    office.types("/deal won Acme")
    slack.workspace.draws_tables = False

    writes(office, "who is the best seller?")

    told = [each for each in slack.direct_messages("UANN") if "Leaderboard" in each.text]
    assert len(told) == 1
    assert all(each["type"] in ("section", "context") for each in told[0].blocks)
    assert {each.error for each in slack.refused} == {"invalid_blocks"}
