"""Why a lead of any table has its chance: which columns weighed most, and with which values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.arrays import Floats
from scoring.cells import text_of
from scoring.columns import BETWEEN
from scoring.tables import Table

_LEAST_WEIGHT = 0.01


@dataclass(frozen=True)
class ColumnReason:
    """One column's part in a lead's score: by how much, in log-odds, its value moves it from the average lead's."""

    column: str
    value: str
    weight: float


def strongest(table: Table, subjects: Sequence[str], weights: Floats, *, most: int) -> list[tuple[ColumnReason, ...]]:
    """For each lead the columns that weighed most, the strongest first; `weights` has a column for each subject."""
    in_order = np.argsort(-np.abs(weights), axis=1)[:, :most]
    cells = [_shown(table, subject) for subject in subjects]
    return [
        tuple(
            ColumnReason(subjects[place], cells[place](number), float(weights[number, place]))
            for place in places
            if abs(weights[number, place]) > _LEAST_WEIGHT
        )
        for number, places in enumerate(in_order.tolist())
    ]


def _shown(table: Table, subject: str) -> Callable[[int], str]:
    """How the value that a reason is about is told, by the number of the lead; of two dates both."""
    columns = [table.column(name) for name in subject.split(BETWEEN) if name in table.names]
    return lambda number: BETWEEN.join(text_of(column[number]) for column in columns)
