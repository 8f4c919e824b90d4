"""Chances are bent towards what came true, and never upside down."""

import numpy as np
import pytest
from scipy.special import expit

from scoring.calibrating import CALIBRATIONS, Isotonic, Sigmoid

RANDOM = np.random.default_rng(0)
TRUE = RANDOM.normal(size=5000)
WON = RANDOM.random(5000) < expit(TRUE)


@pytest.mark.parametrize("calibration", [Sigmoid, Isotonic])
def test_overconfident_chances_are_brought_back(calibration: type[Sigmoid] | type[Isotonic]) -> None:
    fitted = calibration().fit(3 * TRUE + 1, WON)

    assert expit(fitted.bend(3 * TRUE + 1)) == pytest.approx(expit(TRUE), abs=0.1)


def test_a_sigmoid_never_turns_the_ranking_upside_down() -> None:
    bent = Sigmoid().fit(-TRUE, WON).bend(np.array([-1.0, 1.0]))

    assert bent[1] >= bent[0]
    assert expit(bent) == pytest.approx(WON.mean(), abs=0.01)


def test_a_sigmoid_of_few_leads_changes_little() -> None:
    bent = Sigmoid().fit(np.array([0.1, -0.1]), np.array([True, False])).bend(np.array([1.0]))

    assert bent[0] == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("name", CALIBRATIONS)
def test_no_chance_is_ever_certain(name: str) -> None:
    bent = CALIBRATIONS[name]().fit(TRUE, TRUE > 0).bend(np.array([-5.0, 0.0, 5.0]))

    assert np.isfinite(bent).all()
    assert (np.diff(bent) >= 0).all()


@pytest.mark.parametrize("calibration", [Sigmoid, Isotonic])
def test_what_weighs_nothing_bends_nothing(calibration: type[Sigmoid] | type[Isotonic]) -> None:
    both, won = np.concatenate([3 * TRUE, 3 * TRUE]), np.concatenate([WON, ~WON])

    weighted = calibration().fit(both, won, np.repeat([1.0, 0.0], 5000)).bend(TRUE)

    assert weighted == pytest.approx(calibration().fit(3 * TRUE, WON).bend(TRUE), abs=0.01)
