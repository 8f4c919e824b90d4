"""Each scheduled post appears once, however many processes see that it is due."""

from datetime import datetime
from functools import partial

from models.database import Database
from models.delivery import LEASE, Deliveries, Delivery, DeliveryState, held, key_of
from models.schedule import ScheduleKind
from tests.factories import MONDAY, a_team
from tests.models.at_once import at_once


def claim(database: Database, at: datetime = MONDAY, period: str = "2026-03-02") -> Delivery | None:
    with database.begin() as session:
        return Deliveries(session, a_team(session).workspace).claim(ScheduleKind.DIGEST, "C1", period, at=at)


def test_a_post_is_claimed_once(database: Database) -> None:
    first, second = claim(database), claim(database)

    assert first is not None
    assert first.state is DeliveryState.CLAIMED
    assert second is None


def test_another_period_is_another_post(database: Database) -> None:
    today, tomorrow = claim(database), claim(database, period="2026-03-03")

    assert today is not None
    assert tomorrow is not None
    assert key_of(today.id) != key_of(tomorrow.id)


def test_of_eight_who_claim_at_once_one_gets_it(database: Database) -> None:
    with database.begin() as session:
        a_team(session)

    results = at_once([partial(claim, database)] * 8)

    assert [result for result in results if isinstance(result, BaseException)] == []
    assert len([result for result in results if result is not None]) == 1


def test_what_is_settled_let_go_or_failed_is_not_claimed_again(database: Database) -> None:
    for period, end in (("1", "settle"), ("2", "let go"), ("3", "fail")):
        claim(database, period=period)
        with database.begin() as session:
            delivery = Deliveries(session, a_team(session).workspace).latest(ScheduleKind.DIGEST, "C1")
            assert delivery is not None
            match end:
                case "settle":
                    delivery.settle(channel="C1", ts="1.2", at=MONDAY, as_of=MONDAY)
                case "let go":
                    delivery.let_go("too late", at=MONDAY)
                case "fail":
                    delivery.end(DeliveryState.FAILED, "channel_not_found", at=MONDAY)

    assert [claim(database, at=MONDAY + 9 * LEASE, period=period) for period in ("1", "2", "3")] == [None] * 3


def test_a_claim_that_is_taken_back_is_free_again(database: Database) -> None:
    with database.begin() as session:
        Deliveries(session, a_team(session).workspace).claim(ScheduleKind.DIGEST, "C1", "2026-03-02", at=MONDAY)
        session.rollback()

    assert claim(database) is not None


def test_who_has_lost_a_claim_cannot_record_anything(database: Database) -> None:
    mine = claim(database)
    assert mine is not None

    with database.begin() as session:
        deliveries = Deliveries(session, a_team(session).workspace)
        assert held(session, "T1", mine.id, 1) is not None
        deliveries.get(mine.id).take_over(at=MONDAY + LEASE)
        session.flush()

        assert held(session, "T1", mine.id, 1) is None
        assert held(session, "T1", mine.id, 2) is not None
        assert held(session, "T2", mine.id, 2) is None


def test_what_is_owed_or_settled_is_held_by_nobody(database: Database) -> None:
    mine = claim(database)
    assert mine is not None

    with database.begin() as session:
        deliveries = Deliveries(session, a_team(session).workspace)
        deliveries.get(mine.id).owe(until=MONDAY)
        session.flush()
        assert held(session, "T1", mine.id, 1) is None
        deliveries.get(mine.id).settle(channel="C1", ts="1.2", at=MONDAY, as_of=MONDAY)
        session.flush()
        assert held(session, "T1", mine.id, 1) is None


def test_a_post_knows_what_the_same_target_heard_before(database: Database) -> None:
    first, second, third = (claim(database, period=period) for period in ("1", "2", "3"))
    assert first
    assert second
    assert third

    with database.begin() as session:
        deliveries = Deliveries(session, a_team(session).workspace)
        deliveries.claim(ScheduleKind.DIGEST, "C2", "2", at=MONDAY)
        deliveries.get(first.id).settle(channel="C1", ts="1.2", as_of=MONDAY - LEASE, at=MONDAY)
        deliveries.get(second.id).let_go("late", at=MONDAY)

        before, heard = deliveries.before(third), deliveries.last_posted_before(third)
        assert (before and before.period, heard and heard.period) == ("2", "1")
        assert heard is not None
        assert heard.as_of == MONDAY - LEASE
        assert deliveries.before(first) is None
