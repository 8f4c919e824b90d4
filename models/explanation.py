"""All there is to say of a deal's score: how it stands in the team, how it has moved, and what may raise it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.bands import Band
from models.score import Estimate, Score

WEEK = timedelta(days=7)
MONTH = timedelta(days=30)
_LEEWAY = timedelta(days=3)
"""How much earlier a score may have been kept and still count as said "a week ago": some nights the bot is off."""
LOOKED_BACK = MONTH + _LEEWAY
_WEEK_BY_WEEK = (MONTH, 3 * WEEK, 2 * WEEK, WEEK)


@dataclass(frozen=True)
class Trend:
    """The chance of moving forward as it was said a week and a month ago; None where nothing was kept then.

    `course` is what was said about each week of the month, oldest first, and what is said now.
    """

    week_ago: float | None
    month_ago: float | None
    is_of_one_model: bool
    """Whether one version of the model, or the base rates, said all of it; else the chances may differ for that."""
    course: tuple[float, ...] = ()


class Act(StrEnum):
    """What a rep can do about a deal, and the score can see."""

    PLAN_STEP = "plan_step"
    MEET = "meet"
    SET_CLOSE_DATE = "set_close_date"
    MOVE_CLOSE_DATE = "move_close_date"


@dataclass(frozen=True)
class WhatIf:
    """What would be said of a deal had the act just been done; `by` is how much more likely it were to move forward."""

    act: Act
    estimate: Estimate
    by: float


@dataclass(frozen=True)
class Explanation:
    """`helps` are the acts that may raise the chance, those that may raise it most first."""

    estimate: Estimate
    band: Band
    trend: Trend
    helps: tuple[WhatIf, ...]


def trend_of(scores: Sequence[Score], estimate: Estimate, *, at: datetime) -> Trend:
    """From the scores that were kept of a deal, oldest first, and what is said now.

    Scores for another horizon answered another question and are passed over.
    """
    comparable = [score for score in scores if score.horizon_days == estimate.horizon_days]
    before = {ago: score for ago in _WEEK_BY_WEEK if (score := _newest(comparable, at - ago))}
    week, month = before.get(WEEK), before.get(MONTH)
    return Trend(
        week_ago=week.probability if week else None,
        month_ago=month.probability if month else None,
        is_of_one_model=all(score.model_version == estimate.version for score in before.values()),
        course=(*(score.probability for score in before.values()), estimate.probability),
    )


def _newest(scores: Sequence[Score], until: datetime) -> Score | None:
    """What was said last before a moment, if it was not long before."""
    return next((score for score in reversed(scores) if until - _LEEWAY <= score.at <= until), None)
