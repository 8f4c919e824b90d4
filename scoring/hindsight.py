"""Finds fields that were written as deals went on: they would tell a model the outcome, and teach it nothing.

What people write in Sluice is kept with its time, but an imported deal shows every field as it was in the end: the
amount that was booked with the win, the forecast category of a deal that is over, the probability that its last stage
stands for. Such a field is known by what it tells of the end although it is said to be as old as the deal: whether it
is filled, or its value, nearly tells won deals from lost ones, closed ones from open ones, or how far the open ones
have come. So does a value that only won, or only lost, deals have and no open one; a day that had not come when deals
began and has come in all of them by now; and a number that is as large as a deal was old when it was closed.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from models.pipeline import StageKind
from models.timeline import DealHistory, StageFacts
from scoring.arrays import Bools, Floats, Ints
from scoring.cells import numbers_of
from scoring.features import AMOUNT, CUSTOM, day_of, features_of
from scoring.kinds import Kind, kind_of
from scoring.past import Past
from scoring.telltale import LEAST, TOO_GOOD, told_apart, values_of

_EXCEPTIONS = 0.01
_BY_CHANCE = 1e-4
_FAMILIES = ("amount", "company", "owner", "close_date")
"""Where one feature of a field tells the end, so do all others that are read off the same field."""
_AS_WRITTEN = (AMOUNT, CUSTOM)
"""Fields whose values may have been written later; other features change with the days, and differ between old deals
and new ones for good reason, or are given with the deal, as its source is."""
_NOT_SHORT = timedelta(days=7)
_ON_THE_DAY = timedelta(days=1)
_SOME = 0.1


def written_on_closing(past: Past, *, end: datetime) -> frozenset[str]:
    """The features that tell of deals, when these began, what was known only later.

    A field that a team no longer fills in, or fills in otherwise, looks the same, and is no loss: the deals that are
    open have nothing of what could be learnt of it.
    """
    there = [history for history in past.histories if history.created_at <= end]
    if not there:
        return frozenset()
    rows = [features_of(history, history.created_at, past.stages, past.usual) for history in there]
    ends = _Ends.of(there, past.stages, end=end)
    names = {name for row in rows for name in row}
    found = {name for name in names if _tells_the_end(name, [row.get(name, math.nan) for row in rows], ends)}
    found |= {name for name in names if name.startswith(CUSTOM) and _came_later(name.removeprefix(CUSTOM), there, end)}
    if _is_closing_day(there, end=end):
        found.add("close_date_in")
    told_by = tuple(family for family in _FAMILIES if any(name.startswith(family) for name in found))
    return frozenset(found | {name for name in names if name.startswith(told_by)})


def naming_each(past: Past, *, end: datetime) -> frozenset[str]:
    """The features of a workspace's own fields whose text names nearly each deal apart, and tells nothing of others."""
    there = [history.as_of(history.created_at).custom for history in past.histories if history.created_at <= end]
    names = {name for custom in there for name in custom}
    return frozenset(
        f"{CUSTOM}{name}" for name in names if _names_each([text for each in there if (text := each.get(name))])
    )


def _names_each(values: Sequence[Any]) -> bool:
    return len(values) >= 2 * LEAST and kind_of("", values) is Kind.IDENTIFIER


@dataclass(frozen=True)
class _Ends:
    """Where deals stand in the end, and how many days old they were when they were closed (NaN: they are open)."""

    stages: Sequence[StageFacts]
    ages: Floats

    @classmethod
    def of(cls, histories: Sequence[DealHistory], stages: Mapping[int, StageFacts], *, end: datetime) -> "_Ends":
        standings = [history.as_of(end).standing for history in histories]
        ages = [
            math.nan if each.closed_at is None else (each.closed_at - history.created_at) / timedelta(days=1)
            for each, history in zip(standings, histories, strict=True)
        ]
        return cls([stages[each.stage_id] for each in standings], np.array(ages))

    @cached_property
    def is_open(self) -> Bools:
        return np.array([stage.is_open for stage in self.stages])

    @cached_property
    def is_won(self) -> Bools:
        return np.array([stage.kind in (StageKind.WON, StageKind.AFTER_SALES) for stage in self.stages])

    def halves(self) -> Iterator[tuple[Bools, Bools]]:
        """Which deals are looked at, and which of these are of the one kind: won among closed, closed among all, and
        in each pipeline those beyond each stage among the open ones."""
        yield ~self.is_open, self.is_won
        yield np.ones(len(self.stages), dtype=np.bool_), self.is_open
        pipelines = np.array([stage.pipeline_id for stage in self.stages])
        positions = np.array([stage.position for stage in self.stages])
        for pipeline_id in np.unique(pipelines[self.is_open]):
            mine = self.is_open & (pipelines == pipeline_id)
            for position in np.unique(positions[mine])[:-1]:
                yield mine, positions > position


def _tells_the_end(name: str, cells: Sequence[float | str], ends: _Ends) -> bool:
    filled = np.array([isinstance(cell, str) or not math.isnan(cell) for cell in cells])
    if _only_one_kind_has_it(filled, ends.is_open):
        return True
    if not name.startswith(_AS_WRITTEN) or not filled.any():
        return False
    values = values_of(cells)
    nearly = any(told_apart(values[among], kind[among]) >= TOO_GOOD for among, kind in ends.halves())
    return nearly or _has_telling_values(values, ends) or _is_age(numbers_of(cells), ends.ages)


def _only_one_kind_has_it(filled: Bools, is_open: Bools) -> bool:
    """Whether only closed deals have the field, or only open ones lack it."""
    open_with, closed_with = int((filled & is_open).sum()), int((filled & ~is_open).sum())
    open_without, closed_without = int((~filled & is_open).sum()), int((~filled & ~is_open).sum())
    only_closed_have_it = _hardly_any(open_with, of=open_with + closed_with) and open_without >= LEAST
    only_open_lack_it = _hardly_any(closed_without, of=open_without + closed_without) and closed_with >= LEAST
    return only_closed_have_it or only_open_lack_it


def _has_telling_values(values: Ints, ends: _Ends) -> bool:
    """Whether deals of some value all ended alike, and none of that value is open, though chance would have it so."""
    closed, n_values = ~ends.is_open, int(values.max()) + 1
    of_closed = np.bincount(values[closed], minlength=n_values)
    of_won = np.bincount(values[closed & ends.is_won], minlength=n_values)
    of_open = np.bincount(values[ends.is_open], minlength=n_values)
    if not closed.any() or not ends.is_open.any():
        return False
    won, still_open = float(ends.is_won[closed].mean()), float(ends.is_open.mean())
    return any(
        _hardly_any(n_open, of=n_open + n_closed)
        and (1 - still_open) ** n_closed < _BY_CHANCE
        and (
            (_hardly_any(n_won, of=n_closed) and (1 - won) ** n_closed < _BY_CHANCE)
            or (_hardly_any(n_closed - n_won, of=n_closed) and won**n_closed < _BY_CHANCE)
        )
        for n_closed, n_won, n_open in zip(of_closed.tolist(), of_won.tolist(), of_open.tolist(), strict=True)
    )


def _is_age(numbers: Floats, ages: Floats) -> bool:
    """Whether closed deals come in the order of a number nearly as they come in the order of their age."""
    known = np.isfinite(numbers) & np.isfinite(ages)
    if known.sum() < LEAST or not np.ptp(numbers[known]) or not np.ptp(ages[known]):
        return False
    return bool(spearmanr(numbers[known], ages[known]).statistic >= TOO_GOOD)


def _came_later(field: str, histories: Sequence[DealHistory], end: datetime) -> bool:
    """Whether a field held days that were still to come when deals began, and none that is still to come."""
    began = [history.as_of(history.created_at) for history in histories]
    days = [(day, first) for first in began if (day := day_of(first.custom.get(field))) is not None]
    later = sum(day > first.created_at.date() + _ON_THE_DAY for day, first in days)
    to_come = sum(day > end.date() for day, _ in days)
    return later >= LEAST and later > _SOME * len(days) and to_come <= _EXCEPTIONS * len(days)


def _is_closing_day(histories: Sequence[DealHistory], *, end: datetime) -> bool:
    """Whether the day on which deals were expected to close, when they began, is mostly the day on which they did."""
    right = [
        abs(first.close_date - closed_at.date()) <= _ON_THE_DAY
        for history in histories
        if (closed_at := history.as_of(end).standing.closed_at) is not None
        and closed_at - history.created_at > _NOT_SHORT
        and (first := history.as_of(history.created_at)).close_date is not None
    ]
    return len(right) >= LEAST and sum(right) > len(right) / 2


def _hardly_any(count: int, *, of: int) -> bool:
    return of >= LEAST and count <= _EXCEPTIONS * of
