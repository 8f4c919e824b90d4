"""Lists of leads whose true chances are known, because we made them up."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from scoring.arrays import Bools, Floats
from scoring.tables import Table


@dataclass(frozen=True)
class Leads:
    table: Table
    won: Bools
    chances: Floats


def made_up(n: int, *, signal: float = 1.0, seed: int = 0) -> Leads:
    """Leads of which source, seats and first contact matter as much as `signal` says, and all else does not."""
    random = np.random.default_rng(seed)
    source = random.choice(["fair", "web", "call", ""], n, p=[0.3, 0.4, 0.2, 0.1])
    seats = np.maximum(random.lognormal(3, 1, n).round(), 1)
    contacted = random.integers(0, 365, n)
    log_odds = signal * (
        1.2 * (source == "fair") - 0.8 * (source == "web") + 0.7 * (np.log(seats) - 3) - 0.004 * contacted
    )
    chances = expit(log_odds - 0.3)
    columns = {
        "id": [f"L{number}" for number in range(n)],
        "source": source.tolist(),
        "seats": ["" if number % 17 == 0 else f"{value:.0f}" for number, value in enumerate(seats)],
        "contacted": (np.datetime64("2024-01-01") + contacted).astype(str).tolist(),
        "remark": [f"called about item {value} on monday" for value in random.integers(0, 10_000, n)],
        "team": ["north"] * n,
        "noise": random.normal(size=n).round(3).astype(str).tolist(),
        "region": random.choice([f"R{k}" for k in range(12)], n).tolist(),
    }
    won = random.random(n) < chances
    return Leads(Table(tuple(columns), tuple(columns.values())), won, chances)
