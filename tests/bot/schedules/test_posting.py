"""Each post appears once on Slack's bad days too, and whoever set it up hears of it when it cannot appear at all."""

from datetime import timedelta

import pytest

from bot.schedules.clockwork import Clockwork
from models.delivery import LEASE
from models.schedule import ScheduleKind, Schedules
from tests.bot.schedules.office import Office, utc
from tests.factories import days
from tests.slack_double.troubles import Trouble

NINE = utc(2026, 3, 3, 9)
MINUTE = timedelta(minutes=1)


def test_a_post_carries_the_key_of_its_delivery(office: Office) -> None:
    office.subscribe()

    office.tick(NINE)

    (post,) = office.posts()
    assert post.metadata is not None
    assert post.metadata["event_type"] == "sluice_delivery"
    assert post.metadata["event_payload"]["key"].startswith("sluice-")
    assert office.slack.refused == []


def test_an_answer_that_gets_lost_does_not_double_the_post(office: Office) -> None:
    office.subscribe()
    office.slack.fail_next("chat.postMessage", after_accepting=True)

    office.tick(NINE)
    assert office.deliveries() == [("C1", "2026-03-03", "claimed", "")]
    office.tick(NINE + LEASE)

    assert len(office.posts()) == 1
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def test_a_post_that_got_no_answer_and_never_arrived_is_made_a_minute_later(office: Office) -> None:
    office.subscribe()
    _lose_next_post(office)

    office.tick(NINE)
    office.tick(NINE + MINUTE - timedelta(seconds=1))
    assert office.posts() == []
    office.tick(NINE + MINUTE)

    assert len(office.posts()) == 1
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


@pytest.mark.parametrize("status", [200, 503])
def test_a_post_that_arrives_long_after_it_was_given_up_is_found(office: Office, status: int) -> None:
    office.subscribe()
    post = office.slack.hold_next("chat.postMessage", status=status)

    office.tick(NINE)
    office.clock.time = NINE + MINUTE - timedelta(seconds=1)
    post.arrives()
    office.tick(NINE + MINUTE)

    assert len(office.posts()) == 1
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def test_a_post_that_was_in_doubt_stays_so_where_slack_then_refuses_another_for_haste(office: Office) -> None:
    office.subscribe()
    post = office.slack.hold_next("chat.postMessage", status=503)
    office.slack.fail_next("chat.postMessage", retry_after=90)

    office.tick(NINE)
    office.tick(NINE + MINUTE)
    post.arrives()
    office.tick(NINE + MINUTE * 3)

    assert len(office.posts()) == 1
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def test_who_takes_a_post_over_looks_for_it_again_right_before_posting(office: Office) -> None:
    office.subscribe()
    post = office.slack.hold_next("chat.postMessage")
    office.tick(NINE)
    looks = iter([None, Trouble(retry_after=3)])
    office.slack.live_through(lambda method: next(looks, None) if method == "conversations.history" else None)

    office.clock.time = NINE + LEASE
    Clockwork([office.client], office.services, sleep=lambda _: post.arrives()).tick()

    assert len(office.posts()) == 1
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def test_slack_asking_for_an_hour_before_the_next_look_is_given_it(office: Office) -> None:
    office.subscribe()
    office.slack.fail_next("chat.postMessage", after_accepting=True)
    looks = []

    def weather(method: str) -> Trouble | None:
        if method != "conversations.history":
            return None
        looks.append(office.clock.time)
        return Trouble(retry_after=3600) if len(looks) == 1 else None

    office.slack.live_through(weather)
    office.tick(NINE)
    for minutes in (1, 3, 60, 61):
        office.tick(NINE + MINUTE * minutes)

    assert looks == [NINE + MINUTE, NINE + MINUTE * 61]
    assert len(office.posts()) == 1
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def test_slack_breaking_down_for_a_moment_costs_a_minute_each_time(office: Office) -> None:
    office.subscribe()
    office.slack.fail_next("chat.postMessage", status=503)
    office.slack.fail_next("chat.postMessage", error="internal_error")

    posted = []
    for seconds in (0, 59, 60, 119, 120):
        office.tick(NINE + timedelta(seconds=seconds))
        posted.append(len(office.posts()))

    assert posted == [0, 0, 0, 0, 1]
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def test_slack_asking_for_patience_is_given_it_and_not_asked_by_all_at_the_same_moment(office: Office) -> None:
    for channel in ("C1", "C2"):
        office.subscribe(channel)
        office.slack.fail_next("chat.postMessage", retry_after=7)

    office.tick(NINE)

    first, second = sorted(seconds for seconds in office.slept if seconds > 2)
    assert 7 <= first < second <= 8
    assert [len(office.posts(channel)) for channel in ("C1", "C2")] == [1, 1]


def test_a_wait_that_is_too_long_is_not_waited_for_but_owed(office: Office) -> None:
    office.subscribe()
    office.slack.fail_next("chat.postMessage", retry_after=90)

    office.tick(NINE)
    assert office.deliveries() == [("C1", "2026-03-03", "owed", "")]
    office.tick(NINE + timedelta(seconds=89))
    assert office.posts() == []
    office.tick(NINE + timedelta(seconds=90))

    assert max(office.slept, default=0) < 90
    assert len(office.posts()) == 1
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def test_slack_being_away_for_longer_is_outlasted(office: Office) -> None:
    office.subscribe()
    for _ in range(5):
        office.slack.fail_next("conversations.history", status=503)
    office.slack.fail_next("chat.postMessage", status=503)

    office.tick(NINE)
    office.tick(NINE + MINUTE)
    assert office.posts() == []
    office.tick(NINE + LEASE)

    assert len(office.posts()) == 1


def test_an_archived_channel_pauses_its_digest_and_is_told_once_to_whoever_set_it_up(office: Office) -> None:
    office.slack.add_channel("C3", "old", members=["UANN"], is_archived=True)
    office.subscribe("C3")

    office.tick(NINE)
    office.tick(NINE + days(1))

    assert [(state, error) for _, _, state, error in office.deliveries()] == [("failed", "is_archived")]
    assert office.schedules()["digest", "C3"].paused_because == "is_archived"
    (told,) = office.slack.direct_messages("UANN")
    assert told.text.startswith("I could not post the funnel digest for <#C3>: the channel is archived.")
    assert "paused" in told.text


def test_who_is_told_hears_it_once_where_slack_is_busy_and_its_answer_gets_lost(office: Office) -> None:
    office.slack.add_channel("C3", "old", members=["UANN"], is_archived=True)
    office.subscribe("C3")
    troubles = iter([None, Trouble(retry_after=2), Trouble(lost=True)])
    office.slack.live_through(lambda method: next(troubles, None) if method == "chat.postMessage" else None)

    office.tick(NINE)

    assert len(office.slack.direct_messages("UANN")) == 1
    assert any(2 <= seconds <= 3 for seconds in office.slept)


def test_where_whoever_set_it_up_has_left_the_admins_are_told(office: Office) -> None:
    office.slack.add_channel("C3", "old", members=["UBOB"], is_archived=True)
    office.subscribe("C3")
    office.arrange(
        lambda team: setattr(Schedules(team.session, team.workspace).get(ScheduleKind.DIGEST, "C3"), "set_by", team.bob)
    )
    office.slack.workspace.users["UBOB"].deleted = True

    office.tick(NINE)

    (told,) = office.slack.direct_messages("UANN")
    assert told.text.startswith("I could not post the funnel digest for <#C3>")


def test_a_channel_that_is_archived_between_its_words_and_its_picture_has_had_its_words(office: Office) -> None:
    channel = office.slack.workspace.channels["C1"]
    office.subscribe()
    office.arrange(lambda team: team.adds("Acme", at=NINE - days(0.5)))

    def archive(method: str) -> None:
        channel.is_archived |= method.startswith("files.")

    office.slack.live_through(archive)
    office.tick(NINE)
    office.tick(NINE + days(1))

    assert len(office.slack.posts("C1")) == 1
    assert [state for _, _, state, _ in office.deliveries()] == ["posted", "failed"]
    assert office.schedules()["digest", "C1"].paused_because == "is_archived"


def test_who_subscribes_again_lets_a_paused_digest_go_on(office: Office) -> None:
    channel = office.slack.add_channel("C3", "old", members=["UANN"], is_archived=True)
    office.subscribe("C3")
    office.tick(NINE)

    channel.is_archived = False
    office.subscribe("C3", at=NINE + timedelta(hours=1))
    office.tick(NINE + timedelta(hours=2))
    assert office.posts("C3") == []
    office.tick(NINE + days(1))

    assert len(office.posts("C3")) == 1


def test_a_digest_that_is_caught_up_with_says_when_it_was_due(office: Office) -> None:
    office.subscribe()

    office.tick(NINE + timedelta(hours=3))

    (post,) = office.posts()
    assert "It was due on Tue, Mar 3, 2026, 09:00 UTC." in post.text
    assert "It was due on" in str(post.blocks[-1])


def test_a_digest_on_time_does_not_speak_of_being_late(office: Office) -> None:
    office.subscribe()

    office.tick(NINE + timedelta(minutes=1))

    assert "It was due" not in office.posts()[0].text


def test_a_refusal_that_nobody_foresaw_is_told_by_its_code(office: Office) -> None:
    office.subscribe()
    office.slack.fail_next("chat.postMessage", error="restricted_action")

    office.tick(NINE)

    (told,) = office.slack.direct_messages("UANN")
    assert "`restricted_action`" in told.text


def test_while_slack_refuses_the_token_all_waits_and_the_log_says_so_once(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.subscribe("C1")
    office.subscribe("C2")
    office.tick(NINE - timedelta(hours=1))
    office.slack.revoke_token()

    for minutes in range(5):
        office.tick(NINE + timedelta(minutes=minutes))
    refused = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    office.slack.workspace.token_refusal = None
    office.tick(NINE + timedelta(hours=1))

    assert refused == [
        "nothing is posted: Slack refuses the token (token_revoked); "
        "install the app in the workspace again and copy the new token"
    ]
    assert [len(office.posts(channel)) for channel in ("C1", "C2")] == [1, 1]


def test_a_token_that_is_refused_once_more_after_it_worked_is_told_again(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.subscribe()

    for day in range(2):
        office.slack.revoke_token()
        office.tick(NINE + days(day))
        office.slack.workspace.token_refusal = None
        office.tick(NINE + days(day) + timedelta(hours=1))

    assert len([record for record in caplog.records if "Slack refuses the token" in record.getMessage()]) == 2
    assert len(office.posts()) == 2


def test_a_token_that_slack_knows_but_posts_nothing_with_is_tried_ever_more_rarely_and_told_once(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.subscribe()
    tries = []

    def refuse(method: str) -> Trouble | None:
        if method != "chat.postMessage":
            return None
        tries.append(office.clock.time)
        return Trouble(error="not_allowed_token_type")

    office.slack.live_through(refuse)
    for minutes in range(60):
        office.tick(NINE + timedelta(minutes=minutes))
    office.slack.live_through(lambda _: None)
    office.tick(NINE + timedelta(hours=2))

    assert [(each - NINE) // timedelta(minutes=1) for each in tries] == [0, 2, 4, 8, 16, 32]
    assert len([record for record in caplog.records if "Slack refuses the token" in record.getMessage()]) == 1
    assert len(office.posts()) == 1


def test_a_nudge_to_somebody_who_left_fails_quietly(office: Office) -> None:
    office.arrange(lambda team: team.adds("Acme", owner=team.bob, at=NINE - days(30)))
    office.tick(NINE - days(1))
    office.slack.workspace.users["UBOB"].deleted = True

    office.tick(NINE)

    assert ("UBOB", "2026-03-03", "failed", "user_disabled") in office.deliveries(ScheduleKind.NUDGE)
    assert office.slack.direct_messages("UBOB") == []


def test_where_it_cannot_be_looked_up_it_is_not_posted_again_and_told_once_and_the_next_one_comes(
    office: Office,
) -> None:
    """The bot may post in an open channel that it is no member of, but cannot read there."""
    office.slack.add_channel("C5", "open", members=["UANN"], with_bot=False)
    office.slack.workspace.scopes |= {"chat:write.public"}
    office.subscribe("C5")

    for day in range(2):
        office.slack.fail_next("chat.postMessage", after_accepting=True)
        office.tick(NINE + days(day))
        office.tick(NINE + days(day) + LEASE)
    office.slack.fail_next("chat.postMessage", status=503)
    office.tick(NINE + days(2))
    office.tick(NINE + days(2) + LEASE)
    office.tick(NINE + days(3))

    assert [(state, error) for _, _, state, error in office.deliveries()] == [
        *[("unknown", "not_in_channel")] * 3,
        ("posted", ""),
    ]
    assert len(office.posts("C5")) == 3
    assert office.schedules()["digest", "C5"].paused_because == ""
    (told,) = office.slack.direct_messages("UANN")
    assert told.text == (
        "The funnel digest for <#C5> may be missing: I was interrupted over it, and cannot look whether it is there: "
        "I am not in that channel. `/invite @Sluice` there. I do not post it again, as it could come twice; the next "
        "one comes as usual."
    )


def test_being_too_hasty_leaves_no_doubt_that_would_need_a_look(office: Office) -> None:
    office.slack.add_channel("C5", "open", members=["UANN"], with_bot=False)
    office.slack.workspace.scopes |= {"chat:write.public"}
    office.subscribe("C5")
    office.slack.fail_next("chat.postMessage", retry_after=1)

    office.tick(NINE)

    assert len(office.posts("C5")) == 1
    assert office.deliveries() == [("C5", "2026-03-03", "posted", "")]


def test_the_picture_follows_the_message(office: Office) -> None:
    office.subscribe()
    office.arrange(lambda team: team.adds("Acme", at=NINE - days(0.5)))

    office.tick(NINE)

    first, second = office.slack.posts("C1")
    assert first.text
    assert [upload.name for upload in second.files] == ["funnel.png"]
    assert str(second.files[0].alt_text).startswith("Bar chart of the funnel Sales")


def test_a_picture_that_fails_does_not_cost_the_message(office: Office) -> None:
    office.subscribe()
    office.arrange(lambda team: team.adds("Acme", at=NINE - days(0.5)))
    office.slack.fail_next("files.getUploadURLExternal", error="internal_error")

    office.tick(NINE)

    assert len(office.slack.posts("C1")) == 1
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def _lose_next_post(office: Office) -> None:
    troubles = iter([Trouble(cut=True)])
    office.slack.live_through(lambda method: next(troubles, None) if method == "chat.postMessage" else None)
