"""A team's past as questions with known answers: at this moment, would this deal move forward within the horizon?"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from models.history import kept_moves, standings
from models.timeline import DealHistory, StageFacts, Timelines
from models.workspace import Workspace
from scoring.features import Row, features_of
from scoring.usual import Usual

_WEEKLY = range(7, 92, 7)
_MONTHLY = 28


@dataclass(frozen=True)
class Past:
    """What a workspace's scores are learnt from."""

    histories: Sequence[DealHistory]
    stages: Mapping[int, StageFacts]
    horizon_days: int

    @property
    def horizon(self) -> timedelta:
        return timedelta(days=self.horizon_days)

    @cached_property
    def usual(self) -> Usual:
        return Usual(self.histories, self.stages)

    def known_until(self, at: datetime) -> datetime:
        """Until when outcomes are known: when, as of `at`, the team last moved or wrote down anything.

        Silence after that says nothing of the deals. They come from another CRM, whose export ends there, or nobody
        has kept the record since; to take every open deal for one that did not move would drown what did happen.
        That a deal was added is no sign of a kept record: an import may not know since when it has been there.
        """
        return max((moment for history in self.histories for moment in _records(history) if moment <= at), default=at)


def _records(history: DealHistory) -> Iterator[datetime]:
    for noted in (history.moves[1:], history.activities, history.revisions):
        yield from (each.at for each in noted)


def past_of(session: Session, workspace: Workspace) -> Past:
    timelines = Timelines(session, workspace)
    return Past(timelines.all(), timelines.stages(), workspace.horizon_days)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment at which a deal was open, and whether it then moved forward within the horizon."""

    deal_id: int
    at: datetime
    stage_id: int
    moved_forward: bool


def moments_of(history: DealHistory, past: Past, *, end: datetime) -> list[Moment]:
    """The moments of one deal whose horizon had fully passed at `end`: each time it moved, and at fixed ages.

    A move that was undone before `end` does not count as forward; a deal that was lost did not move forward. Moments
    whose horizon reaches beyond `end` are left out, because nobody knows yet.
    """
    known = history.as_of(end)
    forward = [move.at for move in kept_moves(known.moves) if move.change.is_forward]
    moved_at = [move.at for move in known.moves]
    stage_ids = [standings(known.moves[:count])[-1].stage_id for count in range(1, len(known.moves) + 1)]
    horizon = past.horizon
    moments = []
    for at in sorted({*moved_at, *_ages(known, end)}):
        if at + horizon > end:
            break
        stage_id = stage_ids[bisect_right(moved_at, at) - 1]
        if past.stages[stage_id].is_open:
            moved = any(at < moment <= at + horizon for moment in forward)
            moments.append(Moment(history.deal_id, at, stage_id, moved))
    return moments


def _ages(known: DealHistory, end: datetime) -> Iterator[datetime]:
    """Every week of a deal's first quarter and every fourth week after it, while it was not closed for good."""
    until = known.standing.closed_at or end
    for days in _WEEKLY:
        yield known.created_at + timedelta(days=days)
    at = known.created_at + timedelta(days=_WEEKLY[-1] + _MONTHLY)
    while at < until:
        yield at
        at += timedelta(days=_MONTHLY)


def all_moments(past: Past, *, end: datetime) -> list[Moment]:
    """The moments of all deals that existed at `end`."""
    existing = (history for history in past.histories if history.created_at <= end)
    return [moment for history in existing for moment in moments_of(history, past, end=end)]


@dataclass(frozen=True)
class Dataset:
    """Moments, each with the features of its deal as they were known then."""

    moments: Sequence[Moment]
    rows: Sequence[Row]

    def __len__(self) -> int:
        return len(self.moments)

    @property
    def deal_ids(self) -> NDArray[np.int64]:
        return np.array([moment.deal_id for moment in self.moments], dtype=np.int64)

    @property
    def answers(self) -> NDArray[np.bool_]:
        return answers(self.moments)

    @property
    def weights(self) -> NDArray[np.float64]:
        return weights(self.moments)

    @property
    def n_deals(self) -> int:
        return len(set(self.deal_ids.tolist()))

    def where(self, holds: Callable[[Moment], bool]) -> "Dataset":
        kept = [place for place, moment in enumerate(self.moments) if holds(moment)]
        return Dataset([self.moments[place] for place in kept], [self.rows[place] for place in kept])

    def without(self, features: Set[str]) -> "Dataset":
        rows = [{name: value for name, value in row.items() if name not in features} for row in self.rows]
        return Dataset(self.moments, rows)


def dataset_of(past: Past, *, end: datetime) -> Dataset:
    """All that a workspace could learn from at `end`."""
    by_id = {history.deal_id: history for history in past.histories}
    moments = all_moments(past, end=end)
    rows = [features_of(by_id[moment.deal_id], moment.at, past.stages, past.usual) for moment in moments]
    return Dataset(moments, rows)


def answers(moments: Sequence[Moment]) -> NDArray[np.bool_]:
    return np.array([moment.moved_forward for moment in moments], dtype=np.bool_)


def weights(moments: Sequence[Moment]) -> NDArray[np.float64]:
    """What each moment counts in learning: a deal's k-th one 1/√k, so that a long deal does not outvote a short one,
    and all of them together as much as there are deals.

    Sharing one vote among all moments of a deal would be simpler, but how many there will be depends on how soon the
    deal moves: quick deals would count for more, and every chance come out too high.
    """
    seen: Counter[int] = Counter()
    counts = []
    for moment in moments:
        seen[moment.deal_id] += 1
        counts.append(seen[moment.deal_id] ** -0.5)
    raw = np.array(counts, dtype=np.float64)
    return raw * (len(seen) / raw.sum()) if counts else raw
