"""Leads whose outcomes are known, with all that is known of them besides: when, of which deal, how much they count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scoring.arrays import Bools, Floats, Ints
from scoring.cells import text_of
from scoring.rates import Rates
from scoring.tables import Table


@dataclass(frozen=True)
class Lesson:
    """What a score is learnt from. What is None is not known; leads without weights count 1 each.

    The values of the first column of `base` have base rates of their own. `known` says when each outcome became known,
    on the scale of `moments`.
    """

    table: Table
    won: Bools
    base: tuple[str, ...] = ()
    moments: Floats | None = None
    known: Floats | None = None
    groups: Ints | None = None
    weights: Floats | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for what makes no sense."""
        if missing := [name for name in self.base if name not in self.table.names]:
            raise ValueError(f"The leads have no column {missing[0]!r}, which is part of the base.")
        if self.moments is not None and not np.isfinite(self.moments).all():
            raise ValueError("Some moments are no numbers.")
        if self.known is not None and (self.moments is None or (self.known < self.moments).any()):
            raise ValueError("Since when an outcome is known needs moments, and cannot lie before them.")

    def __len__(self) -> int:
        return len(self.won)

    def take(self, places: Ints) -> "Lesson":
        return replace(
            self,
            table=self.table.take(places.tolist()),
            won=self.won[places],
            moments=None if self.moments is None else self.moments[places],
            known=None if self.known is None else self.known[places],
            groups=None if self.groups is None else self.groups[places],
            weights=None if self.weights is None else self.weights[places],
        )

    @property
    def n_groups(self) -> int:
        """How many leads there are, those of a group counting as one."""
        return len(self) if self.groups is None else len(np.unique(self.groups))

    @cached_property
    def values(self) -> list[str]:
        return base_values(self.table, self.base)

    def rates(self, *, newest: float = 1.0) -> Rates:
        """Base rates, counted on the newest share of the leads; drawn by one lead to an even chance: never 0 or 1."""
        if self.moments is None or newest >= 1:
            return Rates().fit(self.values, self.won, self.weights)
        return self.take(np.flatnonzero(self.moments >= np.quantile(self.moments, 1 - newest))).rates()


def base_values(table: Table, base: Sequence[str]) -> list[str]:
    """What of each lead its base rate depends on; the same of all where there is no such column."""
    return [text_of(cell) for cell in table.column(base[0])] if base else [""] * len(table)
