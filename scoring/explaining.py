"""Why a deal's chance is what it is: what speaks for it and against it, compared with the team's average deal.

The model is a sum, so its reasons are its summands: each is the weight (in log-odds) by which one thing about the deal
moves the chance away from the average deal's. Nothing is guessed afterwards.
"""

from collections.abc import Sequence

import numpy as np

from models.activity import ActivityKind
from models.score import Reason
from scoring.arrays import Floats
from scoring.columns import BETWEEN
from scoring.features import AMOUNT
from scoring.telling import Telling, told

MOST_EACH_WAY = 3
_MOST_TOLD = 3
"""Of what weighs most in a model."""
LEAST_WEIGHT = 0.05
"""A summand that moves the chance by about one point in a hundred is no reason."""

_SUBJECTS = {
    "stage_position": "stage",
    "pace_in_stage": "days_in_stage",
    "pace_since_creation": "days_since_creation",
    "amount_known": "amount",
    "amount_against_usual": "amount",
    "owner_won_share": "owner",
    "company_known": "company",
    "company_deals": "company",
    "company_won_share": "company",
    "next_step_set": "next_step",
    "next_step_in": "next_step",
    **{f"{kind}_{span}": f"{kind}" for kind in ActivityKind for span in ("recent", "total")},
}
"""Features that one reason tells together; all others speak for themselves."""


def reasons(deals: Sequence[Telling], features: Sequence[str], summands: Floats) -> list[tuple[Reason, ...]]:
    """For each deal the strongest reasons for it and against it, the strongest first, whichever way they speak.

    `summands` has a row for each deal and a column for each feature: by how much, in log-odds, it moves the chance.
    """
    named, summed = _by_subject(features, summands)
    return [
        tuple(_reason(deal, named[place], float(moved[place])) for place in _strongest(moved))
        for deal, moved in zip(deals, summed, strict=True)
    ]


def weightiest(features: Sequence[str], summands: Floats) -> tuple[str, ...]:
    """What moves the chances of these deals most, on average: the subjects of reasons, the weightiest first."""
    named, summed = _by_subject(features, summands)
    weights = np.abs(summed).mean(axis=0)
    return tuple(named[place] for place in np.argsort(-weights, kind="stable")[:_MOST_TOLD].tolist() if weights[place])


def _by_subject(features: Sequence[str], summands: Floats) -> tuple[list[str], Floats]:
    """What reasons are about, and by how much each of it moves the chance of each deal."""
    subjects = [_subject(feature) for feature in features]
    named = list(dict.fromkeys(subjects))
    belongs = np.array([[subject == name for name in named] for subject in subjects], dtype=np.float64)
    summed: Floats = summands @ belongs.reshape(len(subjects), len(named))
    return named, summed


def _strongest(moved: Floats) -> list[int]:
    in_order = [place for place in np.argsort(-np.abs(moved)).tolist() if abs(moved[place]) > LEAST_WEIGHT]
    speaking_for = [place for place in in_order if moved[place] > 0][:MOST_EACH_WAY]
    against = [place for place in in_order if moved[place] < 0][:MOST_EACH_WAY]
    return [place for place in in_order if place in (*speaking_for, *against)]


def stage_reason(stage: str, *, rate: float, count: int, weight: float) -> Reason:
    """The one reason of a base rate: how often deals of this team move on from the stage, or are thought to."""
    if not count:
        return Reason("reason.stage_guess", {"stage": stage, "rate": rate}, weight)
    return Reason("reason.stage_rate", {"stage": stage, "rate": rate, "count": count}, weight)


def _reason(telling: Telling, subject: str, weight: float) -> Reason:
    key, values = told(telling, subject, weight)
    return Reason(key, values, weight)


def _subject(feature: str) -> str:
    feature = feature.split(BETWEEN, maxsplit=1)[0]
    return "amount" if feature.startswith(AMOUNT) else _SUBJECTS.get(feature, feature)
