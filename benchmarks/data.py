"""Reads the public sets of leads with known outcomes, without the columns that only the outcome could have filled."""

import csv
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from scoring.arrays import Bools, Floats, Ints
from scoring.tables import Table, table_of_rows

Split = tuple[Ints, Ints]
"""The places of the leads that are learnt from, and of those that are asked about."""

_N_WINDOWS = 5


@dataclass(frozen=True)
class Benchmark:
    """A set of leads and how it is split; the later of two moments is the larger one."""

    name: str
    table: Table
    won: Bools
    splits: tuple[Split, ...]
    moments: Floats | None = None
    groups: Ints | None = None


def bank_in_time(folder: Path) -> Benchmark:
    """Bank marketing, learnt from the first half and asked of the next tenth, and so on to the end."""
    table, won = _bank(folder)
    cuts = [round(len(won) * share) for share in np.linspace(0.5, 1, _N_WINDOWS + 1)]
    splits = tuple((np.arange(cut), np.arange(cut, end)) for cut, end in pairwise(cuts))
    return Benchmark("bank, time order", table, won, splits, moments=np.arange(len(won), dtype=np.float64))


def bank_shuffled(folder: Path) -> Benchmark:
    table, won = _bank(folder)
    return Benchmark(
        "bank, shuffled", table, won, tuple(StratifiedKFold(5, shuffle=True, random_state=0).split(won, won))
    )


def b2b(folder: Path) -> Benchmark:
    """Five times five folds; leads with equal inputs are in the same one."""
    rows = list(_rows(folder / "b2b-sales" / "B2B_dataset.csv.gz", ","))
    won = np.array([row.pop("Status") == "Won" for row in rows])
    numbers: dict[tuple[str, ...], int] = {}
    groups = np.array([numbers.setdefault(tuple(row.values()), len(numbers)) for row in rows])
    splits = tuple(
        split
        for repeat in range(5)
        for split in StratifiedGroupKFold(5, shuffle=True, random_state=repeat).split(won, won, groups)
    )
    return Benchmark("B2B, grouped", table_of_rows(rows), won, splits, groups=groups)


def maven(folder: Path) -> Benchmark:
    """Deals in the order in which they began, learnt from those closed before the period asked about begins."""
    folder = folder / "maven-crm"
    accounts = {row.pop("account"): row for row in _rows(folder / "accounts.csv.gz", ",")}
    products = {row.pop("product").replace(" ", ""): row for row in _rows(folder / "products.csv.gz", ",")}
    teams = {row.pop("sales_agent"): row for row in _rows(folder / "sales_teams.csv.gz", ",")}
    deals = [row for row in _rows(folder / "sales_pipeline.csv.gz", ",") if row["deal_stage"] in ("Won", "Lost")]
    deals.sort(key=lambda row: (row["engage_date"], row["opportunity_id"]))
    won = np.array([deal["deal_stage"] == "Won" for deal in deals])
    begun = np.array([date.fromisoformat(deal["engage_date"]).toordinal() for deal in deals], dtype=np.float64)
    closed = np.array([date.fromisoformat(deal["close_date"]).toordinal() for deal in deals], dtype=np.float64)
    inputs = [
        {key: deal[key] for key in ("sales_agent", "product", "account", "engage_date")}
        | products[deal["product"].replace(" ", "")]
        | teams[deal["sales_agent"]]
        | accounts[deal["account"]]
        for deal in deals
    ]
    cuts = [*np.quantile(begun, np.linspace(0.5, 1, _N_WINDOWS + 1)[:-1], method="higher"), np.inf]
    splits = tuple(
        (np.flatnonzero(closed < cut), np.flatnonzero((cut <= begun) & (begun < end))) for cut, end in pairwise(cuts)
    )
    return Benchmark("Maven, time order", table_of_rows(inputs), won, splits, moments=begun)


READERS = (bank_in_time, bank_shuffled, b2b, maven)


def _bank(folder: Path) -> tuple[Table, Bools]:
    rows = list(_rows(folder / "bank-marketing" / "bank-additional-full.csv.gz", ";"))
    won = np.array([row.pop("y") == "yes" for row in rows])
    return table_of_rows(rows).without(["duration"]), won


def _rows(path: Path, separator: str) -> Iterable[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=separator)
