"""What Slack tells twice has its effect once."""

from datetime import timedelta

from models.database import Database
from models.receipt import KEPT_FOR, Receipts
from tests.factories import MONDAY, a_team
from tests.models.at_once import at_once


def receive(database: Database) -> bool:
    with database.begin() as session:
        return Receipts(session, a_team(session).workspace).is_first("trigger", at=MONDAY)


def test_only_the_first_time_counts(database: Database) -> None:
    assert [receive(database), receive(database)] == [True, False]


def test_of_eight_repetitions_at_once_one_counts(database: Database) -> None:
    with database.begin() as session:
        a_team(session)

    results = at_once([lambda: receive(database)] * 8)

    assert sorted(map(str, results)) == ["False"] * 7 + ["True"]


def test_what_came_of_nothing_may_come_again(database: Database) -> None:
    with database.begin() as session:
        Receipts(session, a_team(session).workspace).is_first("trigger", at=MONDAY)
        session.rollback()

    assert receive(database)


def test_a_repetition_does_not_spoil_the_transaction_it_is_in(database: Database) -> None:
    receive(database)

    with database.begin() as session:
        team = a_team(session)
        Receipts(session, team.workspace).is_first("trigger", at=MONDAY)
        team.adds("Acme")

    with database.reading() as session:
        assert a_team(session).open_deals.count() == 1


def test_old_receipts_are_forgotten_and_young_ones_kept(database: Database) -> None:
    receive(database)

    with database.begin() as session:
        receipts = Receipts(session, a_team(session).workspace)
        receipts.forget_old(MONDAY + KEPT_FOR)
        assert not receipts.is_first("trigger", at=MONDAY)
        receipts.forget_old(MONDAY + KEPT_FOR + timedelta(seconds=1))
        assert receipts.is_first("trigger", at=MONDAY)
