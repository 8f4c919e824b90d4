"""Lists of leads as they come, from a file or an array.

pandas would bring all this and forty megabytes; the csv reader and this page are enough.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from numpy.typing import ArrayLike, NDArray

Cells = Sequence[Any]
"""The values of one column: numbers, text, dates, or None for nothing."""


@dataclass(frozen=True)
class Table:
    """Columns of equal length under their names."""

    names: tuple[str, ...]
    columns: tuple[Cells, ...]

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def rows(self) -> Iterable[tuple[Any, ...]]:
        return zip(*self.columns, strict=True)

    def take(self, places: Iterable[int]) -> "Table":
        chosen = list(places)
        return Table(self.names, tuple([column[place] for place in chosen] for column in self.columns))

    def without(self, names: Iterable[str]) -> "Table":
        gone = set(names)
        kept = [place for place, name in enumerate(self.names) if name not in gone]
        return Table(tuple(self.names[place] for place in kept), tuple(self.columns[place] for place in kept))

    def column(self, name: str) -> Cells:
        return self.columns[self.names.index(name)]


Leads = Table | Sequence[Mapping[str, Any]] | ArrayLike
"""A Table, one mapping a lead, or whatever scikit-learn takes as a two-dimensional array."""


def are_rows(leads: Leads) -> TypeGuard[Sequence[Mapping[str, Any]]]:
    return isinstance(leads, Sequence) and len(leads) > 0 and all(isinstance(lead, Mapping) for lead in leads)


def table_of_rows(rows: Sequence[Mapping[str, Any]]) -> Table:
    """A table from one mapping a row; what a row does not have is missing."""
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    return Table(names, tuple([row.get(name) for row in rows] for name in names))


def table_of_array(array: NDArray[Any], names: Sequence[str] | None = None) -> Table:
    """A table from a two-dimensional array."""
    called = tuple(names) if names is not None else tuple(f"x{place}" for place in range(array.shape[1]))
    return Table(called, tuple(array[:, place].tolist() for place in range(array.shape[1])))
