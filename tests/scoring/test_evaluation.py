"""Good answers get good figures, and a gain counts only when chance does not explain it."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.arrays import Bools, Floats, Ints
from scoring.evaluation import calibration_error, figures, gain

YES_NO = np.array([True, False] * 200)


def test_figures_of_answers_worked_out_by_hand() -> None:
    found = figures(np.array([True, False]), np.array([0.8, 0.4]))

    assert found.log_loss == pytest.approx(-(np.log(0.8) + np.log(0.6)) / 2)
    assert found.brier == pytest.approx((0.04 + 0.16) / 2)
    assert found.auc == 1


def test_where_all_outcomes_are_alike_nothing_can_be_ranked() -> None:
    assert figures(np.array([True, True]), np.array([0.8, 0.4])).auc is None


def test_answers_that_come_true_as_often_as_they_say_are_calibrated() -> None:
    assert calibration_error(YES_NO, np.full(400, 0.5)) == pytest.approx(0)
    assert calibration_error(YES_NO, np.full(400, 0.7)) == pytest.approx(0.2)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=10, max_size=50))
def test_the_calibration_error_is_a_share(answered: list[tuple[bool, float]]) -> None:
    outcomes, chances = np.array([yes for yes, _ in answered]), np.array([chance for _, chance in answered])

    assert 0 <= calibration_error(outcomes, chances) <= 1


def test_better_answers_on_many_deals_are_a_gain_beyond_chance() -> None:
    better = np.where(YES_NO, 0.6, 0.4)

    assert gain(YES_NO, better, np.full(400, 0.5), np.arange(400)).is_beyond_chance


def test_the_same_answers_are_no_gain() -> None:
    same = np.full(400, 0.5)

    assert not gain(YES_NO, same, same, np.arange(400)).is_beyond_chance


def test_many_moments_of_a_few_deals_prove_less_than_as_many_deals() -> None:
    outcomes, baseline = np.ones(400, dtype=np.bool_), np.full(400, 0.5)
    mostly_better = np.repeat([0.6, 0.6, 0.6, 0.4], 100)

    of_many = gain(outcomes, mostly_better, baseline, np.arange(400))
    of_four = gain(outcomes, mostly_better, baseline, np.repeat(np.arange(4), 100))

    assert of_many.mean == of_four.mean
    assert of_many.is_beyond_chance
    assert not of_four.is_beyond_chance


def test_that_a_rate_drifts_along_the_rows_does_not_make_a_constant_answer_look_miscalibrated() -> None:
    in_order, mixed = np.sort(YES_NO), YES_NO

    assert calibration_error(in_order, np.full(400, 0.5)) == pytest.approx(0)
    assert calibration_error(in_order, np.full(400, 0.7)) == pytest.approx(calibration_error(mixed, np.full(400, 0.7)))


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.3, 0.3001, 0.8])), min_size=1, max_size=50))
def test_the_calibration_error_is_the_same_in_any_order_of_the_rows(answered: list[tuple[bool, float]]) -> None:
    outcomes, chances = np.array([yes for yes, _ in answered]), np.array([chance for _, chance in answered])

    assert calibration_error(outcomes[::-1], chances[::-1]) == pytest.approx(calibration_error(outcomes, chances))


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.integers(0, 3)), min_size=2, max_size=50))
def test_an_answer_of_weight_two_counts_as_two(answered: list[tuple[bool, float, int]]) -> None:
    outcomes, chances = np.array([yes for yes, _, _ in answered]), np.array([chance for _, chance, _ in answered])
    times = np.array([times for _, _, times in answered])
    assume(times.sum() > 0)

    weighted = figures(outcomes, chances, times.astype(np.float64))
    repeated = figures(np.repeat(outcomes, times), np.repeat(chances, times))

    assert weighted.log_loss == pytest.approx(repeated.log_loss)
    assert weighted.brier == pytest.approx(repeated.brier)
    assert weighted.calibration_error == pytest.approx(repeated.calibration_error)
    assert weighted.auc == (None if repeated.auc is None else pytest.approx(repeated.auc))


def test_a_gain_counts_each_answer_as_much_as_its_weight() -> None:
    outcomes, baseline = np.ones(400, dtype=np.bool_), np.full(400, 0.5)
    half_better = np.tile([0.6, 0.4], 200)

    of_the_better = gain(outcomes, half_better, baseline, np.arange(400), weights=np.tile([1.0, 0.0], 200))

    assert of_the_better.mean == pytest.approx(np.log(0.6 / 0.5))
    assert of_the_better.is_beyond_chance
    assert not gain(outcomes, half_better, baseline, np.arange(400)).is_beyond_chance


def test_the_interval_of_a_gain_holds_the_true_one_about_as_often_as_it_says() -> None:
    """Each deal has five moments that share a temper; what is said knows half of it, the base rate nothing."""
    random = np.random.default_rng(3)

    def a_sample(deals: int) -> tuple[Bools, Floats, Floats, Ints]:
        temper = random.normal(size=deals)
        known, hidden = np.repeat(temper, 5) * 0.8, np.repeat(random.normal(size=deals), 5) * 0.8
        happened = random.random(5 * deals) < 1 / (1 + np.exp(-known - hidden))
        return happened, 1 / (1 + np.exp(-known)), np.full(5 * deals, 0.5), np.repeat(np.arange(deals), 5)

    true = gain(*a_sample(200_000), draws=2).mean
    found = [gain(*a_sample(120), draws=300) for _ in range(200)]

    covered = np.mean([each.low <= true <= each.high for each in found])
    assert 0.90 <= covered <= 0.99
