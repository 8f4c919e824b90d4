"""Each scheduled post appears once, however many processes see that it is due."""

from datetime import datetime, timedelta
from functools import partial

from models.database import Database
from models.delivery import LEASE, WORK_LEASE, Deliveries, Delivery, DeliveryState
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
    assert not first.was_tried_before
    assert second is None


def test_another_period_is_another_post(database: Database) -> None:
    today, tomorrow = claim(database), claim(database, period="2026-03-03")

    assert today is not None
    assert tomorrow is not None
    assert today.key != tomorrow.key


def test_of_eight_who_claim_at_once_one_gets_it(database: Database) -> None:
    with database.begin() as session:
        a_team(session)

    results = at_once([partial(claim, database)] * 8)

    assert [result for result in results if isinstance(result, BaseException)] == []
    assert len([result for result in results if result is not None]) == 1


def test_a_claim_is_taken_over_once_its_lease_ran_out(database: Database) -> None:
    claim(database)

    too_early = claim(database, at=MONDAY + LEASE - timedelta(seconds=1))
    late_enough = claim(database, at=MONDAY + LEASE)
    again = claim(database, at=MONDAY + LEASE)

    assert (too_early, again) == (None, None)
    assert late_enough is not None
    assert late_enough.was_tried_before


def test_of_eight_who_take_over_at_once_one_gets_it(database: Database) -> None:
    claim(database)

    results = at_once([partial(claim, database, MONDAY + LEASE)] * 8)

    assert [result for result in results if isinstance(result, BaseException)] == []
    (taken,) = [result for result in results if isinstance(result, Delivery)]
    assert taken.attempts == 2


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
                    delivery.fail("channel_not_found", at=MONDAY)

    assert [claim(database, at=MONDAY + 9 * LEASE, period=period) for period in ("1", "2", "3")] == [None] * 3


def test_a_claim_that_is_taken_back_is_free_again(database: Database) -> None:
    with database.begin() as session:
        Deliveries(session, a_team(session).workspace).claim(ScheduleKind.DIGEST, "C1", "2026-03-02", at=MONDAY)
        session.rollback()

    assert claim(database) is not None


def test_posts_whose_end_nobody_knows_are_found(database: Database) -> None:
    claim(database)

    with database.reading() as session:
        deliveries = Deliveries(session, a_team(session).workspace)
        assert deliveries.unsettled(MONDAY + LEASE - timedelta(seconds=1)) == []
        assert [each.period for each in deliveries.unsettled(MONDAY + LEASE)] == ["2026-03-02"]


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


def test_work_of_the_night_may_take_longer_than_a_post(database: Database) -> None:
    with database.begin() as session:
        deliveries = Deliveries(session, a_team(session).workspace)
        for kind in (ScheduleKind.DIGEST, ScheduleKind.RETRAIN):
            deliveries.claim(kind, "C1", "2026-03-02", at=MONDAY)

        left_behind = [
            [each.kind for each in deliveries.unsettled(MONDAY + lease - short)]
            for lease in (LEASE, WORK_LEASE)
            for short in (timedelta(seconds=1), timedelta(0))
        ]

    assert left_behind == [
        [],
        [ScheduleKind.DIGEST],
        [ScheduleKind.DIGEST],
        [ScheduleKind.DIGEST, ScheduleKind.RETRAIN],
    ]
