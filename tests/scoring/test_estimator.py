"""How rows become numbers, and how the rates of rarely seen stages are drawn to those of all."""

import doctest
import math

import numpy as np
import pytest

from scoring import estimator
from scoring.estimator import PRIOR_RATE, StageRates, Steps, logistic
from scoring.features import Row


def test_the_examples_in_the_documentation_run() -> None:
    found = doctest.testmod(estimator)

    assert found.attempted > 0
    assert found.failed == 0


def test_on_average_every_column_is_zero() -> None:
    rows: list[Row] = [{"days": float(number), "source": "web" if number % 3 else "fair"} for number in range(60)]
    weights = np.linspace(1, 2, 60)

    encoded = Steps().fit_transform(rows, sample_weight=weights)

    assert weights @ encoded == pytest.approx(np.zeros(encoded.shape[1]), abs=1e-9)


def test_a_field_that_is_the_same_everywhere_leaves_no_column() -> None:
    rows: list[Row] = [{"days": 3.0, "source": "web", "gone": math.nan}] * 50

    assert Steps().fit(rows).features_ == []


def test_free_text_leaves_no_column() -> None:
    rows: list[Row] = [{"custom:Remark": f"remark {number}"} for number in range(200)]

    assert Steps().fit(rows).features_ == []


def test_missing_numbers_and_categories_have_columns_of_their_own() -> None:
    kinds: list[Row] = [{"days": math.nan}, {"days": 1.0, "source": "web"}, {"source": "fair"}]
    rows = kinds * 20

    steps = Steps().fit(rows)

    assert steps.features_ == ["days", "source", "source", "source"]
    absent, there = steps.transform([{}, {"days": 1.0, "source": "web"}])
    assert absent[0] > there[0]


def test_a_number_that_arrives_as_text_counts_as_missing() -> None:
    rows: list[Row] = [{"custom:Seats": float(number)} if number % 2 else {} for number in range(100)]

    steps = Steps().fit(rows)

    assert steps.transform([{"custom:Seats": "many"}]).tolist() == steps.transform([{}]).tolist()


def test_a_stage_seen_rarely_is_drawn_to_the_rate_of_all_stages() -> None:
    rows: list[Row] = [{"stage": stage} for stage in ["a"] * 200 + ["b"] * 200 + ["rare"]]
    moved = [1] * 160 + [0] * 40 + [1] * 40 + [0] * 160 + [1]

    rates = StageRates().fit(rows, moved)

    assert rates.rates_["a"] == pytest.approx(0.8, abs=0.02)
    assert rates.rates_["b"] == pytest.approx(0.2, abs=0.02)
    assert rates.overall_ < rates.rates_["rare"] < 0.8


def test_stages_that_hardly_differ_are_told_as_one() -> None:
    rows: list[Row] = [{"stage": str(number % 5)} for number in range(100)]
    moved = [number % 20 < 10 for number in range(100)]

    rates = StageRates().fit(rows, moved)

    assert max(rates.rates_.values()) - min(rates.rates_.values()) < 0.03


def test_without_any_past_the_prior_answers() -> None:
    rates = StageRates().fit([], [])

    assert rates.predict_proba([{"stage": "new"}])[0, 1] == pytest.approx(PRIOR_RATE)


def test_the_model_answers_for_values_it_has_never_seen() -> None:
    rows: list[Row] = [{"days": float(number), "source": ("web", "fair")[number % 2]} for number in range(80)]
    model = logistic().fit(rows, [number > 40 for number in range(80)])

    chances = model.predict_proba([{"days": 1e9, "source": "moon", "unheard": 1.0}, {}])[:, 1]

    assert np.isfinite(chances).all()
    assert chances[0] > 0.5
