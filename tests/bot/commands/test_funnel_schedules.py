"""A channel may have several digests, each about deals of its own, and nothing is changed that nobody named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions import ACTIONS, FORMS, AskAgain, Click, FieldsRefused, Submission
from bot.actions.origin import Origin
from bot.commands import answer
from bot.faults import ScheduleOfSomebodyElse, SettingNotUnderstood, SeveralDigests, TimesNotUnderstood
from bot.reply import Place, Reply
from bot.views.schedules import PAGE
from models.delivery import DeliveryState
from models.errors import MemberNotFound, PipelineNotFound, ScheduleNotFound
from models.member import Member
from models.pipelines import Pipelines
from models.schedule import BY_HAND, Schedule, ScheduleKind
from models.templates import B2B
from tests.bot.conftest import Desk
from tests.bot.reading import labels_in, words_in
from tests.factories import MONDAY


def digests(desk: Desk) -> list[Schedule]:
    return list(desk.turn().schedules.digests("C1"))


def test_a_digest_of_another_rhythm_or_topic_comes_beside_the_first(desk: Desk) -> None:
    Pipelines(desk.team.session, desk.team.workspace).add("Big Retail", B2B)
    desk.types("/funnel subscribe daily 9:00")
    desk.types("/funnel subscribe weekly monday 10:00")
    desk.types("/funnel subscribe weekdays 8:30 pipeline Big Retail for bob quiet")
    said = desk.types("/funnel subscribe monthly team @ann")

    assert [(each.number, each.weekdays, each.local_time) for each in digests(desk)] == [
        (1, "mon,tue,wed,thu,fri,sat,sun", "09:00"),
        (2, "mon", "10:00"),
        (3, "mon,tue,wed,thu,fri", "08:30"),
        (4, "monthly", "09:00"),
    ]
    retail = digests(desk)[2]
    assert (retail.pipeline and retail.pipeline.name, retail.owner, retail.is_quiet) == (
        "Big Retail",
        desk.team.bob,
        True,
    )
    assert said.text.endswith("It is about *Ann’s team*.")
    listed = words_in(desk.types("/funnel schedules"))
    assert "Big Retail · Bob · skips days on which nothing moves" in listed


@pytest.mark.parametrize(
    "words",
    [
        "weekdays 8:30 pipeline Retail for bob quiet",
        "pipeline Retail weekdays 8:30 for bob quiet",
        "quiet for Bob weekdays 8:30 pipeline: retail",
        'in pipeline "Retail" weekdays at 8:30 owner bob skip empty days',
        "工作日 8:30 管道 Retail 负责人 bob 安静",
    ],
)
def test_what_it_is_about_may_stand_anywhere(desk: Desk, words: str) -> None:
    pipeline = Pipelines(desk.team.session, desk.team.workspace).add("Retail", B2B)
    desk.types(f"/funnel subscribe {words}")

    (digest,) = digests(desk)
    assert (digest.weekdays, digest.local_time, digest.is_quiet) == ("mon,tue,wed,thu,fri", "08:30", True)
    assert (digest.pipeline_id, digest.owner_id, digest.with_team) == (pipeline.id, desk.team.bob.id, False)


def test_what_is_not_understood_changes_nothing(desk: Desk) -> None:
    for words, fault in (
        ("daily 9:00 pipeline Nowhere", PipelineNotFound),
        ("daily 9:00 for Nobody", MemberNotFound),
        ("daily 9:00 team", MemberNotFound),
        ("whenever for bob", TimesNotUnderstood),
        ("daily 25:00", TimesNotUnderstood),
    ):
        with pytest.raises(fault):
            desk.types(f"/funnel subscribe {words}")

    assert digests(desk) == []


def test_subscribe_alone_begins_with_every_day_at_nine(desk: Desk) -> None:
    assert desk.types("/funnel subscribe").text.startswith("A digest comes here at 09:00 (Europe/Berlin), every day")


def test_subscribe_alone_lets_what_was_paused_go_on_as_it_was(desk: Desk) -> None:
    desk.types("/funnel subscribe weekly friday 16:00 quiet")
    (digest,) = digests(desk)
    digest.pause("is_archived")

    said = desk.types("/funnel subscribe").text

    assert (digest.weekdays, digest.local_time, digest.is_quiet, digest.paused_because) == ("fri", "16:00", True, "")
    assert said.startswith("The digest is back: Friday at 16:00")


def test_subscribe_alone_changes_nothing_of_what_goes_on(desk: Desk) -> None:
    desk.types("/funnel subscribe weekdays 8:15")

    assert desk.types("/funnel subscribe").text.startswith("This channel has a digest already: Monday to Friday")
    assert [each.local_time for each in digests(desk)] == ["08:15"]


def test_a_pause_is_told_with_its_reason(desk: Desk) -> None:
    desk.types("/funnel subscribe")
    (digest,) = digests(desk)

    for code, told in ((BY_HAND, "somebody paused it"), ("is_archived", "the channel is archived")):
        digest.pause(code)
        assert f"*paused*: {told}" in words_in(desk.types("/funnel schedules"))


def test_of_several_digests_one_is_ended_by_what_sets_it_apart(desk: Desk) -> None:
    for words in ("daily 9:00", "weekly monday 9:00", "daily 9:00 for bob"):
        desk.types(f"/funnel subscribe {words}")

    with pytest.raises(SeveralDigests):
        desk.types("/funnel unsubscribe")
    with pytest.raises(ScheduleNotFound):
        desk.types("/funnel unsubscribe monthly")
    assert desk.types("/funnel unsubscribe weekly").text == "That digest has ended. 2 other ones still come here."
    assert [each.number for each in digests(desk)] == [1, 3]
    desk.types("/funnel unsubscribe for bob")
    assert [each.number for each in digests(desk)] == [1]
    desk.types("/funnel subscribe weekly for bob")
    assert [each.number for each in digests(desk)] == [1, 2]
    assert desk.types("/funnel unsubscribe all").text.startswith("No more digests here.")
    assert digests(desk) == []


def test_where_todays_has_come_already_the_next_one_that_is_told_is_tomorrows(desk: Desk) -> None:
    desk.types("/funnel subscribe daily 9:00")
    (digest,) = digests(desk)
    today = digest.period(desk.now)
    desk.turn().deliveries.claim(digest.kind, "C1", today, at=desk.now)

    desk.types("/funnel subscribe daily 23:00")

    assert digest.local_time == "23:00"
    assert digest.period(digest.next_due_at) > today


# `/funnel schedules`


def press(desk: Desk, name: str, schedule: Schedule, *, by: Member | None = None) -> Reply:
    desk.now += timedelta(seconds=1)
    origin = Origin(response_url="https://x", channel="C9", message_ts="1.1")
    turn = replace(desk.turn(by), channel="C9")
    return ACTIONS[f"schedule.{name}"](Click(str(schedule.id), origin), turn)


def test_it_lists_what_goes_where_when_next_and_what_came_of_it_last(desk: Desk) -> None:
    desk.types("/funnel subscribe weekdays 8:30 for bob", by=desk.team.bob)
    (digest,) = digests(desk)
    failed = desk.turn().deliveries.claim(digest.kind, "C1", "2026-02-27", at=MONDAY)
    assert failed is not None
    failed.end(DeliveryState.FAILED, "not_in_channel", at=MONDAY)

    reply = desk.types("/funnel schedules")

    told = words_in(reply)
    assert f"*{digest.id}* funnel digest · <#C1>: Monday to Friday at 08:30 (Europe/Berlin) · Bob · next on" in told
    assert "set up by Bob" in told
    assert "I am not in that channel" in told
    assert labels_in(reply) == ["Pause", "Change", "Send now", "Delete"]

    unclear = desk.turn().deliveries.claim(digest.kind, "C1", "2026-02-28", at=MONDAY)
    assert unclear is not None
    unclear.end(DeliveryState.UNKNOWN, "not_in_channel", at=MONDAY)
    assert "may be missing since Mon, Mar 2, 2026" in words_in(desk.types("/funnel schedules"))


def test_buttons_and_words_do_the_same(desk: Desk) -> None:
    desk.types("/funnel subscribe weekdays 8:30")
    (digest,) = digests(desk)

    assert press(desk, "pause", digest).place is Place.INSTEAD
    assert digest.paused_because == BY_HAND
    assert desk.types(f"/funnel schedules resume {digest.id}").text.startswith("Resumed. Next on")
    assert digest.paused_because == ""
    desk.types(f"/funnel schedules pause {digest.id}")
    assert press(desk, "resume", digest).text.startswith("Resumed.")
    desk.types(f"/funnel schedules change {digest.id} mon,thu 7:45 for bob")
    assert (digest.weekdays, digest.local_time, digest.owner) == ("mon,thu", "07:45", desk.team.bob)
    assert labels_in(desk.types(f"/funnel schedules delete {digest.id}"))[-1] == "Delete"
    press(desk, "delete", digest)
    assert digests(desk) == []


def test_a_digest_that_names_what_is_now_the_default_pipeline_is_found_without_the_name(desk: Desk) -> None:
    Pipelines(desk.team.session, desk.team.workspace).add("Retail", B2B)
    desk.types("/funnel subscribe weekdays 8:30 pipeline Retail")
    desk.types("/funnel pipeline default Retail")

    desk.types("/funnel subscribe weekdays 9:00")
    desk.types("/funnel subscribe weekdays 10:00 pipeline Retail")

    (digest,) = digests(desk)
    assert digest.local_time == "10:00"
    assert "Retail" in words_in(desk.types("/funnel schedules"))
    desk.types("/funnel pipeline default Sales")
    desk.types("/funnel subscribe weekdays 9:00")
    assert len(digests(desk)) == 2


def test_send_now_comes_once_however_often_it_is_pressed(desk: Desk) -> None:
    desk.types("/funnel subscribe weekdays 8:30")
    (digest,) = digests(desk)

    said = [press(desk, "send", digest).text for _ in range(3)]

    assert said == ["It is on its way, and there within half a minute.", *["It is on its way already."] * 2]
    assert "on its way since" in words_in(desk.types("/funnel schedules"))


def test_only_who_set_it_up_managers_and_those_where_it_goes_may_change_it(desk: Desk) -> None:
    desk.types("/funnel subscribe weekdays 8:30")
    (digest,) = digests(desk)

    with pytest.raises(ScheduleOfSomebodyElse):
        press(desk, "pause", digest, by=desk.team.bob)
    desk.types(f"/funnel schedules pause {digest.id}", by=desk.team.bob)
    assert digest.paused_because == BY_HAND
    with pytest.raises(ScheduleNotFound):
        desk.types("/funnel schedules pause 987654321")
    for words in ("frobnicate", "pause", f"pause {digest.id} please", f"change {digest.id}"):
        with pytest.raises(SettingNotUnderstood):
            desk.types(f"/funnel schedules {words}")


def test_the_form_shows_a_digest_as_it_is_and_changes_it(desk: Desk) -> None:
    desk.types("/funnel subscribe monthly on the 15th 8:30 for bob quiet")
    (digest,) = digests(desk)
    form = press(desk, "change", digest).form
    assert form is not None
    origin = Origin.model_validate_json(form["private_metadata"])
    shown = {block["block_id"]: block["element"] for block in form["blocks"]}
    assert shown["when"]["initial_value"] == "monthly on day 15 08:30"
    assert shown["owner"]["initial_option"]["text"]["text"] == "Bob"

    asked = {"when": shown["when"]["initial_value"], "owner": str(desk.team.ann.id), "reach": "team", "empty": "told"}
    FORMS["form.schedule"].run(Submission(asked, origin), desk.turn())

    assert (digest.weekdays, digest.local_time, digest.is_quiet) == ("monthly 15", "08:30", False)
    assert (digest.owner, digest.with_team) == (desk.team.ann, True)
    with pytest.raises(AskAgain) as asked_again:  # Ann had the form open, too, from before that
        FORMS["form.schedule"].run(Submission(asked | {"when": "daily 7:00"}, origin), desk.turn())
    assert (digest.weekdays, digest.local_time) == ("monthly 15", "08:30")
    again = asked_again.value.form
    assert "at 08:30" in words_in(again["blocks"])
    assert (
        next(each for each in again["blocks"] if each.get("block_id") == "when")["element"]["initial_value"]
        == "daily 7:00"
    )
    origin = Origin.model_validate_json(again["private_metadata"])
    FORMS["form.schedule"].run(Submission(asked | {"when": "daily 7:00"}, origin), desk.turn())
    assert digest.local_time == "07:00"
    with pytest.raises(FieldsRefused) as refused:
        FORMS["form.schedule"].run(Submission(asked | {"when": "never", "owner": "999"}, origin), desk.turn())
    assert set(refused.value.faults) == {"when", "owner"}


def test_the_channel_of_alerts_is_listed_while_it_is_the_one_and_ends_where_it_is_deleted(desk: Desk) -> None:
    desk.types("/funnel set alert channel here")
    assert desk.team.workspace.alert_channel == "C1"
    (alert,) = [each for each in desk.turn().schedules.all() if each.kind is ScheduleKind.ALERT]

    desk.now = desk.now + timedelta(days=4.5)
    alert.move_on(desk.now)
    assert alert.next_due_at.weekday() == 5
    reply = desk.types("/funnel schedules")

    assert f"*{alert.id}* alert · <#C1>: on working days at 09:00" in words_in(reply)
    assert "next on Mon, Mar 9, 2026" in words_in(reply)
    assert labels_in(reply) == ["Pause", "Delete"]
    assert desk.types(f"/funnel schedules send {alert.id}").text.startswith("It is on its way if there is anything")
    press(desk, "delete", alert)
    assert desk.team.workspace.alert_channel == ""
    assert "alert" not in words_in(desk.types("/funnel schedules"))


def test_of_the_gong_there_is_nothing_to_send(desk: Desk) -> None:
    desk.types("/funnel set wins here")
    (gong,) = [each for each in desk.turn().schedules.all() if each.kind is ScheduleKind.WIN]

    said = desk.types(f"/funnel schedules send {gong.id}").text

    assert said == "There is nothing to send: each deal that is won is told there within half a minute."
    assert desk.turn().deliveries.latest(gong.kind, gong.target) is None


def test_a_quiet_digest_stays_so_until_it_is_said_otherwise(desk: Desk) -> None:
    desk.types("/funnel subscribe weekdays 8:30 quiet")
    (digest,) = digests(desk)

    quiet = []
    for words in (f"schedules change {digest.id} weekdays 7:45", "subscribe daily 9:00", "subscribe daily not quiet"):
        desk.types(f"/funnel {words}")
        quiet.append((digest.local_time, digest.is_quiet))

    assert quiet == [("07:45", True), ("09:00", True), ("09:00", False)]
    desk.types(f"/funnel schedules change {digest.id} 静默")
    assert digest.is_quiet
    desk.types(f"/funnel schedules change {digest.id} 不静默")
    assert not digest.is_quiet


def test_managers_let_nudges_of_people_who_came_back_go_on(desk: Desk) -> None:
    nudge = desk.turn().schedules.ensure(
        ScheduleKind.NUDGE, "UBOB", local_time="09:00", time_zone="UTC", weekdays="mon", at=MONDAY
    )
    assert "nudge" not in words_in(desk.types("/funnel schedules"))
    nudge.pause("user_disabled")

    assert "nudge · <@UBOB>" in words_in(desk.types("/funnel schedules"))
    press(desk, "resume", nudge)

    assert nudge.paused_because == ""


def test_a_long_list_has_pages(desk: Desk) -> None:
    for number in range(PAGE + 2):
        turn = replace(desk.turn(), channel=f"C{number}")
        answer("/funnel", "subscribe weekdays 8:30", turn)

    first = desk.types("/funnel schedules")
    click = Click(str(PAGE), Origin(message_ts="1.1"))
    last = ACTIONS["schedules.next"](click, desk.turn())

    assert (labels_in(first).count("Pause"), labels_in(first)[-1]) == (PAGE, "Next")
    assert (labels_in(last).count("Pause"), labels_in(last)[-1]) == (2, "Previous")
