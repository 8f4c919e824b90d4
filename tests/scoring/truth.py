"""Invents teams whose deals move by a known law, and tells the true chance of each deal at any moment.

The truth is what somebody would say who knows the law and all that is on record of the deal at that moment: its
traits, its moves and when they were, the day of the year, meetings, close dates put off, the next step, and whether a
deal of its company had been won before it was created. It is not told how keen the buyer is, but concludes that from
the record by Bayes' rule. It is exact: what chance has still in store is summed up day by day over all that the deal
may go through. No score can have a lower expected log loss; what it has more is what it does not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from models.timeline import DealHistory
from scoring.arrays import Floats, Ints
from scoring.past import Past
from tests.scoring.funnel_course import Course, lived, some_traits
from tests.scoring.funnel_histories import histories_of
from tests.scoring.funnel_law import Almanac, Chances, FunnelLaw, Traits
from tests.scoring.simulation import START

_UNTIL_DECIDED = 5 * 365
"""Days after which a deal that is still open is taken for one that is never won."""
_NEGLIGIBLE = 1e-6
"""A deal that is open still with less than this chance is followed no further."""


@dataclass(frozen=True)
class Simulated:
    """A team's past, day by day, and the law that it came from. Deals have ids from 1, in the order of creation."""

    law: FunnelLaw
    traits: Traits
    course: Course
    almanac: Almanac
    seed: int

    def past(self, horizon_days: int = 30) -> Past:
        return Past(self._histories, self.law.stage_facts(), horizon_days)

    def chance_of_moving(self, deal_id: int, at: datetime, horizon_days: int) -> float:
        """The true chance that the deal makes a move forward after `at` and within so many days of it.

        Raises ValueError where the deal is not there or not open at that moment.
        """
        return float(self.chances_of_moving([(deal_id, at)], horizon_days)[0])

    def chance_of_winning(self, deal_id: int, at: datetime, within_days: int | None = None) -> float:
        """The true chance that the deal is won, ever or within so many days; errors as above."""
        return float(self.chances_of_winning([(deal_id, at)], within_days)[0])

    def chances_of_moving(self, moments: Sequence[tuple[int, datetime]], horizon_days: int) -> Floats:
        """The same of many deals and moments at once, which is much faster."""
        return self._chances(moments, horizon_days, only_winning=False)

    def chances_of_winning(self, moments: Sequence[tuple[int, datetime]], within_days: int | None = None) -> Floats:
        return self._chances(moments, _UNTIL_DECIDED if within_days is None else within_days, only_winning=True)

    @cached_property
    def _histories(self) -> list[DealHistory]:
        return histories_of(self.law, self.traits, self.course, seed=self.seed)

    @cached_property
    def _own(self) -> Floats:
        return self.almanac.own_drive(self.traits, self.course.bought_before)

    def _chances(self, moments: Sequence[tuple[int, datetime]], within_days: int, *, only_winning: bool) -> Floats:
        if not moments:
            return np.zeros(0)
        deals, day = self._places(moments)
        law = self.law
        slots = law.stale_after + 1 if self._knows_stale else 1
        # The chance of being, still open, in each situation: interest, stage, days in stage, next step, moment.
        open_mass = np.zeros((len(law.interests), len(law.stages), slots, 2, len(deals)))
        slot = np.minimum(self.course.days_in_stage[day, deals], slots - 1)
        step = self.course.has_step[day, deals].astype(int)
        undecided = np.arange(len(deals))
        open_mass[:, self.course.stage[day, deals], slot, step, undecided] = self._interests(deals, day).T
        reached = np.zeros(len(deals))
        for number in range(1, within_days + 1):
            today = day[undecided] + number
            open_mass, arrived = self._next_day(open_mass, deals[undecided], today, only_winning=only_winning)
            reached[undecided] += arrived
            matters = open_mass.sum(axis=(0, 1, 2, 3)) > _NEGLIGIBLE
            if not matters.all():
                open_mass, undecided = open_mass[..., matters], undecided[matters]
            if not len(undecided):
                break
        return reached

    def _next_day(self, before: Floats, deals: Ints, day: Ints, *, only_winning: bool) -> tuple[Floats, Floats]:
        """Where the deals may be at the end of a day, and the chance of each of having arrived where is asked for.

        Days in stage count up to the last slot, in which a deal is stale.
        """
        interests, stages, slots, _, _ = before.shape
        by_stale = before if slots == 1 else np.stack([before[:, :, :-1].sum(axis=2), before[:, :, -1]], axis=2)
        chances = self.almanac.chances(
            day,
            own=self._own[:, deals],
            interest=np.arange(interests)[:, None, None, None, None],
            stage=np.arange(stages)[:, None, None, None],
            is_stale=np.arange(by_stale.shape[2])[:, None, None] > 0,
            has_step=np.arange(2)[:, None] > 0,
        )
        on, skip, back = ((by_stale * each).sum(axis=2) for each in (chances.on, chances.skip, chances.back))
        stay = chances.stay
        after = np.zeros_like(before)
        after[:, :, 1:] = before[:, :, :-1] * stay[:, :, :1]
        after[:, :, -1] += before[:, :, -1] * stay[:, :, -1]
        after[:, :-1, 0] += back[:, 1:]
        if only_winning:
            after[:, 1:, 0] += on[:, :-1]
            after[:, 2:, 0] += skip[:, :-2]
            arrived = on[:, -1:].sum(axis=(0, 1, 2)) + skip[:, -2:].sum(axis=(0, 1, 2))
        else:
            arrived = (on + skip).sum(axis=(0, 1, 2))
        newly_set, newly_done = after[..., 0, :] * self.law.next_step_set, after[..., 1, :] * self.law.next_step_done
        after[..., 0, :] += newly_done - newly_set
        after[..., 1, :] += newly_set - newly_done
        return after, arrived

    @property
    def _knows_stale(self) -> bool:
        return any(law.stale != 0 for law in (self.law, self.law.later or self.law))

    def _places(self, moments: Sequence[tuple[int, datetime]]) -> tuple[Ints, Ints]:
        """Each moment's deal, and the last day of which it knows what happened to that deal."""
        deals = np.array([deal_id - 1 for deal_id, _ in moments])
        since = np.array([(at - START) // timedelta(microseconds=1) for _, at in moments])
        days = (since - self.traits.second[deals] * 1_000_000) // 86_400_000_000
        if (days < self.traits.born[deals]).any() or (days >= len(self.course.stage)).any():
            raise ValueError("the deal did not exist yet, or nothing is known any more")
        if (self.course.stage[days, deals] >= len(self.law.stages)).any():
            raise ValueError("the deal was closed")
        return deals, days

    def _interests(self, deals: Ints, until: Ints) -> Floats:
        """How likely each kind of interest is, given the record of each deal up to a day: moments by kinds."""
        kinds = self.law.interests
        if len(kinds) == 1:
            return np.ones((len(deals), 1))
        told = np.tile(np.log([each.share for each in kinds]), (len(deals), 1))
        meetings = np.array([each.meetings for each in kinds])
        slips = np.array([each.slips for each in kinds])
        for day in range(int(self.traits.born[deals].min()) + 1, int(until.max()) + 1):
            there = np.flatnonzero((self.traits.born[deals] < day) & (day <= until))
            seen = deals[there]
            today = self._day_of_each_interest(day, seen)
            step = self.course.stage[day, seen].astype(int) - self.course.stage[day - 1, seen]
            happened = np.select(
                [(step == 0)[:, None], (step == 1)[:, None], (step == 2)[:, None]],
                [today.stay, today.on, today.skip],
                today.back,
            )
            met, slipped = (each[day, seen][:, None] for each in (self.course.meeting, self.course.slip))
            told[there] += np.log(
                happened * np.where(met, meetings, 1 - meetings) * np.where(slipped, slips, 1 - slips)
            )
        likely: Floats = np.exp(told - told.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        return likely

    def _day_of_each_interest(self, day: int, deals: Ints) -> Chances:
        """What a day of the past had in store for deals, for each kind of interest that the buyer may have had."""
        course, yesterday = self.course, day - 1
        return self.almanac.chances(
            np.array(day),
            own=self._own[:, deals, None],
            interest=np.arange(len(self.law.interests)),
            stage=course.stage[yesterday, deals, None].astype(int),
            is_stale=course.days_in_stage[yesterday, deals, None] >= self.law.stale_after,
            has_step=course.has_step[yesterday, deals, None],
        )


def a_funnel(law: FunnelLaw, *, deals: int, over_days: int, seed: int = 1) -> Simulated:
    """Deals that come in evenly over the days, each followed until it is closed or the days are over."""
    dice = np.random.default_rng(seed)
    traits = some_traits(law, deals=deals, over_days=over_days, dice=dice)
    almanac = Almanac(law, over_days=over_days, until=over_days + _UNTIL_DECIDED)
    return Simulated(law, traits, lived(law, traits, almanac, over_days=over_days, dice=dice), almanac, seed)
