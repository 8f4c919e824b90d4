"""The statistics of a report equal those that were worked out by hand or printed elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.funnel_statistics import difference, quartiles, ratio

LENGTHS = st.lists(st.floats(0, 400), max_size=30)


def test_the_interval_of_a_ratio_is_wilson_s() -> None:
    found = ratio(81, 263)

    assert found is not None
    assert found.share == pytest.approx(0.3080, abs=5e-5)
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3
    assert [found.low, found.high] == pytest.approx([0.2553, 0.3662], abs=5e-5)


@pytest.mark.parametrize(
    ("one", "other", "interval"),
    [((56, 70), (48, 80), (0.0524, 0.3339)), ((9, 10), (3, 10), (0.1705, 0.8090)), ((10, 10), (0, 10), (0.6075, 1.0))],
)
def test_the_interval_of_a_difference_is_newcombe_s(
    one: tuple[int, int], other: tuple[int, int], interval: tuple[float, float]
) -> None:
    first, second = ratio(*one), ratio(*other)

    assert first is not None
    assert second is not None
    # Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10
    assert difference(first, second) == pytest.approx(interval, abs=5e-5)


def test_there_is_no_ratio_of_nothing_and_an_interval_even_of_none() -> None:
    none = ratio(0, 20)

    assert ratio(0, 0) is None
    assert none is not None
    assert [none.low, none.high] == pytest.approx([0, 0.1611], abs=5e-5)  # the same table


def test_stays_that_last_are_counted_as_far_as_they_have_come() -> None:
    """By hand: of 6 one leaves on day 2 (5/6 stay); one is last seen on day 3; of 4 one leaves on day 5 (5/6 × 3/4 =
    0.625), of 3 one on day 7 (× 2/3 = 0.417); one is last seen on day 8; of 1 one leaves on day 12 (0)."""
    found = quartiles([2, 5, 7, 12], [3, 8])

    assert (found.low, found.median, found.high) == (5, 7, 12)
    assert (found.ended, found.lasting) == (4, 2)


def test_leaving_out_what_lasts_would_make_a_stage_look_quick() -> None:
    ended, lasting = [1.0, 2.0, 3.0, 4.0], [20.0] * 5

    assert quartiles(ended, []).median == 2
    assert quartiles(ended, lasting).low == 3
    assert quartiles(ended, lasting).median is None


def test_a_half_is_reached_when_exactly_half_have_left() -> None:
    assert quartiles([1, 2, 3, 4, 5, 6], []).median == 3
    assert quartiles([], [4.0]).median is None


@given(LENGTHS, LENGTHS)
def test_quartiles_are_in_their_order_and_among_the_stays_that_ended(ended: list[float], lasting: list[float]) -> None:
    found = quartiles(ended, lasting)
    known = [each for each in (found.low, found.median, found.high) if each is not None]

    assert known == sorted(known)
    assert set(known) <= set(ended)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_share_lies_in_its_interval(hits: int, more: int) -> None:
    found = ratio(hits, hits + more)

    assert found is not None
    assert 0 <= found.low <= found.share + 1e-9
    assert found.share <= found.high <= 1


def test_what_is_undecided_may_turn_out_either_way() -> None:
    """Half of the deals got on after three days; the other half will be lost after thirty."""
    young = ratio(12, 12, undecided=12)

    assert young is not None
    assert (young.share, young.count) == (1, 12)
    assert young.low < 0.5 < young.high == 1
    assert ratio(0, 0, undecided=5) is None
