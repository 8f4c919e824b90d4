"""What is usual is learnt from the stays of the last year that ended by moving on, and from those that still last."""

from dataclasses import replace
from datetime import datetime

from models.activity import ActivityKind
from models.stalling import UsualWaits
from models.timeline import DealHistory, PastActivity
from models.working_days import WorkingDays
from scoring.pacing import usual_waits
from tests.factories import MONDAY, a_pipeline, days
from tests.pasts import a_past

PIPELINE = a_pipeline()
PROPOSAL = PIPELINE.stage_named("Proposal").id
CALENDARS: dict[int | None, WorkingDays] = {None: WorkingDays("", "UTC")}
NOW = MONDAY + days(140)


def usual(histories: list[DealHistory], at: datetime = NOW) -> UsualWaits | None:
    return usual_waits(histories, CALENDARS, at=at).get(PROPOSAL)


def moved_on(after: float, *, began: float = 0) -> DealHistory:
    return a_past(PIPELINE, ("Proposal", began), ("Negotiation", began + after))


def test_four_fifths_of_those_that_moved_on_had_left_by_the_usual_days() -> None:
    quick, slow = [moved_on(2) for _ in range(16)], [moved_on(14) for _ in range(4)]

    assert usual([*quick, *slow]) == UsualWaits(in_stage=2, quiet=2, stays=20)
    assert usual([*quick, *slow, moved_on(14)]) == UsualWaits(in_stage=10, quiet=10, stays=21)


def test_a_call_in_between_makes_the_silence_shorter_but_not_the_stay() -> None:
    called = [replace(moved_on(14), activities=(PastActivity(MONDAY + days(7), ActivityKind.CALL),)) for _ in range(20)]

    assert usual(called) == UsualWaits(in_stage=10, quiet=5, stays=20)


def test_deals_that_still_wait_count_as_far_as_they_have_come() -> None:
    left = [moved_on(2) for _ in range(16)] + [moved_on(21) for _ in range(6)]
    waiting = [a_past(PIPELINE, ("Proposal", 133)) for _ in range(6)]

    assert usual(left) == UsualWaits(in_stage=15, quiet=15, stays=22)
    assert usual([moved_on(2) for _ in range(20)]) == UsualWaits(in_stage=2, quiet=2, stays=20)
    assert usual([moved_on(2) for _ in range(20)] + waiting) == UsualWaits(in_stage=None, quiet=None, stays=20)


def test_losing_and_going_back_are_no_moving_on() -> None:
    lost = [a_past(PIPELINE, ("Proposal", 0), ("Lost", 56)) for _ in range(30)]
    back = [a_past(PIPELINE, ("Proposal", 0), ("Qualified", 56)) for _ in range(30)]

    assert usual([moved_on(2) for _ in range(20)] + lost + back) == UsualWaits(in_stage=2, quiet=2, stays=20)


def test_of_few_deals_it_is_told_how_few_and_of_what_is_long_ago_nothing_is_learnt() -> None:
    assert usual([moved_on(14) for _ in range(3)]) == UsualWaits(in_stage=10, quiet=10, stays=3)
    assert usual([a_past(PIPELINE, ("Proposal", 133))]) == UsualWaits(in_stage=None, quiet=None, stays=0)
    assert usual([moved_on(2) for _ in range(20)], MONDAY + days(400)) is None


def test_nothing_later_than_the_moment_is_known() -> None:
    histories = [moved_on(2) for _ in range(20)] + [moved_on(60, began=30) for _ in range(20)]
    known = [each.as_of(MONDAY + days(20)) for each in histories[:20]]

    assert (
        usual(histories, MONDAY + days(20))
        == usual(known, MONDAY + days(20))
        == UsualWaits(in_stage=2, quiet=2, stays=20)
    )
