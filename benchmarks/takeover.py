"""`python -m benchmarks.takeover` measures from how many outcomes on a learnt model takes over from the base rates.

Simulated teams, small ones and large ones, train as the bot does, once; a year later it shows what that was worth. Told
are the share of teams whose model was published, and by how much the log loss on the deals of that year is below the
base rates' alone: of what served (the model where it was published, else the rates), on average and for the team that
it served worst, and had the model always served.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import mean

from rich.console import Console
from rich.progress import track
from rich.table import Table

from models.model_version import Question
from scoring.answering import BaseRates
from scoring.dataset import datasets_of
from scoring.evaluation import figures
from scoring.training import Verdict, train
from tests.scoring.simulation import NOISE, SIGNAL, a_team, after

SIZES = (60, 100, 150, 250, 400, 700, 1100)
"""Deals a team has had when it trains."""
LAWS = {"something to learn": SIGNAL, "nothing to learn": NOISE}
TRAINED_ON, SEEN_ON = 540, 900
"""Days since the team began: when it trains, and when the outcomes of later deals are known."""


@dataclass(frozen=True)
class Team:
    """One simulated team: outcomes when it trained, whether a model was published, and log losses a year later."""

    law: str
    size: int
    outcomes: int
    is_published: bool
    model: float | None
    rates: float

    @property
    def gain_served(self) -> float:
        return self.gain_of_model if self.is_published else 0.0

    @property
    def gain_of_model(self) -> float:
        return 0.0 if self.model is None else self.rates - self.model


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.takeover", description=__doc__)
    parser.add_argument("--teams", type=int, default=24, metavar="N", help="how many of each size")
    wanted = parser.parse_args()
    console = Console()
    teams = list(_teams(wanted.teams, console))
    for law in LAWS:
        console.print(_table(law, [team for team in teams if team.law == law]))


def _teams(count: int, console: Console) -> Iterator[Team]:
    wanted = [(law, size, seed) for law in LAWS for size in SIZES for seed in range(count)]
    with ProcessPoolExecutor() as workers:
        yield from track(workers.map(_team, *zip(*wanted, strict=True)), "Training", len(wanted), console=console)


def _team(law: str, size: int, seed: int) -> Team:
    past = a_team(LAWS[law], deals=size * SEEN_ON // TRAINED_ON, over_days=SEEN_ON, seed=seed)
    now = after(TRAINED_ON)
    training = train(past, at=now)[Question.FORWARD]
    later = datasets_of(past, end=after(SEEN_ON))[Question.FORWARD].where(lambda moment: moment.at > now)
    rates = BaseRates.of(past, Question.FORWARD, at=now).chances(later.rows)
    chances = None if training.model is None else training.model.scorer.predict_proba(later.table)[:, 1]
    return Team(
        law=law,
        size=size,
        outcomes=training.report.outcomes,
        is_published=training.report.verdict is Verdict.PUBLISHED,
        model=None if chances is None else figures(later.answers, chances, later.weights).log_loss,
        rates=figures(later.answers, rates, later.weights).log_loss,
    )


def _table(law: str, teams: list[Team]) -> Table:
    table = Table(title=f"Teams with {law}")
    for name in (
        "outcomes",
        "published",
        "log loss saved by what served",
        "the worst team",
        "had the model always served",
    ):
        table.add_column(name, justify="right")
    for size in SIZES:
        mine = [team for team in teams if team.size == size]
        table.add_row(
            f"{mean(team.outcomes for team in mine):.0f}",
            f"{mean(team.is_published for team in mine):.0%}",
            f"{mean(team.gain_served for team in mine):+.4f}",
            f"{min(team.gain_served / team.rates for team in mine):+.1%}",
            f"{mean(team.gain_of_model for team in mine):+.4f}",
        )
    return table


if __name__ == "__main__":
    main()
