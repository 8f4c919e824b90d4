"""`python -m benchmarks.alarms` measures how often the watch over stages is wrong, and how soon it is right.

Simulated teams begin the same number of deals each week, which pass five stages with stays of random length. Told are
the share of months with any alarm while nothing changes, and the share of changes (loss rate doubled, stays twice as
long, in one stage) that were found within three, four and six weeks, looking once a week as the bot does.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator
from rich.console import Console
from rich.table import Table

from models.history import Change
from models.known_deals import KnownDeal
from models.leaks import Abnormal
from models.pipeline import StageKind
from models.timeline import DealHistory, PastMove, StageFacts
from scoring.stage_watch import StageWatch

END = datetime.fromisoformat("2026-11-23T00:00:00+00:00")
STAGES = [
    *(StageFacts(number, 1, f"Stage {number}", number, StageKind.OPEN, None) for number in range(5)),
    StageFacts(5, 1, "Won", 5, StageKind.WON, None),
    StageFacts(6, 1, "Lost", 6, StageKind.LOST, None),
]
WON, LOST = 5, 6
MEAN_DAYS = 8.0
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shift:
    """From so many days before END on, deals in the first stage are lost, or stay, so many times as much."""

    days: float
    losses: float = 1.0
    stays: float = 1.0


def a_team_s_past(
    random: Generator, *, deals_a_week: float, loss: float, weeks: int, shift: Shift | None = None
) -> list[KnownDeal]:
    count = random.poisson(deals_a_week * weeks)
    return [_deal(random, number, loss, weeks, shift) for number in range(count)]


def _deal(random: Generator, number: int, loss: float, weeks: int, shift: Shift | None) -> KnownDeal:
    day, stage = -7.0 * weeks * random.random(), 0
    moves = [PastMove(END + day * _DAY, Change.CREATED, None, 0, None)]
    while stage < WON:
        is_shifted = shift is not None and stage == 0
        day = _leaves(random, day, shift if is_shifted else None)
        if day >= 0:
            break
        now = shift.losses if shift and is_shifted and day >= -shift.days else 1.0
        is_lost = random.random() < loss * now
        to = LOST if is_lost else stage + 1
        change = Change.LOST if is_lost else Change.WON if to == WON else Change.FORWARD
        moves.append(PastMove(END + day * _DAY, change, stage, to, None, "price" if is_lost else ""))
        stage = LOST if is_lost else to
    fields = DealHistory(number, 1, moves[0].at, None, "", "", None, "USD", None, {}, tuple(moves))
    return KnownDeal(fields, fields.moves)


def _leaves(random: Generator, day: float, shift: Shift | None) -> float:
    """Stays have the shape of a gamma distribution; what is left of one at a shift is stretched."""
    left = day + random.gamma(1.5, MEAN_DAYS / 1.5)
    begins = -shift.days if shift else 0.0
    if shift is None or left < begins:
        return left
    from_then_on = max(day, begins)
    return from_then_on + (left - from_then_on) * shift.stays


def false_alarms(random: Generator, *, deals_a_week: float, loss: float, teams: int) -> tuple[int, int]:
    """Months of four looks with any alarm, and all that were looked at."""
    wrong = months = 0
    for _ in range(teams):
        watch = StageWatch(a_team_s_past(random, deals_a_week=deals_a_week, loss=loss, weeks=104), STAGES, until=END)
        for month in range(12):
            looks = [END - (7 * (4 * month + week)) * _DAY for week in range(4)]
            wrong += any(watch.verdicts(look).abnormal for look in looks)
            months += 1
    return wrong, months


def found(random: Generator, shift: Shift, kind: Abnormal, *, deals_a_week: float, loss: float) -> int | None:
    """After how many weekly looks since the shift, which is as old as `shift.days`, its stage is out of line."""
    past = a_team_s_past(random, deals_a_week=deals_a_week, loss=loss, weeks=78, shift=shift)
    watch = StageWatch(past, STAGES, until=END)
    for week in range(1, int(shift.days / 7) + 1):
        seen = watch.verdicts(END - (shift.days - 7 * week) * _DAY).abnormal
        if any(each.kind is kind and each.stage.id == 0 for each in seen):
            return week
    return None


def _within(random: Generator, shift: Shift, kind: Abnormal, *, loss: float, teams: int) -> Iterator[float]:
    weeks = [found(random, shift, kind, deals_a_week=30, loss=loss) for _ in range(teams)]
    for most in (3, 4, 6):
        yield float(np.mean([week is not None and week <= most for week in weeks]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alarms", description=__doc__)
    parser.add_argument("--teams", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    wanted = parser.parse_args()
    random, console = np.random.default_rng(wanted.seed), Console()
    table = Table("stable: deals a week", "loss rate a stage", "months", "with a false alarm")
    for deals in (10, 30, 100):
        for loss in (0.1, 0.25):
            wrong, months = false_alarms(random, deals_a_week=deals, loss=loss, teams=wanted.teams)
            table.add_row(str(deals), f"{loss:.0%}", str(months), f"{wrong / months:.2%}")
    console.print(table)
    table = Table("changed, at 30 deals a week", "loss rate a stage", "within 3 weeks", "4", "6")
    for loss in (0.1, 0.15, 0.2, 0.3):
        shares = _within(random, Shift(42, losses=2), Abnormal.ATTRITION, loss=loss, teams=wanted.teams)
        table.add_row("losses doubled", f"{loss:.0%}", *(f"{share:.1%}" for share in shares))
    shares = _within(random, Shift(42, stays=2), Abnormal.SLOWDOWN, loss=0.2, teams=wanted.teams)
    table.add_row("stays doubled", "20%", *(f"{share:.1%}" for share in shares))
    console.print(table)


if __name__ == "__main__":
    main()
