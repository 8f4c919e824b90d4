"""A deal is hot, warm or cold beside the team's other open deals, but never hot without a real chance."""

from itertools import pairwise

import pytest

from models.bands import ENOUGH, Band, Bands


def shares(chances: list[float]) -> dict[Band, float]:
    bands = Bands.of(chances)
    named = [bands.band_of(chance) for chance in chances]
    return {band: named.count(band) / len(named) for band in Band}


def test_where_chances_are_good_the_best_fifth_is_hot_and_the_better_half_warm() -> None:
    assert shares([0.5 + number / 1_000 for number in range(100)]) == {Band.HOT: 0.2, Band.WARM: 0.3, Band.COLD: 0.5}


def test_where_chances_are_poor_nothing_is_hot() -> None:
    assert shares([number / 1_000 for number in range(100)]) == {Band.HOT: 0, Band.WARM: 0, Band.COLD: 1}
    assert shares([number / 400 for number in range(100)]) == {Band.HOT: 0, Band.WARM: 0.4, Band.COLD: 0.6}


def test_among_few_deals_only_the_floors_count() -> None:
    few = [0.90 + number / 100 for number in range(ENOUGH - 1)]

    assert Bands.of(few) == Bands.of([]) == Bands(hot_from=0.40, warm_from=0.15)
    assert Bands.of([*few, 0.99]).hot_from > 0.90


@pytest.mark.parametrize(
    ("chance", "band"), [(0.40, Band.HOT), (0.399, Band.WARM), (0.15, Band.WARM), (0.149, Band.COLD)]
)
def test_a_band_begins_at_its_bound(chance: float, band: Band) -> None:
    assert Bands(hot_from=0.40, warm_from=0.15).band_of(chance) is band


def test_deals_with_one_chance_are_in_one_band_and_a_better_one_is_never_in_a_worse() -> None:
    order = [Band.COLD, Band.WARM, Band.HOT]
    chances = sorted([0.45] * 30 + [0.2] * 30 + [0.1] * 10)
    bands = Bands.of(chances)

    ranks = [order.index(bands.band_of(chance)) for chance in chances]

    assert all(low <= high for low, high in pairwise(ranks))
    assert shares(chances)[Band.HOT] == 30 / 70
