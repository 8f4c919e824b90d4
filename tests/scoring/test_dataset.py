"""A team's past becomes questions whose answers are known: which moments count, and what counts as forward."""

from dataclasses import replace

import numpy as np
import pytest

from models.activity import ActivityKind
from models.history import Change
from models.model_version import Question
from models.timeline import DealHistory, PastActivity, PastMove
from scoring import dataset
from scoring.dataset import Dataset, Moment, datasets_of, moments_of, weights
from scoring.features import features_of
from scoring.past import FOR_RATES, Past
from tests.scoring.simulation import (
    DEMO,
    LEAD,
    LOST,
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


def busy(day: int) -> DealHistory:
    """A deal that was called about on a day."""
    deal = a_deal(deal_id=1000 + day)
    return replace(deal, activities=(PastActivity(after(day), ActivityKind.CALL),))


def test_a_note_long_after_an_old_export_makes_no_outcome_of_the_silence() -> None:
    export = [busy(day) for day in range(1, 200)]

    note = PastActivity(after(900), ActivityKind.CALL)

    noted = a_past(replace(export[0], activities=(*export[0].activities, note)), *export[1:])

    assert noted.known_until(after(1000)) == after(199)
    assert noted.known_until(after(150)) == after(150)
    assert len(learnt(noted, end=900)) == len(learnt(a_past(*export), end=199))


def test_once_the_record_is_kept_again_only_the_silence_stays_unknown() -> None:
    past = a_past(*[busy(day) for day in (*range(1, 200), *range(900, 1000))])

    asked_at = {(moment.at - START).days for moment in learnt(past, end=999).moments}

    assert past.known_until(after(1000)) == after(999)
    assert min(asked_at) < 169
    assert not [day for day in asked_at if 169 < day < 900]
    assert max(asked_at) > 900


@pytest.mark.parametrize("at_a_time", [1, 3])
def test_a_small_team_that_rarely_writes_anything_down_is_not_taken_for_silent(at_a_time: int) -> None:
    past = a_past(*[busy(day + more) for day in range(0, 1000, 60) for more in range(at_a_time)])

    assert past.silences(after(999)) == []


def first_answer(*moves: PastMove) -> bool:
    """Whether a deal with these moves moved forward within 30 days of its creation."""
    return asked(a_deal(*moves))[0].answer


def first_won(*moves: PastMove) -> bool:
    """Whether a deal with these moves was won within 90 days of its creation."""
    return asked(a_deal(*moves), question=Question.WON, horizon=90)[0].answer


def asked(
    deal: DealHistory, *, end: float = 400, question: Question = Question.FORWARD, horizon: int = 30
) -> list[Moment]:
    return moments_of(deal, a_past(deal), question, days=horizon, end=after(end))


def learnt(past: Past, *, end: float) -> Dataset:
    return datasets_of(past, end=after(end))[Question.FORWARD]


def ages(deal: DealHistory, *, end: float) -> list[float]:
    """How many days after its creation a deal is looked at."""
    return [(moment.at - START).total_seconds() / 86_400 for moment in asked(deal, end=end)]


def test_a_move_exactly_at_the_end_of_the_horizon_counts() -> None:
    assert first_answer(move(Change.FORWARD, DEMO, after(30)))


def test_a_move_just_after_the_horizon_does_not_count() -> None:
    assert not first_answer(move(Change.FORWARD, DEMO, after(30 + 1 / 86_400)))


def test_winning_is_forward() -> None:
    assert first_answer(move(Change.WON, WON, after(5)))


def test_only_a_win_answers_whether_a_deal_is_won() -> None:
    advanced, won = move(Change.FORWARD, OFFER, after(5)), move(Change.WON, WON, after(80), origin=OFFER)

    assert first_won(advanced, won)
    assert not first_won(advanced)
    assert not first_won(advanced, won, move(Change.UNDONE, OFFER, after(81), origin=WON))


def closing_after(*ages: float, still_open: int) -> Past:
    closed = [a_deal(move(Change.LOST, LOST, after(age)), deal_id=number) for number, age in enumerate(ages)]
    return a_past(*closed, *(a_deal(deal_id=len(closed) + number) for number in range(still_open)))


def test_a_deal_has_as_long_to_be_won_as_nine_of_ten_deals_take_to_be_closed() -> None:
    past = closing_after(*(10.0 * number for number in range(1, 11)), 400.0, still_open=0)

    assert past.days_to(Question.WON, end=after(600)) == 101
    assert past.days_to(Question.FORWARD, end=after(400)) == 30


def test_deals_that_are_still_open_make_the_time_to_a_win_longer() -> None:
    ages = [10.0 * number for number in range(1, 11)]
    none_open, some_open = closing_after(*ages, still_open=0), closing_after(*ages, still_open=5)

    assert some_open.days_to(Question.WON, end=after(600)) > none_open.days_to(Question.WON, end=after(600))


def test_the_time_to_a_win_leaves_enough_of_the_past_to_learn_from_and_is_no_shorter_than_the_horizon() -> None:
    slow = closing_after(100.0, still_open=50)
    assert slow.days_to(Question.WON, end=after(300)) == 60
    assert slow.days_to(Question.WON, end=after(300), at_most=FOR_RATES) == 150
    assert closing_after(3.0, still_open=0).days_to(Question.WON, end=after(300)) == 30
    assert a_past(a_deal()).days_to(Question.WON, end=after(300)) == 30


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

    assert asked(deal, end=40)[0].answer


def test_a_deal_created_after_the_end_is_no_part_of_the_past() -> None:
    early, late = a_deal(), replace(a_deal(deal_id=2), created_at=after(100))

    dataset = learnt(a_past(early, late), end=60)

    assert set(dataset.deal_ids) == {early.deal_id}


def test_a_deals_later_moments_count_less_and_all_together_as_much_as_there_are_deals() -> None:
    moments = [Moment(deal, START, LEAD, False, after(30)) for deal in (1, 1, 1, 1, 2)]

    found = weights(moments)

    assert found.sum() == pytest.approx(2)
    assert found / found[0] == pytest.approx(np.array([1, 2**-0.25, 3**-0.25, 4**-0.25, 1]))


def test_a_deal_is_learnt_from_as_it_would_have_been_scored_at_that_moment() -> None:
    past = a_team(SIGNAL, deals=30, over_days=200)
    by_id = {history.deal_id: history for history in past.histories}

    dataset = learnt(past, end=200)

    for moment, row in zip(dataset.moments, dataset.rows, strict=True):
        as_kept_then = by_id[moment.deal_id].as_of(moment.at)
        assert as_text(row) == as_text(features_of(as_kept_then, moment.at, STAGES, past.usual))


def test_of_very_many_moments_some_of_each_deal_are_learnt_from_and_count_for_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    past = a_team(SIGNAL, deals=40, over_days=400)
    every = learnt(past, end=400)
    monkeypatch.setattr(dataset, "_MOST_MOMENTS", len(every) // 4)

    some = learnt(past, end=400)

    assert len(some) < len(every) / 3
    assert set(some.deal_ids) == set(every.deal_ids)
    assert sum(moment.stands_for for moment in some.moments) == pytest.approx(len(every))
    assert some.weights.sum() == pytest.approx(every.n_deals)
