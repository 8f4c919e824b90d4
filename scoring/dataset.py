"""A team's past as questions with known answers: at this moment, would this deal move forward, would it be won?"""

import zlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np

from models.history import Change, kept_moves
from models.model_version import Question
from models.timeline import DealHistory, PastMove
from scoring.arrays import Bools, Floats, Ints
from scoring.features import Row
from scoring.past import FOR_MODELS, Past
from scoring.tables import Table, table_of_rows

_WEEKLY = range(7, 92, 7)
_MONTHLY = 28
_MOST_MOMENTS = 30_000
"""What more teaches is not worth the minutes that it takes; of each deal some are left out by lot."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment at which a deal was open, what came of it, and when that was known."""

    deal_id: int
    at: datetime
    stage_id: int
    answer: bool
    known_at: datetime
    stands_for: float = 1.0
    """So many moments of its deal, of which the others were left out."""


def moments_of(history: DealHistory, past: Past, question: Question, *, days: int, end: datetime) -> list[Moment]:
    """The moments of one deal of which was known at `end` whether, within so many days, what is asked happened: each
    time that it moved, and at fixed ages.

    A move that was undone before `end` does not count; a deal that was lost neither moved forward nor was won. Moments
    of which nobody knows yet are left out, also those whose answer came early: quick deals would count for more.
    """
    known = history.as_of(end)
    asked_for = [move.at for move in kept_moves(known.moves) if is_answer(question, move.change)]
    moved_at = [move.at for move in known.moves]
    stage_ids = _stages_after(known.moves)
    horizon = timedelta(days=days)
    moments = []
    for at in sorted({*moved_at, *_ages(known, end)}):
        known_at = at + horizon
        if known_at > end:
            break
        stage_id = stage_ids[bisect_right(moved_at, at) - 1]
        if past.is_known(at, known_at, end=end) and past.stages[stage_id].is_open:
            happened = any(at < moment <= known_at for moment in asked_for)
            moments.append(Moment(history.deal_id, at, stage_id, happened, known_at))
    return moments


def _stages_after(moves: Sequence[PastMove]) -> list[int]:
    """Where each of the moves left the deal."""
    held: list[int] = []
    after = []
    for move in moves:
        if move.change is Change.UNDONE:
            held.pop()
        else:
            held.append(move.to_stage_id)
        after.append(held[-1])
    return after


def is_answer(question: Question, change: Change) -> bool:
    return change.is_forward if question is Question.FORWARD else change is Change.WON


def _ages(known: DealHistory, end: datetime) -> Iterator[datetime]:
    """Every week of a deal's first quarter and every fourth week after it, while it was not closed for good."""
    until = known.standing.closed_at or end
    for days in _WEEKLY:
        yield known.created_at + timedelta(days=days)
    at = known.created_at + timedelta(days=_WEEKLY[-1] + _MONTHLY)
    while at < until:
        yield at
        at += timedelta(days=_MONTHLY)


def all_moments(past: Past, question: Question, *, end: datetime, at_most: float = FOR_MODELS) -> list[Moment]:
    """The moments of all deals that existed at `end`, deal after deal; for `at_most` see `Past.days_to`."""
    days = past.days_to(question, end=end, at_most=at_most)
    existing = (history for history in past.histories if history.created_at <= end)
    return [moment for each in existing for moment in moments_of(each, past, question, days=days, end=end)]


@dataclass(frozen=True)
class Dataset:
    """Moments, each with the features of its deal as they were known then."""

    moments: Sequence[Moment]
    rows: Sequence[Row]

    def __len__(self) -> int:
        return len(self.moments)

    @property
    def table(self) -> Table:
        return table_of_rows(self.rows)

    @property
    def deal_ids(self) -> Ints:
        return np.array([moment.deal_id for moment in self.moments], dtype=np.int64)

    @property
    def days(self) -> Floats:
        """When each moment was, in days since 1970 (UTC)."""
        return _days_of(moment.at for moment in self.moments)

    @property
    def known_days(self) -> Floats:
        """When each answer was known, in days since 1970 (UTC)."""
        return _days_of(moment.known_at for moment in self.moments)

    @property
    def answers(self) -> Bools:
        return answers(self.moments)

    @property
    def weights(self) -> Floats:
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


def datasets_of(past: Past, *, end: datetime, random_state: int = 0) -> dict[Question, Dataset]:
    """All that a workspace could learn from at `end`, for each question; of very much, a part drawn by lot."""
    moments = {question: all_moments(past, question, end=end) for question in Question}
    kept = {question: _drawn(asked, random_state) for question, asked in moments.items()}
    return {
        question: Dataset(asked, [past.row_of(each.deal_id, each.at) for each in asked])
        for question, asked in kept.items()
    }


def _drawn(moments: Sequence[Moment], random_state: int) -> Sequence[Moment]:
    """No more moments than can be learnt from, of every deal some; all of them where there are not too many.

    Each moment has its own lot, so that of an earlier and a later time, and for both questions, much the same ones are
    drawn.
    """
    share = _MOST_MOMENTS / max(len(moments), 1)
    if share >= 1:
        return moments
    drawn: list[Moment] = []
    for _, each in groupby(moments, key=lambda moment: moment.deal_id):
        mine = list(each)
        count = max(1, round(share * len(mine)))
        chosen = sorted(mine, key=lambda moment: zlib.crc32(f"{random_state} {moment.deal_id} {moment.at}".encode()))
        in_order = sorted(chosen[:count], key=lambda moment: moment.at)
        drawn += [replace(moment, stands_for=len(mine) / count) for moment in in_order]
    return drawn


def answers(moments: Sequence[Moment]) -> Bools:
    return np.array([moment.answer for moment in moments], dtype=np.bool_)


def weights(moments: Sequence[Moment]) -> Floats:
    """What each moment counts in learning: a deal's k-th one 1/∜k, so that a long deal does not outvote a short one,
    and all of them together as much as there are deals.

    Sharing one vote among all moments of a deal would be simpler, but how many there will be depends on how soon the
    deal moves: quick deals would count for more, and every chance come out too high. On simulated teams that showed
    for 1/k and 1/√k, of the deals open on one day; for 1/∜k hardly more than for equal weights.
    """
    seen: dict[int, float] = defaultdict(float)
    counts = []
    for moment in moments:
        seen[moment.deal_id] += moment.stands_for
        counts.append(moment.stands_for * seen[moment.deal_id] ** -0.25)
    raw = np.array(counts, dtype=np.float64)
    return raw * (len(seen) / raw.sum()) if counts else raw


def _days_of(moments: Iterator[datetime]) -> Floats:
    return np.array([moment.timestamp() / 86_400 for moment in moments], dtype=np.float64)
