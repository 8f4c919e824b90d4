"""What is usual in a team: how long deals stay in a stage, what they are worth, how often an owner wins."""

from collections.abc import Mapping, Sequence

from models.timeline import DealHistory, StageFacts


class Usual:
    """Answers for any moment from what had happened before the day of that moment began (UTC), and nothing later.

    Whole days, so that what was counted once serves for a day and is the same in training as it was in earnest.
    """

    def __init__(self, histories: Sequence[DealHistory], stages: Mapping[int, StageFacts]) -> None:
        self._histories = histories
        self._stages = stages
