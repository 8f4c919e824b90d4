"""Whether deals are lost out of a stage more often, or leave it more slowly, than its own history and chance explain.

Once a week the last three weeks are held against the year before them, in two exact tests a stage. Attrition: deals
lost among those that left forward or lost (Fisher's). Slowdown: those that left against those that would have, had each
left at the rate that was usual at its age in the stage (Nelson and Aalen's estimate; given both, binomial). Both allow
for a history that is short. The level of each test is MONTHLY divided by all tests of a month, so that all stages
together raise fewer false alarms than that (Bonferroni).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, hypergeom

from models.history import Change
from models.known_deals import KnownDeal
from models.leaks import Abnormal, Verdict, Watched
from models.timeline import StageFacts

MONTHLY = 0.05
WINDOW, PAST = 21.0, 365.0
"""Days."""
_LOOKS_A_MONTH = 365.25 / 12 / 7
_FEWEST_LEFT, _SHORTEST_PAST = 50, 56.0
_FEWEST_AT_RISK = 10
_NORMAL_AGAIN = 0.2
_WEEKS_BACK = 26
_DAY = timedelta(days=1)

_Stays = NDArray[np.float64]
"""A row for each stay: the day it began, the day it ended (infinite if it has not), and 1 if lost, 0 if forward, -1 if
back."""


class StageWatch:
    """The stays of some deals, as known now, and what could be seen of them at any earlier moment."""

    def __init__(self, deals: Iterable[KnownDeal], stages: Sequence[StageFacts], *, until: datetime) -> None:
        self._until = until
        self._stages = [stage for stage in stages if stage.is_open]
        rows: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
        for deal in deals:
            for entered, left in pairwise(deal.moves):
                rows[entered.to_stage_id].append((self._day(entered.at), self._day(left.at), _way_out(left.change)))
            rows[deal.stage_id].append((self._day(deal.moves[-1].at), np.inf, 0.0))
        self._stays = {stage.id: np.array(rows[stage.id], dtype=float).reshape(-1, 3) for stage in self._stages}

    def verdicts(self, at: datetime) -> Watched:
        """Of the three weeks before a moment."""
        end = self._day(at)
        old = [stage for stage in self._stages if _is_old_enough(self._stays[stage.id], end)]
        level = MONTHLY / (_LOOKS_A_MONTH * 2 * max(1, len(old)))
        found = []
        for stage in old:
            stays = self._stays[stage.id]
            found += [_attrition(stage, stays, end, level), _slowdown(stage, stays, end, level)]
        return Watched(tuple(found), tuple(stage for stage in self._stages if stage not in old))

    def alarms(self, at: datetime) -> list[tuple[Verdict, datetime]]:
        """What is out of line at a moment, or has been and is not back to normal, with the week's end at which it was
        first. Between, an alarm lasts until so much would come of chance at least one time in five. Half a year is
        looked back on; an alarm that was there before it is said to be a year older."""
        since: dict[tuple[int, Abnormal], tuple[Verdict, datetime]] = {}
        for weeks in range(_WEEKS_BACK, -1, -1):
            then = at - 7 * weeks * _DAY
            first = then - PAST * _DAY if weeks == _WEEKS_BACK else then
            for verdict in self.verdicts(then).verdicts:
                key = (verdict.stage.id, verdict.kind)
                if verdict.is_abnormal:
                    since[key] = (verdict, since[key][1] if key in since else first)
                elif verdict.chance > _NORMAL_AGAIN:
                    since.pop(key, None)
        return list(since.values())

    def _day(self, at: datetime) -> float:
        return (at - self._until) / _DAY


def _way_out(change: Change) -> float:
    match change:
        case Change.LOST:
            return 1.0
        case Change.BACK | Change.REOPENED:
            return -1.0
    return 0.0


def _is_old_enough(stays: _Stays, end: float) -> bool:
    until = end - WINDOW
    left = np.sum((stays[:, 1] >= until - PAST) & (stays[:, 1] < until))
    return bool(left >= _FEWEST_LEFT and stays[:, 0].min() <= until - _SHORTEST_PAST)


def _attrition(stage: StageFacts, stays: _Stays, end: float, level: float) -> Verdict:
    decided = stays[stays[:, 2] >= 0]
    recent = decided[(decided[:, 1] >= end - WINDOW) & (decided[:, 1] < end)]
    past = decided[(decided[:, 1] >= end - WINDOW - PAST) & (decided[:, 1] < end - WINDOW)]
    lost, lost_before = int(recent[:, 2].sum()), int(past[:, 2].sum())
    every = len(recent) + len(past)
    chance = float(hypergeom.sf(lost - 1, every, lost + lost_before, len(recent)))
    usual = lost_before / max(1, len(past))
    return Verdict(Abnormal.ATTRITION, stage, lost, len(recent), usual, chance, chance < level)


def _slowdown(stage: StageFacts, stays: _Stays, end: float, level: float) -> Verdict:
    young, old, left = _seen(stays, end - WINDOW - PAST, end - WINDOW)
    ages = np.sort(old[left])
    at_risk = np.searchsorted(np.sort(young), ages, side="left") - np.searchsorted(np.sort(old), ages, side="left")
    known = at_risk >= _FEWEST_AT_RISK
    if not known.any():
        return Verdict(Abnormal.SLOWDOWN, stage, 0, 0, 0.0, 1.0, is_abnormal=False)
    oldest = ages[known].max()
    hazard = np.concatenate([[0.0], np.cumsum(np.where(known, 1 / np.maximum(at_risk, 1), 0.0))])
    young, old, left = _seen(stays, end - WINDOW, end)
    expected = float(
        np.sum(hazard[np.searchsorted(ages, old, side="right")] - hazard[np.searchsorted(ages, young, side="right")])
    )
    seen, before = int(np.sum(left & (old <= oldest))), int(known.sum())
    chance = float(binom.cdf(seen, seen + before, expected / (expected + before)))
    return Verdict(Abnormal.SLOWDOWN, stage, seen, len(young), expected, chance, chance < level)


def _seen(stays: _Stays, start: float, end: float) -> tuple[_Stays, _Stays, NDArray[np.bool_]]:
    """Of the stays that were seen within a time: how old each was at first and at last, and whether it ended then."""
    seen = stays[(stays[:, 0] < end) & (stays[:, 1] >= start)]
    return (
        np.maximum(start - seen[:, 0], 0.0),
        np.minimum(seen[:, 1], end) - seen[:, 0],
        seen[:, 1] < end,
    )
