"""Whether deals are lost out of a stage more often, or leave it more slowly, than its own history and chance explain.

Every day the last three weeks are held against the year before them, in two tests a stage. Attrition: deals lost among
those that left forward or lost (Fisher's exact test, with half the chance of just so many). Slowdown: those that left
against those that would have, had each left at the rate that was usual at its age in the stage (Nelson and Aalen's
estimate; given both, binomial). Both allow for a history that is short.

Seasons, and people who come and go, make the three weeks of a stable stage differ by more than chance. So each score is
divided by how much those of its past two years did (Laney's p'-chart): a stage that always swings has to swing more.

The level of a test is its part of MONTHLY divided by the stages (Bonferroni) and by the looks of a month. Daily looks
over three weeks are worth some seven independent ones, by simulation.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from math import ceil

import numpy as np
from scipy.stats import binom, hypergeom, norm

from models.history import Change
from models.known_deals import KnownDeal
from models.leaks import Abnormal, Verdict, Watched, WatchedWeek
from models.timeline import StageFacts
from models.workspace import day_in
from scoring.arrays import Bools, Floats

MONTHLY = {Abnormal.ATTRITION: 0.025, Abnormal.SLOWDOWN: 0.002}
"""Months with a false alarm, of all stages together. A doubled stay is easy to see, so that losses have most of it."""
WINDOW, PAST = 21, 365
"""Days."""
_LOOKS_A_MONTH = 7.0
_FEWEST_LEFT, _SHORTEST_PAST = 50, 56.0
_FEWEST_AT_RISK = 10
_MOST_WINDOWS, _PRIOR_WINDOWS = 34, 8.0
"""Of the past, to see how much three weeks differ; and so many that are believed to differ by chance alone."""
_MOST_OF_ONE = 9.0
"""A leak that is long mended makes the stage look no more unsteady than three standard deviations would."""
_NORMAL_AGAIN = 0.2
_DAYS_BACK = 182
_DAY = timedelta(days=1)
LOOKED_BACK = WINDOW * (_MOST_WINDOWS + 1) * _DAY
"""What rests for so long before a moment counts for no verdict of it."""
LOOKED_BACK_FOR_ALARMS = LOOKED_BACK + _DAYS_BACK * _DAY

_Stays = Floats
"""A row for each stay: the day it began, the day it ended (infinite if it has not), and 1 if lost, 0 if forward, -1 if
back."""
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Alarm:
    """What was out of line: by the last verdict that said so, of which moment, and since which day's end."""

    verdict: Verdict
    at: datetime
    begun: datetime


_Alarms = dict[tuple[int, Abnormal], Alarm]


@dataclass(frozen=True)
class _Test:
    """Of a stage at a moment: what was seen, and what any number seen there would be worth."""

    kind: Abnormal
    stage: StageFacts
    seen: int
    among: int
    usual: float
    level: float
    chance_of: Callable[[int], float]

    @property
    def verdict(self) -> Verdict:
        chance = self.chance_of(self.seen)
        return Verdict(self.kind, self.stage, self.seen, self.among, self.usual, chance, chance < self.level)

    @property
    def limit(self) -> int | None:
        """The number seen from which on the stage is out of line: upwards of losses, downwards of deals that left. None
        where no number is."""
        if self.kind is Abnormal.ATTRITION:
            least = bisect_left(range(self.among + 1), True, key=lambda lost: self.chance_of(lost) < self.level)
            return least if least <= self.among else None
        most = bisect_left(range(ceil(self.usual)), True, key=lambda left: self.chance_of(left) >= self.level) - 1
        return most if most >= 0 else None


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
        old = self._old_enough(at)
        found = [self._test(stage, kind, at, old).verdict for stage in old for kind in Abnormal]
        return Watched(tuple(found), tuple(stage for stage in self._stages if stage not in old))

    def alarms(self, at: datetime) -> list[Alarm]:
        """What is out of line at a moment, or has been and is not back to normal, with the day's end at which it was
        first. Half a year is looked back on; an alarm that was there before it is said to be a year older."""
        *_, alarms = self.course(at - _DAYS_BACK * _DAY, at)
        return list(alarms.values())

    def course(self, first: datetime, last: datetime) -> Iterator[_Alarms]:
        """The alarms by the end of each day. One lasts until so much would come of chance at least one time in five."""
        alarms: _Alarms = {}
        for days in range((last - first) // _DAY, -1, -1):
            then = last - days * _DAY
            begun = then if alarms or then > first else then - PAST * _DAY
            for verdict in self.verdicts(then).verdicts:
                key = (verdict.stage.id, verdict.kind)
                if verdict.is_abnormal:
                    alarms[key] = Alarm(verdict, then, alarms[key].begun if key in alarms else begun)
                elif verdict.chance > _NORMAL_AGAIN:
                    alarms.pop(key, None)
            yield dict(alarms)

    def weeks(self, alarm: Alarm, last: datetime, *, zone: str) -> tuple[WatchedWeek, ...]:
        """How the stage has done in half a year, week by week, as the watch saw it: by the same test at each week's
        end, one of which is the alarm's. A week of which there is nothing to tell is left out."""
        stage, kind, first = alarm.verdict.stage, alarm.verdict.kind, last - _DAYS_BACK * _DAY
        back, on = (alarm.at - first) // _WEEK, (last - alarm.at) // _WEEK
        found = []
        for number in range(-back, on + 1):
            at = alarm.at + number * _WEEK
            old = self._old_enough(at)
            test = self._test(stage, kind, at, old)
            found.append(WatchedWeek(day_in(zone, at - _DAY / 2), test.verdict, test.limit, is_told=stage in old))
        return tuple(each for each in found if each.whole >= 1)

    def _old_enough(self, at: datetime) -> list[StageFacts]:
        return [stage for stage in self._stages if _is_old_enough(self._stays[stage.id], self._day(at))]

    def _test(self, stage: StageFacts, kind: Abnormal, at: datetime, old: Sequence[StageFacts]) -> _Test:
        """One of those of all stages that are old enough; of another nothing is abnormal."""
        level = MONTHLY[kind] / (_LOOKS_A_MONTH * len(old)) if stage in old else 0.0
        test = _attrition if kind is Abnormal.ATTRITION else _slowdown
        return test(stage, self._stays[stage.id], self._day(at), level)

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
    of_past = stays[(stays[:, 1] >= until - PAST) & (stays[:, 1] < until)]
    return bool(len(of_past) >= _FEWEST_LEFT and of_past[:, 0].min() <= until - _SHORTEST_PAST)


def _attrition(stage: StageFacts, stays: _Stays, end: float, level: float) -> _Test:
    decided = stays[(stays[:, 2] >= 0) & (stays[:, 1] < end)]
    window = np.ceil((end - decided[:, 1]) / WINDOW).astype(np.int64) - 1
    recent, past = window == 0, (window > 0) & (decided[:, 1] >= end - WINDOW - PAST)
    among, lost_before = int(recent.sum()), int(decided[past, 2].sum())
    before = int(past.sum())
    usual = lost_before / max(1, before)

    @cache
    def earlier() -> tuple[Floats, Floats, Floats]:
        some = (window > 0) & (window <= _MOST_WINDOWS)
        left = np.bincount(window[some]).astype(np.float64)
        hits = np.bincount(window[some], weights=decided[some, 2]).astype(np.float64)
        share = hits.sum() / left.sum()
        return hits, left * share, left * share * (1 - share)

    def chance_of(lost: int) -> float:
        if lost <= usual * among:
            return 1.0
        chance = _of_as_many_or_more(lost, among + before, lost + lost_before, among)
        return _among_its_own(chance, *earlier()) if chance < level else chance

    return _Test(Abnormal.ATTRITION, stage, int(decided[recent, 2].sum()), among, usual, level, chance_of)


def _of_as_many_or_more(hits: int, every: int, every_hit: int, drawn: int) -> float:
    """The hypergeometric chance, with half of that of just so many. Each number's chance follows from the one below it,
    which takes a hundredth of the time of asking for each."""
    fewer = np.arange(hits, min(drawn, every_hit), dtype=float)
    ratios = (every_hit - fewer) * (drawn - fewer) / ((fewer + 1) * (every - every_hit - drawn + fewer + 1))
    return float(hypergeom.pmf(hits, every, every_hit, drawn)) * (0.5 + float(np.cumprod(ratios).sum()))


def _slowdown(stage: StageFacts, stays: _Stays, end: float, level: float) -> _Test:
    young, old, left = _seen(stays, end - WINDOW - PAST, end - WINDOW)
    ages = np.sort(old[left])
    at_risk = np.searchsorted(np.sort(young), ages, side="left") - np.searchsorted(np.sort(old), ages, side="left")
    known = at_risk >= _FEWEST_AT_RISK
    if not known.any():
        return _Test(Abnormal.SLOWDOWN, stage, 0, 0, 0.0, level, lambda _: 1.0)
    oldest = ages[known].max()
    hazard = np.concatenate([[0.0], np.cumsum(np.where(known, 1 / np.maximum(at_risk, 1), 0.0))])

    def leaving(until: float) -> tuple[int, float, int]:
        young, old, left = _seen(stays, until - WINDOW, until)
        by_then, before = (hazard[np.searchsorted(ages, each, side="right")].sum() for each in (old, young))
        return int(np.sum(left & (old <= oldest))), float(by_then - before), len(young)

    seen, expected, among = leaving(end)
    before = int(known.sum())

    @cache
    def earlier() -> tuple[Floats, Floats, Floats]:
        ended = stays[:, 1]
        oldest_end = ended[ended >= end - LOOKED_BACK / _DAY].min()
        windows = max(1, int((end - oldest_end) / WINDOW) - 1)
        came, usual, _ = np.array([leaving(end - WINDOW * number) for number in range(1, windows + 1)]).T
        usual *= came.sum() / usual.sum()
        return came, usual, usual

    def chance_of(left: int) -> float:
        if left >= expected:
            return 1.0
        chance = float(binom.cdf(left, left + before, expected / (expected + before)))
        return _among_its_own(chance, *earlier()) if chance < level else chance

    return _Test(Abnormal.SLOWDOWN, stage, seen, among, expected, level, chance_of)


def _among_its_own(chance: float, seen: Floats, usual: Floats, by_chance: Floats) -> float:
    """What a chance is worth where earlier three weeks differed from what was usual by more than chance."""
    some = by_chance > 0
    squares = np.minimum((seen - usual)[some] ** 2 / by_chance[some], _MOST_OF_ONE)
    spread = max(1.0, float((squares.sum() + _PRIOR_WINDOWS) / (len(squares) - 1 + _PRIOR_WINDOWS)))
    return float(norm.sf(norm.isf(chance) / spread**0.5))


def _seen(stays: _Stays, start: float, end: float) -> tuple[_Stays, _Stays, Bools]:
    """Of the stays that were seen within a time: how old each was at first and at last, and whether it ended then."""
    seen = stays[(stays[:, 0] < end) & (stays[:, 1] >= start)]
    return (
        np.maximum(start - seen[:, 0], 0.0),
        np.minimum(seen[:, 1], end) - seen[:, 0],
        seen[:, 1] < end,
    )
