"""Rates follow what was seen, the more was seen the closer; where little was, they follow what is believed."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import rates as module
from scoring.rates import Rates


def test_the_examples_in_the_documentation_run() -> None:
    found = doctest.testmod(module)

    assert found.attempted > 0
    assert found.failed == 0


def test_the_less_was_seen_of_a_value_the_closer_its_rate_is_to_all() -> None:
    values = ["seldom"] * 4 + ["often"] * 400 + ["other"] * 400
    won = [True] * 3 + [False] + [True] * 300 + [False] * 100 + [True] * 100 + [False] * 300

    rates = Rates().fit(values, won)

    assert rates.overall_ < rates.rate_of("seldom") < rates.rate_of("often") < 0.75


def test_values_that_differ_by_chance_only_are_drawn_together() -> None:
    random = np.random.default_rng(0)
    values = [f"#{number % 20}" for number in range(400)]
    alike = Rates().fit(values, random.random(400) < 0.3)
    apart = Rates().fit(values, random.random(400) < np.tile(np.linspace(0.05, 0.95, 20), 20))

    assert np.ptp(list(alike.rates_.values())) < 0.1
    assert np.ptp(list(apart.rates_.values())) > 0.6


def test_values_never_seen_have_the_rate_of_all() -> None:
    rates = Rates().fit(["demo", "offer"] * 10, [True, False] * 10)

    assert rates.rate_of("never seen") == rates.overall_ == pytest.approx(0.5)


def test_a_single_value_has_the_rate_of_all() -> None:
    rates = Rates().fit(["demo"] * 10, [True] * 9 + [False])

    assert rates.rate_of("demo") == rates.overall_


def test_without_any_past_what_is_believed_answers() -> None:
    rates = Rates({"demo": 0.2, "offer": 0.6}, 4).fit([], [])

    assert rates.rates_of(["demo", "offer", "never seen"]) == pytest.approx([0.2, 0.6, 0.4])


def test_what_is_believed_gives_way_to_what_is_seen() -> None:
    beliefs = {"demo": 0.2, "offer": 0.6}

    said = [Rates(beliefs, 4).fit(["demo"] * n, [True] * n).rate_of("demo") for n in (0, 1, 5, 50, 500)]

    assert said == sorted(said)
    assert said[0] == pytest.approx(0.2)
    assert said[1] < 0.3
    assert said[-1] > 0.9


def test_a_single_outcome_hardly_moves_what_is_believed() -> None:
    beliefs = {"demo": 0.2, "offer": 0.6}

    rates = Rates(beliefs, 4).fit(["offer"], [False])

    assert rates.rate_of("offer") == pytest.approx(0.6, abs=0.02)
    assert rates.rate_of("demo") == pytest.approx(0.2)


def test_a_lead_of_weight_two_counts_as_two() -> None:
    values, won = ["demo", "demo", "offer", "offer"] * 10, [True, False, True, True] * 10

    heavy = Rates().fit(values, won, np.tile([2.0, 1.0, 1.0, 0.0], 10))
    repeated = Rates().fit(["demo", "demo", "demo", "offer"] * 10, [True, True, False, True] * 10)

    assert heavy.overall_ == pytest.approx(repeated.overall_)
    assert heavy.rates_ == pytest.approx(repeated.rates_)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=60))
def test_no_rate_is_ever_certain(seen: list[tuple[str, bool]]) -> None:
    rates = Rates().fit([value for value, _ in seen], [won for _, won in seen])

    assert ((rates.rates_of("abcd") > 0) & (rates.rates_of("abcd") < 1)).all()
