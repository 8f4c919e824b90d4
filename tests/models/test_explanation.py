"""How a deal's chance has moved is told from what was said of it then, as far as that can be compared."""

from models.explanation import Trend, trend_of
from models.score import Estimate, Score
from tests.factories import MONDAY, days

NOW = MONDAY + days(60)
ESTIMATE = Estimate(0.5, horizon_days=30, version=2, learnt_from=400)


def said(days_ago: float, chance: float, *, version: int | None = 2, horizon_days: int = 30) -> Score:
    return Score(at=NOW - days(days_ago), probability=chance, horizon_days=horizon_days, model_version=version)


def test_now_is_compared_with_what_was_said_last_before_a_week_and_a_month_ago() -> None:
    scores = [said(33.5, 0.1), said(31, 0.2), said(29, 0.3), said(8, 0.4), said(7, 0.45), said(6.9, 0.9)]

    trend = trend_of(scores, ESTIMATE, at=NOW)

    assert (trend.week_ago, trend.month_ago) == (0.45, 0.2)


def test_the_course_goes_week_by_week_to_what_is_said_now() -> None:
    scores = [said(31, 0.2), said(22, 0.3), said(15, 0.25), said(8, 0.4)]

    assert trend_of(scores, ESTIMATE, at=NOW).course == (0.2, 0.3, 0.25, 0.4, 0.5)
    assert trend_of(scores[2:], ESTIMATE, at=NOW).course == (0.25, 0.4, 0.5)


def test_what_was_not_kept_then_is_not_made_up() -> None:
    nothing = Trend(week_ago=None, month_ago=None, is_of_one_model=True, course=(0.5,))

    assert trend_of([], ESTIMATE, at=NOW) == nothing
    assert trend_of([said(6, 0.4), said(11, 0.4), said(34, 0.4)], ESTIMATE, at=NOW) == nothing


def test_another_horizon_was_another_question() -> None:
    assert trend_of([said(7, 0.9, horizon_days=90)], ESTIMATE, at=NOW).week_ago is None


def test_that_another_model_spoke_is_known() -> None:
    assert not trend_of([said(30, 0.4, version=None), said(7, 0.4)], ESTIMATE, at=NOW).is_of_one_model
    assert not trend_of([said(15, 0.4, version=1), said(7, 0.4)], ESTIMATE, at=NOW).is_of_one_model
    assert trend_of([said(20, 0.4, version=1), said(7, 0.4)], ESTIMATE, at=NOW).is_of_one_model
