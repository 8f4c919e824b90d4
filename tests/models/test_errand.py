"""What is due is claimed once, in whatever workspace, and what was left behind is taken over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from models.database import Database
from models.delivery import LEASE, WORK_LEASE, Deliveries, Delivery, DeliveryState
from models.errand import Due, Errand, claimed, everything_due
from models.rhythm import DAILY
from models.schedule import Schedule, ScheduleKind, Schedules
from models.workspace import Workspace
from tests.factories import MONDAY, a_team, days
from tests.models.at_once import at_once

NINE = MONDAY.replace(hour=9, minute=0) + days(1)
SECOND = timedelta(seconds=1)


def schedule(database: Database, kind: ScheduleKind = ScheduleKind.DIGEST, team_id: str = "T1") -> int:
    with database.begin() as session:
        team = a_team(session, team_id)
        made = Schedules(session, team.workspace).set(
            kind, "C1", local_time="09:00", time_zone="UTC", weekdays=DAILY, by=None, at=NINE - days(0.5)
        )
        return made.id


def due(database: Database, at: datetime) -> list[Due]:
    with database.reading() as session:
        return everything_due(session, at)


def take(database: Database, at: datetime, dues: Sequence[Due] | None = None) -> list[Errand]:
    """What one process claims that has looked at that moment, or before."""
    found = due(database, at) if dues is None else dues
    with database.begin() as session:
        return claimed(session, found, at)


def ledger(database: Database) -> list[tuple[str, DeliveryState, str]]:
    with database.reading() as session:
        rows = session.scalars(select(Delivery).order_by(Delivery.period))
        return [(row.period, row.state, row.error) for row in rows]


def test_a_schedule_is_due_from_its_moment_on_until_it_is_claimed(database: Database) -> None:
    schedule(database)

    assert due(database, NINE - SECOND) == []
    (errand,) = take(database, NINE)
    assert due(database, NINE) == []
    assert (errand.due_at, errand.free_at, errand.is_unsure) == (NINE, NINE + LEASE, False)
    assert [each.kind for each in due(database, NINE + days(1) - SECOND)] == [ScheduleKind.DIGEST]  # left behind
    assert len(due(database, NINE + days(1))) == 2


def test_what_is_due_is_found_in_all_workspaces_the_longest_due_first(database: Database) -> None:
    for team_id in ("T2", "T1"):
        schedule(database, team_id=team_id)
    with database.begin() as session:
        first = session.scalars(select(Schedule).where(Schedule.workspace_id == "T1")).one()
        first.next_due_at -= SECOND

    assert [each.team_id for each in due(database, NINE)] == ["T1", "T2"]
    assert [errand.team_id for errand in take(database, NINE)] == ["T1", "T2"]


def test_what_is_paused_is_not_due_until_it_is_resumed(database: Database) -> None:
    schedule(database)
    found = due(database, NINE)
    with database.begin() as session:
        session.scalars(select(Schedule)).one().pause("is_archived")

    assert due(database, NINE) == []
    assert take(database, NINE, found) == []
    with database.begin() as session:
        session.scalars(select(Schedule)).one().resume(NINE)
    assert due(database, NINE) == []
    assert len(due(database, NINE + days(1))) == 1


def test_of_eight_who_see_it_at_once_one_gets_it(database: Database) -> None:
    schedule(database)
    found = due(database, NINE)

    results = at_once([partial(take, database, NINE, found)] * 8)

    assert [result for result in results if isinstance(result, BaseException)] == []
    assert len([result for result in results if result]) == 1


def test_of_eight_who_take_over_at_once_one_gets_it(database: Database) -> None:
    schedule(database)
    take(database, NINE)
    later = NINE + LEASE

    results = at_once([partial(take, database, later, due(database, later))] * 8)

    (taken,) = [result for result in results if result]
    assert not isinstance(taken, BaseException)
    assert [errand.attempt for errand in taken] == [2]


def test_of_two_who_see_twenty_each_is_claimed_by_one(database: Database) -> None:
    for number in range(20):
        schedule(database, team_id=f"T{number}")
    found = due(database, NINE)

    def one_by_one() -> list[str]:
        return [errand.team_id for each in found for errand in take(database, NINE, [each])]

    taken = [team_id for result in at_once([one_by_one] * 2) if isinstance(result, list) for team_id in result]

    assert sorted(taken) == sorted(each.team_id for each in found)


def test_a_claim_is_taken_over_once_its_lease_has_run_out_and_may_have_been_posted(database: Database) -> None:
    schedule(database)
    (first,) = take(database, NINE)

    assert take(database, NINE + LEASE - SECOND) == []
    (second,) = take(database, NINE + LEASE)
    assert take(database, NINE + LEASE) == []

    assert (second.delivery_id, second.attempt, second.is_unsure) == (first.delivery_id, 2, True)
    assert (second.due_at, second.as_of) == (NINE, NINE)


def test_what_is_owed_was_surely_not_posted(database: Database) -> None:
    schedule(database)
    (first,) = take(database, NINE)
    with database.begin() as session:
        workspace = session.get_one(Workspace, "T1")
        Deliveries(session, workspace).get(first.delivery_id).owe(until=NINE + SECOND)

    assert take(database, NINE) == []
    (second,) = take(database, NINE + SECOND)
    assert not second.is_unsure


def test_work_of_the_night_may_take_longer_than_a_post(database: Database) -> None:
    schedule(database, ScheduleKind.RETRAIN)
    take(database, NINE)

    assert due(database, NINE + WORK_LEASE - SECOND) == []
    assert len(due(database, NINE + WORK_LEASE)) == 1


def test_of_several_that_were_missed_the_newest_is_claimed_and_the_others_are_noted(database: Database) -> None:
    schedule(database)

    (errand,) = take(database, NINE + days(2) + SECOND)

    assert errand.due_at == NINE + days(2)
    assert ledger(database) == [
        ("2026-03-03", DeliveryState.LET_GO, "late"),
        ("2026-03-04", DeliveryState.LET_GO, "late"),
        ("2026-03-05", DeliveryState.CLAIMED, ""),
    ]


def test_what_the_ledger_has_already_is_not_claimed_again(database: Database) -> None:
    schedule(database)
    with database.begin() as session:
        workspace = session.get_one(Workspace, "T1")
        Deliveries(session, workspace).claim(ScheduleKind.DIGEST, "C1", "2026-03-03", at=NINE)

    assert take(database, NINE) == []
    with database.reading() as session:
        assert session.scalars(select(Schedule)).one().next_due_at == NINE + days(1)


def test_nothing_is_claimed_by_who_does_not_commit(database: Database) -> None:
    schedule(database)
    with database.begin() as session:
        assert claimed(session, everything_due(session, NINE), NINE)
        session.rollback()

    assert len(take(database, NINE)) == 1
