"""`python -m benchmarks.lists` measures what the public sets do not show: lists of very few leads, and a very long one.

Of the short ones, with true chances that are known, it tells by how much the log loss on other leads is below that of
the base rate learnt from the same few, on average and for the list that was served worst, and how many were served more
than 1 % worse. Of the long one it tells the processor seconds of learning with selection.
"""

import argparse
from dataclasses import dataclass
from time import process_time

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from scoring.arrays import Floats
from scoring.lead_scorer import LeadScorer
from tests.scoring.leads import made_up

SIZES = (50, 75, 100, 150)
SIGNALS = (0.0, 0.5, 1.0, 1.5)
FIRST_SEED = 50_000
"""The rules were made on other lists."""
ASKED = 4_000


@dataclass(frozen=True)
class Short:
    """A list of few leads: whether a model answers, and the share of the base rate's loss that it saves."""

    size: int
    has_model: bool
    saved: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists", description=__doc__)
    parser.add_argument("--lists", type=int, default=40, metavar="N", help="how many of each size and strength")
    parser.add_argument("--leads", type=int, default=100_000, metavar="N", help="the length of the long one")
    wanted = parser.parse_args()
    console = Console()
    cases = [(size, signal, seed) for seed in range(wanted.lists) for size in SIZES for signal in SIGNALS]
    found = [
        _short(size, signal, FIRST_SEED + seed) for size, signal, seed in track(cases, "Short lists", console=console)
    ]
    if found:
        console.print(_table(found))
    if wanted.leads:
        seconds = _seconds(wanted.leads)
        console.print(f"Learning from {wanted.leads:,} leads takes {seconds:.0f} s of a processor.")


def _short(size: int, signal: float, seed: int) -> Short:
    learnt, asked = made_up(size, signal=signal, seed=seed), made_up(ASKED, signal=signal, seed=FIRST_SEED - 1)
    scorer = LeadScorer().fit(learnt.table, learnt.won)
    if not scorer.choice_.members:
        return Short(size, has_model=False, saved=0.0)
    model = _expected_loss(asked.chances, scorer.predict_proba(asked.table)[:, 1])
    return Short(
        size, has_model=True, saved=1 - model / _expected_loss(asked.chances, np.full(ASKED, scorer.base_rate_))
    )


def _expected_loss(truth: Floats, said: Floats) -> float:
    return float(-(truth * np.log(said) + (1 - truth) * np.log(1 - said)).mean())


def _seconds(n: int) -> float:
    leads = made_up(n, signal=1.0, seed=FIRST_SEED)
    began = process_time()
    LeadScorer().fit(leads.table, leads.won)
    return process_time() - began


def _table(lists: list[Short]) -> Table:
    table = Table(title="Lists of few leads")
    for name in ("leads", "lists", "with a model", "log loss saved", "the worst list", "more than 1 % worse"):
        table.add_column(name, justify="right")
    for size in SIZES:
        those = [each for each in lists if each.size == size]
        saved = np.array([each.saved for each in those])
        table.add_row(
            f"{size:,}",
            f"{len(those):,}",
            f"{np.mean([each.has_model for each in those]):.0%}",
            f"{saved.mean():+.1%}",
            f"{saved.min():+.1%}",
            f"{(saved < -0.01).sum():,}",
        )
    return table


if __name__ == "__main__":
    main()
