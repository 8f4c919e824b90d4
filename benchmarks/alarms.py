"""`python -m benchmarks.alarms` measures how often the watch over stages is wrong, and how soon it is right.

Simulated teams begin so many deals a week, which pass five stages with stays of random length. Told are the share of
months in which a false alarm is raised while nothing changes for good, in steady teams and in such with seasons and
people who come and go; and the share of changes (loss rate doubled, stays twice as long, in one stage) that are found
within three, four and six weeks. They happen on any day, and each day is looked at, as the bot does.

Beside it stands what nobody can do better: the losses of the three weeks counted by somebody who knows the rate before
and after, and may be wrong as often as one month in twenty in five stages together.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator
from rich.console import Console
from rich.table import Table
from scipy.special import expit, logit
from scipy.stats import binom

from models.history import Change
from models.known_deals import KnownDeal
from models.leaks import Abnormal
from models.pipeline import StageKind
from models.timeline import DealHistory, PastMove, StageFacts
from scoring.arrays import Floats
from scoring.stage_watch import StageWatch

END = datetime.fromisoformat("2026-11-23T00:00:00+00:00")
STAGES = [
    *(StageFacts(number, 1, f"Stage {number}", number, StageKind.OPEN, None) for number in range(5)),
    StageFacts(5, 1, "Won", 5, StageKind.WON, None),
    StageFacts(6, 1, "Lost", 6, StageKind.LOST, None),
]
WON, LOST = 5, 6
MEAN_DAYS = 8.0
SEATS = 5
_DAY = timedelta(days=1)
_YEAR, _QUARTER = 365.25, 91.3


@dataclass(frozen=True)
class Shift:
    """From so many days before END on, deals in the first stage are lost, or stay, so many times as much."""

    days: float
    losses: float = 1.0
    stays: float = 1.0


@dataclass(frozen=True)
class Swings:
    """What makes a stable team unsteady: over a year the deals that begin, the log-odds of losing one and how long
    they stay go up and down by so much; five people differ by so much in these log-odds, and each quarter one of them
    leaves for somebody new."""

    begun: float = 0.0
    losses: float = 0.0
    stays: float = 0.0
    people: float = 0.0


STEADY, UNSTEADY = Swings(), Swings(begun=0.3, losses=0.2, stays=0.15, people=0.3)


@dataclass
class _Team:
    """How one simulated team swings: when its year begins, and who sits where in which quarter."""

    random: Generator
    swings: Swings
    begins: float = field(init=False)
    people: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.begins = self.random.random() * _YEAR
        sitting = self.random.normal(0, self.swings.people, SEATS)
        quarters = []
        for _ in range(40):
            sitting[self.random.integers(SEATS)] = self.random.normal(0, self.swings.people)
            quarters.append(sitting.copy())
        self.people = np.array(quarters)

    def season(self, day: float) -> float:
        return float(np.sin(2 * np.pi * (day - self.begins) / _YEAR))

    def loss(self, usual: float, seat: int, day: float) -> float:
        person = self.people[int(-day / _QUARTER), seat]
        return float(expit(logit(usual) + self.swings.losses * self.season(day) + person))


def a_team_s_past(
    random: Generator,
    *,
    deals_a_week: float,
    loss: float,
    weeks: int,
    shift: Shift | None = None,
    swings: Swings = STEADY,
) -> list[KnownDeal]:
    team = _Team(random, swings)
    most = 1 + swings.begun
    days = -7.0 * weeks * random.random(random.poisson(deals_a_week * weeks * most))
    begun = [day for day in days if random.random() * most < 1 + swings.begun * team.season(day)]
    return [_deal(team, number, day, loss, shift) for number, day in enumerate(begun)]


def _deal(team: _Team, number: int, day: float, loss: float, shift: Shift | None) -> KnownDeal:
    random, stage, seat = team.random, 0, int(team.random.integers(SEATS))
    moves = [PastMove(END + day * _DAY, Change.CREATED, None, 0, None)]
    while stage < WON:
        is_shifted = shift is not None and stage == 0
        day = _leaves(team, day, shift if is_shifted else None)
        if day >= 0:
            break
        now = shift.losses if shift and is_shifted and day >= -shift.days else 1.0
        is_lost = random.random() < team.loss(loss, seat, day) * now
        to = LOST if is_lost else stage + 1
        change = Change.LOST if is_lost else Change.WON if to == WON else Change.FORWARD
        moves.append(PastMove(END + day * _DAY, change, stage, to, None, "price" if is_lost else ""))
        stage = LOST if is_lost else to
    fields = DealHistory(number, 1, moves[0].at, None, "", "", None, "USD", None, {}, tuple(moves))
    return KnownDeal(fields, fields.moves)


def _leaves(team: _Team, day: float, shift: Shift | None) -> float:
    """Stays have the shape of a gamma distribution; what is left of one at a shift is stretched."""
    left = day + team.random.gamma(1.5, MEAN_DAYS / 1.5) * (1 + team.swings.stays * team.season(day))
    begins = -shift.days if shift else 0.0
    if shift is None or left < begins:
        return left
    from_then_on = max(day, begins)
    return from_then_on + (left - from_then_on) * shift.stays


def false_alarms(
    random: Generator, *, deals_a_week: float, loss: float, teams: int, swings: Swings = STEADY
) -> tuple[int, int]:
    """Months in which an alarm is raised, of all that were looked at: the last twelve of three years."""
    wrong = 0
    for _ in range(teams):
        past = a_team_s_past(random, deals_a_week=deals_a_week, loss=loss, weeks=156, swings=swings)
        first = END - 360 * _DAY
        raised = {
            (key, alarm.begun)
            for alarms in StageWatch(past, STAGES, until=END).course(first, END)
            for key, alarm in alarms.items()
        }
        wrong += len({(since - first) // (30 * _DAY) for _, since in raised if since > first})
    return wrong, 12 * teams


def found(
    random: Generator, shift: Shift, kind: Abnormal, *, deals_a_week: float, loss: float, swings: Swings = STEADY
) -> int | None:
    """After how many days since the shift, which is as old as `shift.days`, its stage is out of line at a day's end."""
    past = a_team_s_past(random, deals_a_week=deals_a_week, loss=loss, weeks=104, shift=shift, swings=swings)
    watch = StageWatch(past, STAGES, until=END)
    for days in range(1, int(shift.days) + 1):
        seen = watch.verdicts(END - (shift.days - days) * _DAY).abnormal
        if any(each.kind is kind and each.stage.id == 0 for each in seen):
            return days
    return None


def _within(
    random: Generator, shift: Shift, kind: Abnormal, *, loss: float, teams: int, swings: Swings
) -> Iterator[float]:
    days = [found(random, shift, kind, deals_a_week=30, loss=loss, swings=swings) for _ in range(teams)]
    for weeks in (3, 4, 6):
        yield float(np.mean([day is not None and day <= 7 * weeks for day in days]))


def best_possible(random: Generator, *, loss: float, a_month: float) -> float:
    """How many doubled loss rates at 30 deals a week are found within three weeks, if both rates are known and such a
    stage is wrongly alarmed of in `a_month` of its months."""
    quiet, doubled = (
        _counted(random, loss, days=days, teams=teams, doubled=doubled)
        for days, teams, doubled in ((3_000, 40, False), (42, 4_000, True))
    )
    levels = np.exp(np.linspace(np.log(1e-5), np.log(0.05), 60))
    months = quiet.size / (_YEAR / 12)
    raised = [float(np.sum((quiet[:, 1:] < level) & (quiet[:, :-1] >= level))) / months for level in levels]
    level = levels[np.searchsorted(raised, a_month) - 1]
    return float(np.mean((doubled[:, -21:] < level).any(axis=1)))


def _counted(random: Generator, loss: float, *, days: int, teams: int, doubled: bool) -> Floats:
    """By the end of each day, how often as many of three weeks' deals are lost by chance; doubled in the last three."""
    rates = np.full(days, loss)
    if doubled:
        rates[-21:] *= 2
    left = random.poisson(30 / 7, (teams, days))
    lost = random.binomial(left, rates)
    among, seen = (np.lib.stride_tricks.sliding_window_view(each, 21, axis=1).sum(axis=2) for each in (left, lost))
    chances: Floats = binom.sf(seen, among, loss) + binom.pmf(seen, among, loss) / 2
    return chances


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alarms", description=__doc__)
    parser.add_argument("--teams", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args()
    random, console = np.random.default_rng(wanted.seed), Console()
    table = Table("stable: deals a week", "loss rate a stage", "months", "steady: with a false alarm", "unsteady")
    for deals in (10, 30, 100):
        for loss in (0.1, 0.25):
            shares = []
            for swings in (STEADY, UNSTEADY):
                wrong, months = false_alarms(random, deals_a_week=deals, loss=loss, teams=wanted.teams, swings=swings)
                shares.append(f"{wrong / months:.1%}")
            table.add_row(str(deals), f"{loss:.0%}", str(months), *shares)
    console.print(table)
    table = Table(
        "changed, at 30 deals a week",
        "loss rate a stage",
        "within 3 weeks",
        "4",
        "6",
        "unsteady: 3",
        "4",
        "6",
        "best: 3",
    )
    changes = [(Shift(42, losses=2), Abnormal.ATTRITION, loss) for loss in (0.1, 0.15, 0.2, 0.3)]
    for shift, kind, loss in [*changes, (Shift(42, stays=2), Abnormal.SLOWDOWN, 0.2)]:
        shares = [
            f"{share:.0%}"
            for swings in (STEADY, UNSTEADY)
            for share in _within(random, shift, kind, loss=loss, teams=wanted.teams, swings=swings)
        ]
        best = f"{best_possible(random, loss=loss, a_month=0.05 / 5):.0%}" if kind is Abnormal.ATTRITION else ""
        name = "losses doubled" if kind is Abnormal.ATTRITION else "stays doubled"
        table.add_row(name, f"{loss:.0%}", *shares, best)
    console.print(table)


if __name__ == "__main__":
    main()
