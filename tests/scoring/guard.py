"""Finds features that see later than the moment they are asked about."""

from collections.abc import Callable, Sequence
from datetime import datetime

from models.timeline import DealHistory
from scoring.features import Row

Features = Callable[[DealHistory, datetime, Sequence[DealHistory]], Row]
"""What is told of a deal at a moment, given all deals of its team."""


def peeking_features(
    features: Features, *, today: Sequence[DealHistory], back_then: Sequence[DealHistory], at: datetime
) -> set[str]:
    """The names of features that differ between what the histories tell today of a moment and what they told then.

    `back_then` are the histories of the same team as they stood at the moment, with no deal that was added later.
    """
    grown = {history.deal_id: history for history in today}
    return {
        name
        for history in back_then
        for name in _differing(features(grown[history.deal_id], at, today), features(history, at, back_then))
    }


def _differing(one: Row, other: Row) -> set[str]:
    """Compared as they are written, since what is missing (NaN) equals nothing, not even itself."""
    return {name for name in {*one, *other} if repr(one.get(name)) != repr(other.get(name))}
