"""A channel may have several digests, each about deals of its own, and nothing is changed that nobody named."""

import pytest

from bot.faults import SeveralDigests, TimesNotUnderstood
from models.errors import MemberNotFound, PipelineNotFound, ScheduleNotFound
from models.pipelines import Pipelines
from models.schedule import BY_HAND, Schedule
from models.templates import B2B
from tests.bot.conftest import Desk
from tests.bot.reading import words_in


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
    assert "Big Retail · Bob · passes over days on which nothing moves" in listed


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
    assert desk.types("/funnel subscribe").text.startswith("The digest comes here at 09:00 (Europe/Berlin), every day")


def test_subscribe_alone_lets_what_was_paused_go_on_as_it_was(desk: Desk) -> None:
    desk.types("/funnel subscribe weekly friday 16:00 quiet")
    (digest,) = digests(desk)
    digest.pause("is_archived")

    said = desk.types("/funnel subscribe").text

    assert (digest.weekdays, digest.local_time, digest.is_quiet, digest.paused_because) == ("fri", "16:00", True, "")
    assert said.startswith("The digest goes on as before: Friday at 16:00")


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
    assert desk.types("/funnel unsubscribe weekly").text == "That digest comes no more; 2 other ones go on here."
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
