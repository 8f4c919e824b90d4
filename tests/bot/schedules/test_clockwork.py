"""What is due is taken once, at its local time, through restarts, two processes and nights when the clocks change."""

from datetime import datetime, timedelta

import pytest
from moneyed import Money
from sqlalchemy import update

from models.database import Database
from models.delivery import LEASE, Deliveries, key_of
from models.member import Member
from models.schedule import UNKNOWN_ZONE, Schedule, ScheduleKind, Schedules
from tests.bot.schedules.office import Office, utc
from tests.factories import days
from tests.models.at_once import at_once
from tests.queries import queries_of

NINE = utc(2026, 3, 3, 9)
"""The first appointment after the digest was set up, on a Tuesday."""
MINUTE = timedelta(minutes=1)
KEY = {"event_type": "sluice_delivery"}


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """Both, since claims are made differently on each, and PostgreSQL refuses to write where only reading is meant."""
    found: Database = request.getfixturevalue(request.param)
    return found


def test_a_digest_comes_at_its_local_time_and_again_only_the_next_day(office: Office) -> None:
    office.subscribe(local_time="09:00", time_zone="Europe/Berlin")
    eight = utc(2026, 3, 3, 8)

    office.tick(eight - MINUTE)
    assert office.posts() == []
    office.tick(eight)
    office.tick(eight + MINUTE)
    office.tick(eight + days(1) - MINUTE)
    assert len(office.posts()) == 1
    office.tick(eight + days(1))

    assert len(office.posts()) == 2
    assert office.deliveries() == [("C1", "2026-03-03", "posted", ""), ("C1", "2026-03-04", "posted", "")]


def test_a_tick_with_nothing_due_asks_five_questions_and_writes_nothing(office: Office) -> None:
    office.tick(NINE - MINUTE * 60)
    with queries_of(office.database) as asked:
        office.tick(NINE - MINUTE * 30)

    assert 0 < len([statement for statement in asked if statement.startswith("SELECT")]) <= 5
    assert not [each for each in asked if each.startswith(("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE"))]


def test_after_a_restart_nothing_is_repeated(office: Office) -> None:
    office.subscribe()
    office.tick(NINE)

    office.restart()
    office.tick(NINE + MINUTE)
    office.tick(NINE + 2 * LEASE)

    assert len(office.posts()) == 1


def test_what_a_process_claimed_and_never_said_is_said_once_its_lease_has_run_out(office: Office) -> None:
    office.subscribe()
    office.claim(ScheduleKind.DIGEST, "C1", "2026-03-03", at=NINE)

    office.tick(NINE + MINUTE)
    assert office.posts() == []
    office.tick(NINE + LEASE)

    assert len(office.posts()) == 1
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def test_what_a_process_said_and_never_noted_is_found_by_its_key_and_not_said_again(office: Office) -> None:
    office.subscribe()
    delivery = office.claim(ScheduleKind.DIGEST, "C1", "2026-03-03", at=NINE)
    office.clock.time = NINE
    office.client.chat_postMessage(channel="C1", text="Of another day", metadata=KEY | {"event_payload": {"key": "x"}})
    office.client.chat_postMessage(
        channel="C1", text="Mine", metadata=KEY | {"event_payload": {"key": key_of(delivery.id)}}
    )

    office.tick(NINE + LEASE)

    assert [post.text for post in office.posts()] == ["Of another day", "Mine"]
    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def test_what_is_still_unsaid_after_hours_is_let_go(office: Office) -> None:
    office.subscribe()
    office.claim(ScheduleKind.DIGEST, "C1", "2026-03-03", at=NINE)

    office.tick(NINE + timedelta(hours=6, minutes=1))

    assert office.posts() == []
    assert office.deliveries() == [("C1", "2026-03-03", "let_go", "late")]


def test_what_is_no_longer_scheduled_is_not_taken_up_again(office: Office) -> None:
    office.subscribe()
    office.claim(ScheduleKind.DIGEST, "C1", "2026-03-03", at=NINE)
    office.arrange(lambda team: Schedules(team.session, team.workspace).remove(ScheduleKind.DIGEST, "C1"))

    office.tick(NINE + LEASE)

    assert office.posts() == []
    assert office.deliveries() == [("C1", "2026-03-03", "let_go", "no longer scheduled")]


def test_of_processes_that_tick_at_once_each_post_comes_from_one(office: Office) -> None:
    for channel in ("C1", "C2"):
        office.subscribe(channel)
    office.clock.time = NINE
    processes = [office.another_process() for _ in range(3)]

    faults = at_once([lambda process=process: process.tick() for process in processes])  # type: ignore[misc]  # bound now

    assert faults == [None, None, None]
    assert [len(office.posts(channel)) for channel in ("C1", "C2")] == [1, 1]


def test_a_digest_of_some_hours_ago_still_comes(office: Office) -> None:
    office.subscribe()

    office.tick(NINE + timedelta(hours=6))

    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]


def test_a_digest_that_comes_after_midnight_is_that_of_its_own_day(office: Office) -> None:
    office.subscribe(local_time="23:00", at=utc(2026, 3, 2, 23))

    office.tick(utc(2026, 3, 4, 1))
    office.tick(utc(2026, 3, 4, 23))

    assert office.deliveries() == [("C1", "2026-03-03", "posted", ""), ("C1", "2026-03-04", "posted", "")]


def test_a_digest_that_is_too_late_is_let_go_and_the_next_one_comes(office: Office) -> None:
    office.subscribe()

    office.tick(NINE + timedelta(hours=6, seconds=1))
    assert office.posts() == []
    office.tick(NINE + days(1))

    assert office.deliveries() == [("C1", "2026-03-03", "let_go", "late"), ("C1", "2026-03-04", "posted", "")]


def test_after_days_without_the_bot_only_the_newest_digest_comes(office: Office) -> None:
    office.subscribe()

    office.tick(NINE + days(2) + MINUTE)

    assert office.deliveries() == [
        ("C1", "2026-03-03", "let_go", "late"),
        ("C1", "2026-03-04", "let_go", "late"),
        ("C1", "2026-03-05", "posted", ""),
    ]


@pytest.mark.parametrize(
    ("begin", "first", "second"),
    [
        (utc(2026, 3, 27, 12), utc(2026, 3, 28, 1, 30), utc(2026, 3, 29, 1, 30)),
        (utc(2026, 10, 23, 12), utc(2026, 10, 24, 0, 30), utc(2026, 10, 25, 0, 30)),
    ],
    ids=["no 02:30 that night", "02:30 twice that night"],
)
def test_on_the_night_when_the_clocks_change_it_comes_once(
    office: Office, begin: datetime, first: datetime, second: datetime
) -> None:
    office.subscribe(local_time="02:30", time_zone="Europe/Berlin", at=begin)
    quarters = [begin + timedelta(minutes=15) * number for number in range(4 * 44)]

    said = []
    for moment in quarters:
        before = len(office.posts())
        office.tick(moment)
        said += [moment] * (len(office.posts()) - before)

    assert said == [first, second]


def test_a_channel_that_is_gone_does_not_hold_up_the_others(office: Office) -> None:
    office.subscribe("C404")
    office.subscribe("C1")

    office.tick(NINE)

    assert len(office.posts("C1")) == 1


def test_a_time_zone_that_is_gone_pauses_what_goes_by_it_and_holds_up_nothing_else(office: Office) -> None:
    office.subscribe("C1")
    office.subscribe("C2")
    gone = "Mars/Olympus_Mons"
    with office.database.begin() as session:
        session.execute(update(Schedule).where(Schedule.target == "C2").values(time_zone=gone))
        session.execute(update(Member).where(Member.user_id == "UBOB").values(time_zone=gone))

    office.tick(NINE)
    office.tick(NINE + days(1))

    assert [len(office.posts(channel)) for channel in ("C1", "C2")] == [2, 0]
    assert office.schedules()["digest", "C2"].paused_because == UNKNOWN_ZONE


def test_a_clock_that_goes_back_repeats_nothing(office: Office) -> None:
    office.subscribe()
    hour = timedelta(hours=1)
    office.tick(NINE)

    office.tick(NINE - hour)
    office.arrange(
        lambda team: Deliveries(team.session, team.workspace).owe(ScheduleKind.DIGEST, "C1", "now", at=NINE - hour)
    )
    office.tick(NINE - hour)
    office.tick(NINE)

    assert office.deliveries() == [("C1", "2026-03-03", "posted", ""), ("C1", "now", "posted", "")]
    assert len(office.posts()) == 2


def test_what_is_owed_comes_at_once_beside_the_appointment(office: Office) -> None:
    office.subscribe()
    before = NINE - days(0.1)
    office.arrange(
        lambda team: Deliveries(team.session, team.workspace).owe(ScheduleKind.DIGEST, "C1", "now", at=before)
    )

    office.tick(before)
    assert len(office.posts()) == 1
    office.tick(NINE)

    assert len(office.posts()) == 2


def test_a_demonstration_shows_everything_at_once(office: Office) -> None:
    office.subscribe()
    big = Money(90_000, "USD")
    office.arrange(lambda team: team.adds("Acme", owner=team.bob, at=NINE - days(30), money=big))
    office.arrange(lambda team: team.adds("Globex", at=NINE - days(0.5)))
    office.clock.time = NINE - days(0.1)

    office.clockwork.run_everything_now()

    assert len(office.posts()) == 1
    assert len(office.slack.direct_messages("UBOB")) == 1
    assert office.slack.direct_messages("UANN")[0].text.startswith("1 high-value deal")
    assert office.slack.files[0].name == "funnel.png"


def test_once_started_it_ticks_at_once_until_it_is_stopped(office: Office) -> None:
    office.subscribe()
    office.arrange(lambda team: team.adds("Acme", at=NINE - days(0.5)))
    office.clock.time = NINE

    office.clockwork.start()
    office.slack.wait_for(lambda: office.slack.files)
    office.clockwork.stop()

    assert office.deliveries() == [("C1", "2026-03-03", "posted", "")]
