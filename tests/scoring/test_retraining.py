"""It is time to learn anew once a week, or once very many deals were closed, but never when nothing was."""

import pytest

from scoring.retraining import Cause, cause_to_train
from tests.factories import MONDAY, days


@pytest.mark.parametrize(
    ("after_days", "learnt_from", "closed_since", "cause"),
    [
        (6.99, 100, 19, None),
        (7, 100, 1, Cause.SCHEDULE),
        (7, 100, 0, None),
        (700, 0, 0, None),
        (1, 100, 20, Cause.NEW_OUTCOMES),
        (1, 200, 20, Cause.NEW_OUTCOMES),
        (1, 201, 20, None),
        (1, 1_000, 99, None),
        (1, 1_000, 100, Cause.NEW_OUTCOMES),
        (7, 1_000, 99, Cause.SCHEDULE),
    ],
)
def test_a_model_is_trained_anew(after_days: float, learnt_from: int, closed_since: int, cause: Cause | None) -> None:
    found = cause_to_train(
        at=MONDAY + days(after_days), trained_at=MONDAY, learnt_from=learnt_from, closed_since=closed_since
    )

    assert found is cause


def test_a_horizon_that_no_model_answers_for_waits_for_nothing() -> None:
    found = cause_to_train(at=MONDAY, trained_at=MONDAY, learnt_from=100, closed_since=0, is_for_horizon=False)

    assert found is Cause.NEW_HORIZON


@pytest.mark.parametrize(("closed", "cause"), [(0, None), (19, None), (20, Cause.NEW_OUTCOMES)])
def test_the_first_model_waits_for_twenty_closed_deals(closed: int, cause: Cause | None) -> None:
    assert cause_to_train(at=MONDAY, trained_at=None, learnt_from=0, closed_since=closed) is cause
