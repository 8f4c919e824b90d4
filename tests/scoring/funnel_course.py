"""Lets invented deals live by their law: on every day each one moves or stays, and something is noted of it or not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.arrays import Bools, Floats, Ints
from tests.scoring.funnel_law import MOST_SEATS, USUAL_AMOUNT, Almanac, FunnelLaw, Traits

_DEALS_A_COMPANY = 4
_OFFICE_SECONDS = 9 * 3600
_SMALL_TALKS = 3


@dataclass(frozen=True)
class Course:
    """How deals stood at the end of each day: days by deals.

    `stage` counts the open stages from 0, then comes won, then lost; it is -1 before a deal is created. `small_talk` is
    0 where there was none, and else the number of its kind. Nothing is noted of a deal that is not open.
    """

    stage: NDArray[np.int8]
    days_in_stage: NDArray[np.int16]
    has_step: Bools
    meeting: Bools
    slip: Bools
    small_talk: NDArray[np.int8]
    bought_before: Bools
    """By deals only: whether a deal of the same company had been won when the deal was created."""


def some_traits(law: FunnelLaw, *, deals: int, over_days: int, dice: np.random.Generator) -> Traits:
    return Traits(
        born=np.sort(dice.integers(0, over_days, deals)),
        second=dice.integers(0, _OFFICE_SECONDS, deals),
        owner=dice.integers(0, len(law.owners), deals),
        source=dice.integers(0, len(law.sources), deals),
        industry=dice.integers(0, len(law.industries), deals),
        company=dice.integers(0, deals // _DEALS_A_COMPANY + 1, deals),
        amount=np.rint(USUAL_AMOUNT * np.exp(dice.normal(0, 1, deals))).astype(int) + 1,
        seats=dice.integers(1, MOST_SEATS + 1, deals),
        interest=dice.choice(len(law.interests), deals, p=[each.share for each in law.interests]),
    )


def lived(law: FunnelLaw, traits: Traits, almanac: Almanac, *, over_days: int, dice: np.random.Generator) -> Course:
    """The days of all deals, until they are closed or the days are over."""
    shape = (over_days, len(traits.born))
    course = Course(
        stage=np.full(shape, -1, dtype=np.int8),
        days_in_stage=np.zeros(shape, dtype=np.int16),
        has_step=np.zeros(shape, dtype=np.bool_),
        meeting=np.zeros(shape, dtype=np.bool_),
        slip=np.zeros(shape, dtype=np.bool_),
        small_talk=np.zeros(shape, dtype=np.int8),
        bought_before=np.zeros(len(traits.born), dtype=np.bool_),
    )
    won = len(law.stages)
    meetings = np.array([each.meetings for each in law.interests])
    slips = np.array([each.slips for each in law.interests])
    company_bought = np.zeros(int(traits.company.max(initial=0)) + 1, dtype=np.bool_)
    for day in range(over_days):
        if day:
            course.stage[day] = course.stage[day - 1]
            moving = np.flatnonzero((course.stage[day] >= 0) & (course.stage[day] < won))
            _move(law, traits, almanac, course, day=day, deals=moving, dice=dice)
        new = np.flatnonzero(traits.born == day)
        course.bought_before[new] = company_bought[traits.company[new]]
        course.stage[day, new] = 0
        company_bought[traits.company[course.stage[day] == won]] = True
        if day:
            there = moving[course.stage[day, moving] < won]
            course.meeting[day, there] = dice.random(len(there)) < meetings[traits.interest[there]]
            course.slip[day, there] = dice.random(len(there)) < slips[traits.interest[there]]
            talked = there[dice.random(len(there)) < law.chatter]
            course.small_talk[day, talked] = dice.integers(1, _SMALL_TALKS + 1, len(talked))
    return course


def _move(
    law: FunnelLaw,
    traits: Traits,
    almanac: Almanac,
    course: Course,
    *,
    day: int,
    deals: Ints,
    dice: np.random.Generator,
) -> None:
    won = len(law.stages)
    stage, days_in_stage = course.stage[day - 1, deals].astype(int), course.days_in_stage[day - 1, deals]
    had_step = course.has_step[day - 1, deals]
    today = almanac.chances(
        np.full(len(deals), day),
        own=almanac.own_drive(traits.of(deals), course.bought_before[deals]),
        interest=traits.interest[deals],
        stage=stage,
        is_stale=days_in_stage >= law.stale_after,
        has_step=had_step,
    )
    fate: Floats = dice.random(len(deals))
    bounds = np.cumsum([today.on, today.skip, today.back, today.lost], axis=0)
    places = [np.minimum(stage + 1, won), np.minimum(stage + 2, won), stage - 1, np.full(len(deals), won + 1)]
    now = np.select([fate < bound for bound in bounds], places, stage)
    course.stage[day, deals] = now
    course.days_in_stage[day, deals] = np.where(now == stage, days_in_stage + 1, 0)
    toggled = dice.random(len(deals)) < np.where(had_step, law.next_step_done, law.next_step_set)
    course.has_step[day, deals] = (had_step ^ toggled) & (now < won)
