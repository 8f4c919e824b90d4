"""Odoo's predictive lead scoring as its documentation and tests describe it, to be compared with; no code is Odoo's.

It is naive Bayes over frequency tables: of each value of each field, how many leads were won and lost, with 0.1 added
to either when a value is first seen. Empty values, and values never seen, are passed over. On leads without stages the
counts of all leads stand in for those of the first stage.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np

from scoring.arrays import Bools, Floats
from scoring.cells import days_of, numbers_of, text_of
from scoring.columns import Columns
from scoring.kinds import Kind
from scoring.tables import Table

_SMOOTHING = 0.1
_CLOSE_TO_CERTAIN = 0.0001
_N_BINS = 10


class Odoo:
    """`odoo` as it is sees categories only; with `numbers` it sees numbers and dates too, cut into ten equal parts."""

    def __init__(self, *, numbers: bool = False) -> None:
        self._numbers = numbers

    def fit(self, table: Table, won: Bools) -> Self:
        kinds = Columns().fit(table).kinds_
        self._edges: dict[str, Floats] = {}
        self._kinds = {name: kind for name, kind in kinds.items() if self._sees(kind)}
        for name, kind in self._kinds.items():
            if kind is not Kind.CATEGORY:
                column = _numbers(table, name, kind)
                cuts = np.nanquantile(column, np.linspace(0, 1, _N_BINS + 1)[1:-1])
                self._edges[name] = np.unique(cuts)
        self._won, self._lost = won.sum() + _SMOOTHING, (~won).sum() + _SMOOTHING
        self._counts: dict[str, dict[str, tuple[float, float]]] = {}
        for name in self._kinds:
            counts: dict[str, tuple[float, float]] = {}
            for value, is_won in zip(self._values(table, name), won.tolist(), strict=True):
                if value:
                    of_won, of_lost = counts.get(value, (_SMOOTHING, _SMOOTHING))
                    counts[value] = (of_won + is_won, of_lost + (not is_won))
            self._counts[name] = counts
        return self

    def chances(self, table: Table) -> Floats:
        log_won = np.full(len(table), np.log(self._won / (self._won + self._lost)))
        log_lost = np.full(len(table), np.log(self._lost / (self._won + self._lost)))
        for name, counts in self._counts.items():
            all_won, all_lost = sum(won for won, _ in counts.values()), sum(lost for _, lost in counts.values())
            shares = {value: (np.log(won / all_won), np.log(lost / all_lost)) for value, (won, lost) in counts.items()}
            found = np.array([shares.get(value, (0.0, 0.0)) for value in self._values(table, name)])
            log_won += found[:, 0]
            log_lost += found[:, 1]
        chances: Floats = np.clip(1 / (1 + np.exp(log_lost - log_won)), _CLOSE_TO_CERTAIN, 1 - _CLOSE_TO_CERTAIN)
        return chances

    def _sees(self, kind: Kind) -> bool:
        return kind is Kind.CATEGORY or (self._numbers and kind in (Kind.NUMBER, Kind.DATE))

    def _values(self, table: Table, name: str) -> Sequence[str]:
        if name not in self._edges:
            return [text_of(cell) for cell in table.column(name)]
        column = _numbers(table, name, self._kinds[name])
        bins = np.searchsorted(self._edges[name], column, side="right")
        return ["" if np.isnan(value) else str(place) for value, place in zip(column, bins, strict=True)]


def _numbers(table: Table, name: str, kind: Kind) -> Floats:
    return numbers_of(table.column(name)) if kind is Kind.NUMBER else days_of(table.column(name))
