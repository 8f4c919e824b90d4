"""Says when it is time to learn anew: a week has passed in which deals were closed, or very many were closed sooner,
or came in closed; or the horizon is another one now."""

from datetime import datetime, timedelta
from enum import StrEnum

EVERY = timedelta(days=7)
LEAST_CLOSED = 20
"""With fewer closed deals nothing could be learnt, and so few more would teach little."""
_MANY_MORE = 0.10


class Cause(StrEnum):
    """What trains a model by itself; stands in the registry where otherwise a person's name does."""

    SCHEDULE = "schedule"
    NEW_OUTCOMES = "new outcomes"
    NEW_HORIZON = "new horizon"


def cause_to_train(
    *, at: datetime, trained_at: datetime | None, learnt_from: int, closed_since: int, is_for_horizon: bool = True
) -> Cause | None:
    """Why to train at a moment; None when it is not due.

    `trained_at` is None where no model was ever kept; then `closed_since` counts all closed deals. Too little history
    leaves no model, so that training is tried every night until there is enough, which takes it a moment only.
    `learnt_from` is the number of deals whose outcome the latest model knew, `closed_since` how many more are closed
    than were then, whenever that was: old deals may have been imported. `is_for_horizon` says whether the latest model
    answers for the team's horizon.
    """
    if not is_for_horizon:
        return Cause.NEW_HORIZON
    if closed_since >= max(LEAST_CLOSED, _MANY_MORE * learnt_from):
        return Cause.NEW_OUTCOMES
    if trained_at is not None and at - trained_at >= EVERY and closed_since:
        return Cause.SCHEDULE
    return None
