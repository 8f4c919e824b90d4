"""The invented funnels keep what they promise: what comes of their deals is as frequent as the stated chances say."""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from models.activity import ActivityKind
from models.database import Database
from models.history import Change
from models.timeline import DealHistory
from models.timelines import Timelines
from models.workspace import workspace_of
from scoring.arrays import Floats
from tests.models.imports import NOW, Office
from tests.scoring.funnel_files import stage_plan, write_csv_files
from tests.scoring.funnel_law import PLAIN, RICH, FunnelLaw, Interest, OpenStage
from tests.scoring.simulation import after, days
from tests.scoring.truth import Simulated, a_funnel

HORIZON = 30
OVER_DAYS = 700
ONE_STAGE = replace(PLAIN, stages=(OpenStage("Lead", on=-3.0, lost=-4.0),))
DRIFTING = replace(RICH, later=replace(RICH, stages=tuple(replace(each, on=each.on - 1.5) for each in RICH.stages)))
RESTLESS = replace(
    RICH,
    stages=tuple(replace(each, back=-3.0) for each in RICH.stages),
    skips=0.5,
    season={month: 1.2 if month % 2 else -1.2 for month in range(1, 13)},
)
"""Deals fall back as often as they move on, every other move skips a stage, and every other month is a bad one."""
FAR = 4.0
"""Standard deviations; of the few hundred that are looked at none should be so far off by chance."""


@dataclass(frozen=True)
class Case:
    """A deal at a moment at which it was open."""

    history: DealHistory
    at: datetime

    @property
    def key(self) -> tuple[int, datetime]:
        return self.history.deal_id, self.at

    @property
    def known(self) -> DealHistory:
        return self.history.as_of(self.at)

    def moved(self, within_days: int) -> bool:
        return self._happens(lambda change: change.is_forward, within_days)

    def won(self, within_days: int) -> bool:
        return self._happens(lambda change: change is Change.WON, within_days)

    def _happens(self, what: Callable[[Change], bool], within_days: int) -> bool:
        return any(
            what(move.change) and self.at < move.at <= self.at + days(within_days) for move in self.history.moves
        )


def cases(funnel: Simulated, *, until: float, seed: int = 0) -> list[Case]:
    """A moment of each deal that is still open at an age drawn by lot, so that no deal is heard twice.

    A lot among the days on which it was open would favour the moments of deals that are about to close.
    """
    dice = np.random.default_rng(seed)
    found = []
    for history in funnel.past().histories:
        at = history.created_at + days(dice.exponential(30))
        if at < min(history.standing.closed_at or at + days(1), after(until)):
            found.append(Case(history, at))
    return found


def off(happened: Sequence[bool], chances: Floats) -> float:
    """By how many standard deviations what happened is off from what was to be expected."""
    return float((np.sum(happened) - chances.sum()) / variance(chances) ** 0.5)


def variance(chances: Floats) -> float:
    """Of how often it happens; where it is small, what happens is not normally distributed about what is expected."""
    return float((chances * (1 - chances)).sum())


def meetings(history: DealHistory) -> int:
    return sum(each.kind is ActivityKind.MEETING for each in history.activities)


SLICES: dict[str, Callable[[Case], Hashable]] = {
    "stage": lambda case: case.known.standing.stage_id,
    "month": lambda case: case.at.month,
    "owner": lambda case: case.history.owner_id,
    "source": lambda case: case.history.source,
    "industry": lambda case: case.history.custom["Industry"],
    "colour": lambda case: case.history.custom["Colour"],
    "seats": lambda case: int(case.history.custom["Seats"]) // 100,
    "amount": lambda case: round(math.log(float(case.history.amount or 1))),
    "meetings": lambda case: min(meetings(case.known), 4),
    "slips": lambda case: min(len(case.known.revisions), 2),
    "days in stage": lambda case: (case.at - case.known.standing.entered_at).days // 10,
    "next step": lambda case: any(step.done_at is None for step in case.known.steps),
    "half": lambda case: case.at < after(OVER_DAYS / 2),
}


@pytest.mark.parametrize(("law", "seed"), [*product([RICH], [1, 2, 3]), (DRIFTING, 4), (PLAIN, 5), (RESTLESS, 13)])
def test_what_happens_is_as_frequent_as_the_stated_chances_in_every_slice(law: FunnelLaw, seed: int) -> None:
    funnel = a_funnel(law, deals=2500, over_days=OVER_DAYS, seed=seed)
    asked = cases(funnel, until=OVER_DAYS - 120)
    keys = [case.key for case in asked]
    told = {
        "moved": (np.array([case.moved(HORIZON) for case in asked]), funnel.chances_of_moving(keys, HORIZON)),
        "won": (np.array([case.won(120) for case in asked]), funnel.chances_of_winning(keys, within_days=120)),
    }

    far_off = {}
    for (name, slice_of), question in product(SLICES.items(), told):
        places = defaultdict(list)
        for place, case in enumerate(asked):
            places[slice_of(case)].append(place)
        happened, chances = told[question]
        for value, there in places.items():
            if variance(chances[there]) >= 5 and abs(found := off(happened[there].tolist(), chances[there])) > FAR:
                far_off[question, name, value] = found

    assert far_off == {}


def test_deals_are_won_in_the_end_as_often_as_stated() -> None:
    funnel = a_funnel(RICH, deals=2500, over_days=OVER_DAYS, seed=6)
    early = [case for case in cases(funnel, until=200) if case.at < after(200)]

    decided = [case for case in early if case.history.standing.closed_at]

    assert len(decided) > 0.98 * len(early)
    won = [case.won(OVER_DAYS) for case in early]
    assert abs(off(won, funnel.chances_of_winning([case.key for case in early]))) < FAR


def test_with_one_stage_the_chance_is_the_one_of_the_textbook() -> None:
    funnel = a_funnel(ONE_STAGE, deals=1, over_days=10)
    created_at = funnel.past().histories[0].created_at
    on, lost = np.exp([-3.0, -4.0]) / (1 + np.exp([-3.0, -4.0]).sum())

    assert funnel.chance_of_winning(1, created_at) == pytest.approx(on / (on + lost), abs=1e-5)
    assert funnel.chance_of_moving(1, created_at, HORIZON) == pytest.approx(
        on / (on + lost) * (1 - (1 - on - lost) ** HORIZON)
    )


ONE_EFFECT = {
    "owner": replace(PLAIN, owners={1: -1.0, 2: 0.0, 3: 0.0, 4: 0.0, 5: 1.0}),
    "source": replace(PLAIN, sources={"web": -1.0, "partner": 1.0, "fair": 0.0}),
    "industry": replace(PLAIN, industries={"Software": 1.0, "Health": 0.0, "City": -1.0}),
    "seats": replace(PLAIN, seats=1.0),
    "amount": replace(PLAIN, amount=-1.0),
    "month": replace(PLAIN, season={6: 1.0, 8: -1.0}),
    "meetings": replace(PLAIN, interests=(Interest(0.5, -0.7, 0.01, 0.01), Interest(0.5, 0.7, 0.1, 0.01))),
    "slips": replace(PLAIN, interests=(Interest(0.5, 0.7, 0.03, 0.002), Interest(0.5, -0.7, 0.03, 0.02))),
    "days in stage": replace(PLAIN, stale=-1.5, stale_after=20),
    "next step": replace(PLAIN, next_step=1.0),
    "half": replace(PLAIN, later=replace(PLAIN, stages=tuple(replace(each, on=each.on - 2) for each in PLAIN.stages))),
}


@pytest.mark.parametrize("effect", ONE_EFFECT)
def test_each_effect_shows_where_it_should_and_only_when_it_is_switched_on(effect: str) -> None:
    def spread(law: FunnelLaw) -> float:
        """How far apart the mean chances of the values are, within the first stage, where the effect is not seen by
        way of the stage."""
        funnel = a_funnel(law, deals=1500, over_days=OVER_DAYS, seed=7)
        first = [each for each in cases(funnel, until=OVER_DAYS) if each.known.standing.stage_id == 1]
        chances = funnel.chances_of_moving([case.key for case in first], HORIZON)
        by_value = defaultdict(list)
        for case, chance in zip(first, chances.tolist(), strict=True):
            by_value[SLICES[effect](case)].append(chance)
        means = [np.mean(each) for each in by_value.values() if len(each) >= 20]
        return float(max(means) - min(means))

    assert spread(ONE_EFFECT[effect]) > 0.08
    assert spread(PLAIN) < 1e-9


def test_a_company_that_bought_before_buys_again() -> None:
    funnel = a_funnel(replace(PLAIN, bought_before=1.0), deals=1500, over_days=OVER_DAYS, seed=8)
    asked = cases(funnel, until=OVER_DAYS)
    wins = defaultdict(list)
    for history in funnel.past().histories:
        if history.moves[-1].change is Change.WON:
            wins[history.company].append(history.moves[-1].at)

    chances = funnel.chances_of_winning([case.key for case in asked], within_days=90)

    again = np.array([any(at < case.history.created_at for at in wins[case.history.company]) for case in asked])
    assert min(again.sum(), (~again).sum()) > 300
    assert chances[again].mean() > chances[~again].mean() + 0.1
    won = np.array([case.won(90) for case in asked if case.at < after(OVER_DAYS - 90)])
    bought = again[[case.at < after(OVER_DAYS - 90) for case in asked]]
    assert won[bought].mean() > won[~bought].mean() + 0.05


@pytest.mark.parametrize("name", ["Colour", "Office", "Reference", "Remark"])
def test_fields_that_mean_nothing_do_not_tell_the_fate(name: str) -> None:
    histories = a_funnel(RICH, deals=2500, over_days=OVER_DAYS, seed=9).past().histories
    share = np.mean([history.moves[-1].change is Change.WON for history in histories])
    by_value = defaultdict(list)
    for history in histories:
        by_value[history.custom[name]].append(history.moves[-1].change is Change.WON)

    for won in by_value.values():
        if len(won) >= 30:
            assert abs(off(won, np.full(len(won), share))) < FAR


def test_the_number_that_means_nothing_has_no_correlation_with_the_fate_and_the_other_has() -> None:
    histories = a_funnel(RICH, deals=2500, over_days=OVER_DAYS, seed=9).past().histories
    won = [history.moves[-1].change is Change.WON for history in histories]

    def correlation(name: str) -> float:
        return float(np.corrcoef([float(history.custom[name]) for history in histories], won)[0, 1])

    assert abs(correlation("Luck")) < FAR / 2500**0.5
    assert correlation("Seats") > FAR / 2500**0.5


def test_the_truth_knows_nothing_later_than_its_moment() -> None:
    funnel = a_funnel(RICH, deals=300, over_days=400, seed=10)
    day = 200
    at = after(day + 0.5)
    there = np.flatnonzero((funnel.course.stage[day] >= 0) & (funnel.course.stage[day] < len(RICH.stages)))
    keys = [(int(place) + 1, at) for place in there]
    later = {name: values.copy() for name, values in vars(funnel.course).items()}
    for name in ("stage", "days_in_stage", "has_step", "meeting", "slip", "small_talk"):
        later[name][day + 1 :] = 1

    another = replace(funnel, course=replace(funnel.course, **later))

    assert len(keys) > 20
    assert np.array_equal(funnel.chances_of_moving(keys, HORIZON), another.chances_of_moving(keys, HORIZON))
    assert np.array_equal(funnel.chances_of_winning(keys), another.chances_of_winning(keys))


def test_one_deal_is_told_the_same_as_among_many() -> None:
    funnel = a_funnel(RICH, deals=200, over_days=300, seed=11)
    keys = [case.key for case in cases(funnel, until=300)]

    at_once = funnel.chances_of_winning(keys)

    assert [funnel.chance_of_winning(*key) for key in keys[:5]] == pytest.approx(at_once[:5].tolist())


def test_of_deals_that_are_closed_or_not_there_yet_there_is_no_truth() -> None:
    funnel = a_funnel(PLAIN, deals=300, over_days=300)
    history = next(each for each in funnel.past().histories if each.standing.closed_at)
    assert history.standing.closed_at

    for at in (history.created_at - days(1), history.standing.closed_at, after(1000)):
        with pytest.raises(ValueError, match=r"closed|exist"):
            funnel.chance_of_moving(history.deal_id, at, HORIZON)


def test_the_same_seed_gives_the_same_team_and_another_another() -> None:
    first, again, other = (a_funnel(RICH, deals=50, over_days=200, seed=seed).past() for seed in (1, 1, 2))

    assert first.histories == again.histories
    assert first.histories != other.histories


def test_the_files_bring_over_the_same_moves_and_activities(database: Database, tmp_path: Path) -> None:
    funnel = a_funnel(RICH, deals=40, over_days=200, seed=12)
    past = funnel.past()
    write_csv_files(funnel, tmp_path)
    office = Office(database, tmp_path)

    reports = (
        office.deals((tmp_path / "deals.csv").read_text(), pipeline="Funnel", stages=stage_plan(funnel)),
        office.history((tmp_path / "history.csv").read_text()),
        office.activities((tmp_path / "activities.csv").read_text()),
    )

    assert [report.rejected for report in reports] == [0, 0, 0]
    with database.reading() as session:
        timelines = Timelines(session, workspace_of(session, office.team, at=NOW))
        come_over, stages = timelines.all(), timelines.stages()
    assert len(come_over) == 40
    for ours, theirs in zip(past.histories, come_over, strict=True):
        assert [(move.at, stages[move.to_stage_id].name, move.change) for move in theirs.moves] == [
            (move.at, past.stages[move.to_stage_id].name, move.change) for move in ours.moves
        ]
        assert theirs.activities == ours.activities
        assert (theirs.created_at, theirs.company, theirs.source, theirs.amount, theirs.close_date) == (
            ours.created_at,
            ours.company,
            ours.source,
            ours.amount,
            ours.close_date,
        )
        assert dict(theirs.custom) == dict(ours.custom)
