"""Says by what law the deals of an invented team move: each day a deal moves on, falls back, is lost, or stays.

All effects are log-odds against staying another day, so they add up, and zero switches one off. `PLAIN` knows stages
only; `RICH` has every effect at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from models.pipeline import StageKind
from models.timeline import StageFacts
from scoring.arrays import Bools, Floats, Ints
from tests.scoring.simulation import START

USUAL_AMOUNT = 5000
MOST_SEATS = 500


@dataclass(frozen=True)
class OpenStage:
    """The log-odds of a day in this stage: of moving on, of falling back into the stage before, and of being lost."""

    name: str
    on: float = -3.6
    back: float = -6.0
    lost: float = -4.8


@dataclass(frozen=True)
class Interest:
    """How keen a buyer is, which nobody can see: `drive` is what it adds, `share` how many buyers are like that.

    What can be seen of it are meetings, and close dates that are put off; these are their chances of a day.
    """

    share: float = 1.0
    drive: float = 0.0
    meetings: float = 0.03
    slips: float = 0.005


@dataclass(frozen=True)
class FunnelLaw:
    """What moves a deal on.

    Owners, sources, industries and months (from 1) add what stands beside them, other months nothing. `amount` is for
    each time that an amount is e times the usual, `seats` for a standard deviation more of them, `bought_before` for a
    company of which a deal was won before this one was created, `stale` once a deal has been in its stage for
    `stale_after` days, and `next_step` while one is set. `skips` is the share of moves on that leave out a stage.
    `keeps` is how much of everything that drives a deal on also keeps it from being lost. `later` is what the law has
    linearly become when the days of the simulation are over, and then stays; of it only what moves deals counts, and
    its owners, sources, industries, kinds of interest and stages must be the same ones. `chatter` is the chance of a
    day of a note, call or email, which mean nothing.
    """

    stages: tuple[OpenStage, ...] = (OpenStage("Lead", -4.0), OpenStage("Demo", -3.4), OpenStage("Offer", -3.8))
    owners: Mapping[int, float] = field(default_factory=lambda: dict.fromkeys((1, 2, 3, 4, 5), 0.0))
    sources: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(("web", "partner", "fair"), 0.0))
    industries: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(("Software", "Health", "City"), 0.0))
    seats: float = 0.0
    amount: float = 0.0
    bought_before: float = 0.0
    interests: tuple[Interest, ...] = (Interest(),)
    season: Mapping[int, float] = field(default_factory=dict)
    stale: float = 0.0
    stale_after: int = 21
    next_step: float = 0.0
    next_step_set: float = 0.04
    next_step_done: float = 0.08
    chatter: float = 0.06
    skips: float = 0.0
    keeps: float = 0.0
    later: "FunnelLaw | None" = None

    def __post_init__(self) -> None:
        if self.later and self.later._shape != self._shape:
            raise ValueError("a law cannot become one of other stages, owners, sources, industries or interests")

    @property
    def _shape(self) -> tuple[object, ...]:
        named = (list(self.owners), list(self.sources), list(self.industries))
        return (*named, [stage.name for stage in self.stages], len(self.interests))

    def stage_facts(self) -> dict[int, StageFacts]:
        """The pipeline, with ids from 1: its open stages, then Won and Lost."""
        plan = [(each.name, StageKind.OPEN) for each in self.stages]
        plan += [("Won", StageKind.WON), ("Lost", StageKind.LOST)]
        return {
            number: StageFacts(number, 1, name, number - 1, kind, None)
            for number, (name, kind) in enumerate(plan, start=1)
        }


PLAIN = FunnelLaw()
RICH = FunnelLaw(
    owners={1: -0.6, 2: -0.2, 3: 0.0, 4: 0.2, 5: 0.6},
    sources={"web": -0.5, "partner": 0.7, "fair": 0.0},
    industries={"Software": 0.6, "Health": 0.0, "City": -0.6},
    seats=0.3,
    amount=-0.3,
    bought_before=0.5,
    interests=(Interest(0.5, -0.5, 0.01, 0.012), Interest(0.3, 0.2, 0.04, 0.006), Interest(0.2, 0.9, 0.1, 0.002)),
    season={3: 0.4, 8: -0.7, 12: -0.5},
    stale=-0.7,
    next_step=0.6,
    skips=0.1,
    keeps=0.5,
)


@dataclass(frozen=True)
class Traits:
    """What is given of each deal when it is created, a place per deal; categories as places in the law's mappings.

    `second` is the second of the day at which anything happens to the deal. Nobody sees `interest`.
    """

    born: Ints
    second: Ints
    owner: Ints
    source: Ints
    industry: Ints
    company: Ints
    amount: Ints
    seats: Ints
    interest: Ints

    def of(self, deals: Ints) -> "Traits":
        return Traits(**{name: values[deals] for name, values in vars(self).items()})


class Chances(NamedTuple):
    """Of moving into the next stage, over one, back, and of being lost, within a day; the rest is of staying."""

    on: Floats
    skip: Floats
    back: Floats
    lost: Floats

    @property
    def stay(self) -> Floats:
        return 1 - self.on - self.skip - self.back - self.lost


class Almanac:
    """A law as it stands on each day from START (day 0) on."""

    def __init__(self, law: FunnelLaw, *, over_days: int, until: int) -> None:
        self._laws = (law, law.later or law)
        self._later = np.minimum(np.arange(until + 1) / over_days, 1.0)
        months = [(START + timedelta(days=day)).month for day in range(until + 1)]
        season = [np.array([each.season.get(month, 0.0) for month in months]) for each in self._laws]
        self._season = season[0] + self._later * (season[1] - season[0])
        self._on = self._daily(lambda each: [stage.on for stage in each.stages])
        self._back = self._daily(lambda each: [stage.back for stage in each.stages])
        self._back[:, 0] = -np.inf
        self._lost = self._daily(lambda each: [stage.lost for stage in each.stages])
        self._interest = self._daily(lambda each: [interest.drive for interest in each.interests])
        self._stale = self._daily(lambda each: each.stale)
        self._step = self._daily(lambda each: each.next_step)
        self._skips = self._daily(lambda each: each.skips)
        self._keeps = self._daily(lambda each: each.keeps)

    def own_drive(self, deals: Traits, bought_before: Bools) -> Floats:
        """What each deal's own traits add, under the law at the start (first row) and at the end (second row)."""
        return np.array([_own_drive(law, deals, bought_before) for law in self._laws])

    def chances(
        self, day: Ints, *, own: Floats, interest: Ints, stage: Ints, is_stale: Bools, has_step: Bools
    ) -> Chances:
        """What a day brings deals in these situations; all arguments broadcast, `own` has a first axis of two."""
        later = self._later[day]
        drive = own[0] + later * (own[1] - own[0]) + self._season[day] + self._interest[day, interest]
        drive = drive + self._stale[day] * is_stale + self._step[day] * has_step
        on = np.exp(self._on[day, stage] + drive)
        back = np.exp(self._back[day, stage])
        lost = np.exp(self._lost[day, stage] - self._keeps[day] * drive)
        all_odds = 1 + on + back + lost
        skips = self._skips[day]
        return Chances(on * (1 - skips) / all_odds, on * skips / all_odds, back / all_odds, lost / all_odds)

    def _daily(self, number: Callable[[FunnelLaw], float | list[float]]) -> Floats:
        """A number of the law, or several, for each day."""
        first, last = (np.asarray(number(law), dtype=np.float64) for law in self._laws)
        daily: Floats = first + np.multiply.outer(self._later, last - first)
        return daily


def _own_drive(law: FunnelLaw, deals: Traits, bought_before: Bools) -> Floats:
    drive: Floats = (
        np.array(list(law.owners.values()))[deals.owner]
        + np.array(list(law.sources.values()))[deals.source]
        + np.array(list(law.industries.values()))[deals.industry]
        + law.amount * np.log(deals.amount / USUAL_AMOUNT)
        + law.seats * (deals.seats - MOST_SEATS / 2) / (MOST_SEATS / 12**0.5)
        + law.bought_before * bought_before
    )
    return drive
