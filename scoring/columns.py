"""Turns the columns of a list of leads into what models learn from: numbers, and categories as small whole numbers.

A category keeps a code for each value that is not rare, in the order of how often its leads were won; rare values and
those never seen while learning share "no code" (NaN). A date becomes its day, month, day of the week and the days to
the other dates of the row; free text becomes its length and the presence of its commonest words. All of them still know
which column they came from, so that a reason can name it.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from scoring.arrays import Bools, Floats
from scoring.cells import day_format_of, days_of, dots_group_thousands, numbers_of, text_of
from scoring.kinds import HAN, Kind, kind_of
from scoring.tables import Cells, Table

BETWEEN = " → "
"""Stands between the names of two dates whose distance is told."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WORD = re.compile(rf"[^\W{HAN}]{{3,}}")
_PAIR = re.compile(rf"(?=([{HAN}]{{2}}))")
"""Where no space tells words apart, two characters that stand together are one."""
_LEAST = 3
"""In so many rows a value or word must occur to be told apart from the rare ones."""
_MOST_VALUES = 100
"""Of one category so many values are told apart, the most frequent ones."""
_MOST_WORDS = 40
"""Of one text so many words are looked for, the most frequent ones."""
_LARGEST = 1e30
"""Numbers beyond it count as it: sums of single-precision numbers must not overflow."""
_DRAWN = 10.0
"""A value's rate is drawn to the usual one as by so many leads."""


class Columns(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Learns what the columns of a Table are and turns it into a matrix; categories stand first.

    Attributes
    ----------
    kinds_ : dict of str to Kind
        What each column was found to be.
    sources_ : list of str
        For each column of the matrix the column of the table that it tells about.
    day_formats_ : dict of str to str
        For each column of dates how these are written; leads that are scored by themselves do not tell.
    dotted_ : list of str
        The columns of numbers in which a dot groups thousands.
    n_categories_ : int
        How many of the first columns of the matrix are codes of a category.

    Examples
    --------
    >>> leads = Table(("source", "seats"), (["web", "fair"] * 3, ["5", "7", "", "1,200", "8", "9"]))
    >>> columns = Columns().fit(leads)
    >>> columns.sources_
    ['source', 'seats']
    >>> columns.transform(leads.take([3])).tolist()
    [[0.0, 1200.0]]
    """

    def fit(self, table: Table, y: Bools | None = None) -> Self:
        won = np.zeros(len(table), dtype=np.bool_) if y is None else y
        self.kinds_ = {name: kind_of(name, cells) for name, cells in zip(table.names, table.columns, strict=True)}
        self.day_formats_: dict[str, str | None] = {}
        self.dotted_: list[str] = []
        self.codes_: dict[str, dict[str, int]] = {}
        self.words_: dict[str, list[str]] = {}
        for name, cells in zip(table.names, table.columns, strict=True):
            match self.kinds_[name]:
                case Kind.CATEGORY:
                    self._fit_category(name, cells, won)
                case Kind.TEXT:
                    self._fit_text(name, cells)
                case Kind.DATE:
                    self.day_formats_[name] = day_format_of(cells)
                case Kind.NUMBER if dots_group_thousands(cells):
                    self.dotted_.append(name)
        numbers = [(name, width) for name in table.names if (width := self._n_numbers(name))]
        self.n_categories_ = len(self.codes_)
        self.sources_ = [*self.codes_, *(name for name, width in numbers for _ in range(width))]
        self.sources_ += [f"{first}{BETWEEN}{second}" for first, second in self._pairs()]
        self.sources_ = self.sources_ or list(table.names[:1])
        return self

    def transform(self, table: Table) -> Floats:
        """The matrix, rounded to single precision, in which forests compare.

        Where nothing is left to tell by it has a column of noughts all the same, since no tree learns from none.
        """
        by_name = dict(zip(table.names, table.columns, strict=True))
        blocks = [self._code(name, by_name[name]) for name in self.codes_]
        days = {name: days_of(by_name[name], usual=written) for name, written in self.day_formats_.items()}
        for name, kind in self.kinds_.items():
            match kind:
                case Kind.NUMBER:
                    blocks.append(numbers_of(by_name[name], dots_group=name in self.dotted_))
                case Kind.DATE:
                    blocks += _calendar(days[name])
                case Kind.TEXT:
                    blocks += self._words(name, by_name[name])
        blocks += [days[second] - days[first] for first, second in self._pairs()]
        matrix = np.column_stack(blocks or [np.zeros(len(table))])
        rounded: Floats = np.clip(matrix, -_LARGEST, _LARGEST).astype(np.float32).astype(np.float64)
        return rounded

    def _fit_category(self, name: str, cells: Cells, won: Bools) -> None:
        texts = [text_of(cell) for cell in cells]
        counts = Counter(texts)
        hits = Counter(text for text, is_won in zip(texts, won.tolist(), strict=True) if is_won)
        usual = float(won.mean())
        rates = {text: (hits[text] + usual * _DRAWN) / (count + _DRAWN) for text, count in counts.items()}
        values = [value for value, count in counts.most_common(_MOST_VALUES) if count >= _LEAST]
        if values:
            ordered = sorted(values, key=lambda value: (rates[value], value))
            self.codes_[name] = {value: code for code, value in enumerate(ordered)}
        else:
            self.kinds_[name] = Kind.IDENTIFIER

    def _fit_text(self, name: str, cells: Cells) -> None:
        counts = Counter(word for cell in cells for word in _vocabulary(cell))
        words = [word for word, count in counts.most_common() if _LEAST <= count < len(cells)]
        self.words_[name] = words[:_MOST_WORDS]

    def _n_numbers(self, name: str) -> int:
        return {Kind.NUMBER: 1, Kind.DATE: 3, Kind.TEXT: 1 + len(self.words_.get(name, ()))}.get(self.kinds_[name], 0)

    def _pairs(self) -> list[tuple[str, str]]:
        return list(combinations([name for name, kind in self.kinds_.items() if kind == Kind.DATE], 2))

    def _code(self, name: str, cells: Cells) -> Floats:
        codes = self.codes_[name]
        known = {cell: codes.get(text_of(cell), np.nan) for cell in set(cells)}
        return np.array([known[cell] for cell in cells], dtype=np.float64)

    def _words(self, name: str, cells: Cells) -> list[Floats]:
        found = [_vocabulary(cell) for cell in cells]
        length = np.array([len(text_of(cell)) for cell in cells], dtype=np.float64)
        return [length, *(np.array([float(word in words) for words in found]) for word in self.words_[name])]


def _calendar(days: Floats) -> list[Floats]:
    """The day, the month, and the day of the week."""
    known = {day: _EPOCH + timedelta(days=math.floor(day)) for day in np.unique(days[~np.isnan(days)]).tolist()}
    moments: Sequence[datetime | None] = [known.get(day) for day in days.tolist()]
    months = [moment.month if moment else np.nan for moment in moments]
    weekdays = [moment.weekday() if moment else np.nan for moment in moments]
    return [np.floor(days), np.array(months, dtype=np.float64), np.array(weekdays, dtype=np.float64)]


def _vocabulary(cell: Any) -> set[str]:
    text = text_of(cell).casefold()
    return {*_WORD.findall(text), *_PAIR.findall(text)}
