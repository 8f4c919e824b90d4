"""A team's past becomes questions whose answers are known: which moments count, and what counts as forward."""

from dataclasses import replace

import numpy as np
import pytest

from models.activity import ActivityKind
from models.history import Change
from models.timeline import DealHistory, PastActivity, PastMove
from scoring.dataset import Moment, dataset_of, moments_of, weights
from scoring.features import features_of
from tests.scoring.simulation import (
    DEMO,
    LEAD,
    LOST,
    NEWCOMER,
    OFFER,
    SIGNAL,
    STAGES,
    START,
    WON,
    a_deal,
    a_past,
    a_team,
    after,
    created,
    move,
)
from tests.scoring.test_features import as_text

LATER = after(400)


def test_outcomes_are_known_until_the_team_last_wrote_something_down() -> None:
    moved = a_deal(move(Change.FORWARD, DEMO, after(5)), move(Change.WON, WON, after(90), origin=DEMO))
    noted = replace(a_deal(deal_id=2), activities=(PastActivity(after(60), ActivityKind.CALL),))
    untouched = replace(a_deal(deal_id=3), created_at=after(300), moves=(created(at=after(300)),))
    past = a_past(moved, noted, untouched)

    assert past.known_until(LATER) == after(90)
    assert past.known_until(after(70)) == after(60)
    assert a_past(untouched).known_until(LATER) == LATER


def first_answer(*moves: PastMove) -> bool:
    """Whether a deal with these moves moved forward within 30 days of its creation."""
    deal = a_deal(*moves)
    return moments_of(deal, a_past(deal), end=LATER)[0].moved_forward


def ages(deal: DealHistory, *, end: float) -> list[float]:
    """How many days after its creation a deal is looked at."""
    return [(moment.at - START).total_seconds() / 86_400 for moment in moments_of(deal, a_past(deal), end=after(end))]


def test_a_move_exactly_at_the_end_of_the_horizon_counts() -> None:
    assert first_answer(move(Change.FORWARD, DEMO, after(30)))


def test_a_move_just_after_the_horizon_does_not_count() -> None:
    assert not first_answer(move(Change.FORWARD, DEMO, after(30 + 1 / 86_400)))


def test_winning_is_forward() -> None:
    assert first_answer(move(Change.WON, WON, after(5)))


@pytest.mark.parametrize("change", [Change.BACK, Change.REOPENED])
def test_going_back_and_being_reopened_are_not_forward(change: Change) -> None:
    assert not first_answer(move(change, LEAD, after(5), origin=DEMO))


def test_a_deal_that_is_lost_within_the_horizon_did_not_move_forward() -> None:
    assert not first_answer(move(Change.LOST, LOST, after(5)))


def test_a_move_that_is_undone_later_does_not_count() -> None:
    advanced = move(Change.FORWARD, DEMO, after(5))

    assert first_answer(advanced)
    assert not first_answer(advanced, move(Change.UNDONE, LEAD, after(50), origin=DEMO))


def test_undoing_a_loss_lets_the_next_move_count() -> None:
    assert first_answer(
        move(Change.LOST, LOST, after(5)),
        move(Change.UNDONE, LEAD, after(6), origin=LOST),
        move(Change.FORWARD, DEMO, after(7)),
    )


def test_a_moment_is_asked_about_only_when_its_horizon_has_passed() -> None:
    assert ages(a_deal(), end=29.9) == []
    assert ages(a_deal(), end=30) == [0]
    assert ages(a_deal(), end=37) == [0, 7]


def test_an_open_deal_is_looked_at_weekly_for_a_quarter_then_every_fourth_week() -> None:
    assert ages(a_deal(), end=200) == [*range(0, 92, 7), 119, 147]


def test_a_deal_is_looked_at_when_it_enters_a_stage_and_no_more_when_it_is_closed() -> None:
    deal = a_deal(move(Change.FORWARD, OFFER, after(3)), move(Change.WON, WON, after(10), origin=OFFER))

    assert ages(deal, end=200) == [0, 3, 7]


def test_a_reopened_deal_is_looked_at_again() -> None:
    deal = a_deal(move(Change.LOST, LOST, after(3)), move(Change.REOPENED, LEAD, after(120), origin=LOST))

    assert ages(deal, end=180) == [0, 120, 147]


def test_what_came_after_the_end_is_unknown() -> None:
    deal = a_deal(move(Change.FORWARD, DEMO, after(5)), move(Change.UNDONE, LEAD, after(50), origin=DEMO))

    assert moments_of(deal, a_past(deal), end=after(40))[0].moved_forward


def test_a_deal_created_after_the_end_is_no_part_of_the_past() -> None:
    early, late = a_deal(), replace(a_deal(deal_id=2), created_at=after(100))

    dataset = dataset_of(a_past(early, late), end=after(60))

    assert set(dataset.deal_ids) == {early.deal_id}


def test_a_deals_later_moments_count_less_and_all_together_as_much_as_there_are_deals() -> None:
    moments = [Moment(deal, START, LEAD, False) for deal in (1, 1, 1, 1, 2)]

    found = weights(moments)

    assert found.sum() == pytest.approx(2)
    assert found / found[0] == pytest.approx(np.array([1, 2**-0.5, 3**-0.5, 0.5, 1]))


def test_a_deal_is_learnt_from_as_it_would_have_been_scored_at_that_moment() -> None:
    past = a_team(SIGNAL, deals=30, over_days=200)
    by_id = {history.deal_id: history for history in past.histories}

    dataset = dataset_of(past, end=after(200))

    for moment, row in zip(dataset.moments, dataset.rows, strict=True):
        as_kept_then = by_id[moment.deal_id].as_of(moment.at)
        assert as_text(row) == as_text(features_of(as_kept_then, moment.at, STAGES, NEWCOMER))
