"""A forecast learns from earlier ones how far apart its draws should be."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from models.forecast import Step
from scoring.arrays import Floats
from scoring.forecast_tries import Try, corrected

DRAWS = np.random.default_rng(1).normal(100, 10, 4_000)


def tries(*outcomes: float) -> list[Try]:
    return [Try(date(2026, 1, 1), date(2026, 1, 31), DRAWS, Step(1, Decimal(float(outcome)))) for outcome in outcomes]


def width(draws: Floats) -> float:
    low, high = np.percentile(draws, (10, 90))
    return float(high - low)


def test_without_earlier_forecasts_the_draws_stay_as_they_are() -> None:
    assert corrected(DRAWS, []) == pytest.approx(np.sort(DRAWS))


def test_outcomes_that_stood_far_out_widen_the_range_and_those_in_the_middle_narrow_it() -> None:
    far_out, as_said, in_the_middle = (
        width(corrected(DRAWS, tries(*np.tile([100 - off, 100 + off], 10)))) for off in (20, 10, 1)
    )

    assert far_out > 1.3 * as_said
    assert in_the_middle < 0.8 * as_said
    assert as_said == pytest.approx(width(DRAWS), rel=0.03)


def test_one_month_that_nothing_foretold_does_not_make_the_range_useless() -> None:
    assert width(corrected(DRAWS, tries(1e9))) < 1.3 * width(DRAWS)


def test_nothing_is_drawn_below_what_is_won_already() -> None:
    wide = corrected(np.maximum(DRAWS, 95), tries(0, 200, 0, 200))

    assert wide.min() == 95
