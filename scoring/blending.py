"""Several members answer as one: the mean of their log-odds, taken apart by column as well as that of one of them."""

from collections.abc import Sequence

import numpy as np

from scoring.arrays import Floats
from scoring.calibrating import Calibration
from scoring.ensembles import stretch
from scoring.members import Member

_LONGEST = 3.0


def blended(log_odds: Sequence[Floats]) -> Floats:
    mean: Floats = np.mean(log_odds, axis=0)
    return mean


def explained(members: Sequence[Member], matrix: Floats) -> tuple[Floats, Floats]:
    """For each lead its log-odds before calibration, and what each column contributed to them."""
    parts = [member.contributions(matrix) for member in members]
    return blended([log_odds for log_odds, _ in parts]), blended([summands for _, summands in parts])


def lengthening(members: Sequence[Member], calibration: Calibration, log_odds: Floats) -> Floats:
    """How much longer a calibration makes the way from the average lead to each of these.

    An isotonic calibration jumps; where it does so beside the average lead, the reasons keep their size.
    """
    start = np.mean([member.start for member in members], keepdims=True)
    bent = calibration.bend(log_odds) - calibration.bend(start)
    return np.clip(stretch(bent, log_odds - start), 0.0, _LONGEST)
