"""A list of leads as it comes, from a file or an array, and what each of its columns turns out to be.

Nobody has to say what a column means: numbers, dates, categories and free text are told apart by looking. A column that
is the same everywhere tells nothing, and one that names each lead apart tells nothing about the next one: both are left
out. pandas would bring all this and forty megabytes; the csv reader and this page are enough.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Cells = Sequence[Any]
"""The values of one column: numbers, text, dates, or None for nothing."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = frozenset({"", "na", "n/a", "nan", "nat", "null", "none", "-", "?", "#n/a"})
_MOSTLY = 0.9
_ENOUGH = 20
_NAMES_EACH = re.compile(r"(?:^|[\W_])(?:id|uuid|guid|key)$", re.IGNORECASE)
_MONEY = r"(?:[€$£¥₹]|USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD)"
_AMOUNT = re.compile(rf"(?P<sign>[-+]?)(?:{_MONEY} ?)?(?P<digits>[-+]?\d[\d.,' ]*)(?:%|{_MONEY})?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+")
_TIME_OF_DAY = re.compile(r"[ T]+\d{1,2}:\d{2}.*$")
_DAYS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m/%d/%y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
)


class Kind(StrEnum):
    NUMBER = "number"
    CATEGORY = "category"
    DATE = "date"
    TEXT = "text"
    CONSTANT = "constant"
    IDENTIFIER = "identifier"


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


def table_of_rows(rows: Sequence[Mapping[str, Any]]) -> Table:
    """A table from one mapping a row; what a row does not have is missing."""
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    return Table(names, tuple([row.get(name) for row in rows] for name in names))


def table_of_array(array: NDArray[Any], names: Sequence[str] | None = None) -> Table:
    """A table from a two-dimensional array."""
    called = tuple(names) if names is not None else tuple(f"x{place}" for place in range(array.shape[1]))
    return Table(called, tuple(array[:, place].tolist() for place in range(array.shape[1])))


def kind_of(name: str, cells: Cells) -> Kind:
    """What a column is, told from its values; of its name only that it ends in "id" or the like."""
    numbers = numbers_of(cells)
    if np.isfinite(numbers).all():
        return _kind_of_numbers(name, numbers)
    texts = {cell: text_of(cell) for cell in set(cells)}
    distinct = Counter(text for cell in cells if (text := texts[cell]))
    n_there = distinct.total()
    if len(distinct) + (n_there < len(cells)) <= 1:
        return Kind.CONSTANT
    names_each = len(distinct) == n_there >= _ENOUGH
    if names_each and _NAMES_EACH.search(name):
        return Kind.IDENTIFIER
    if np.isfinite(numbers).sum() >= _MOSTLY * n_there:
        return Kind.NUMBER
    if _day_format(distinct) is not None:
        return Kind.DATE
    share = len(distinct) / n_there
    if share > 0.5 and np.mean([len(text.split()) for text in distinct]) >= 3:
        return Kind.TEXT
    return Kind.IDENTIFIER if share > _MOSTLY and n_there >= _ENOUGH else Kind.CATEGORY


def _kind_of_numbers(name: str, numbers: Floats) -> Kind:
    n_distinct = len(np.unique(numbers))
    if n_distinct <= 1:
        return Kind.CONSTANT
    names_each = n_distinct == len(numbers) >= _ENOUGH
    return Kind.IDENTIFIER if names_each and (_NAMES_EACH.search(name) or _counts_rows(numbers)) else Kind.NUMBER


def is_missing(cell: Any) -> bool:
    if cell is None:
        return True
    if isinstance(cell, str):
        return cell.strip().casefold() in _NOTHING
    return isinstance(cell, float) and math.isnan(cell)


def text_of(cell: Any) -> str:
    """A value as text, the same for 3 and 3.0; empty for a missing one."""
    if is_missing(cell):
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return f"{cell:.12g}"
    return str(cell)


def number_of(cell: Any) -> float:
    """A number as people and programs write it ("1,250.50", "€ 30", "12 %"); NaN for anything else."""
    if isinstance(cell, date):
        return math.nan
    try:
        number = float(cell)
    except (TypeError, ValueError, OverflowError):
        number = _written(cell) if isinstance(cell, str) else math.nan
    return number if math.isfinite(number) else math.nan


def numbers_of(cells: Cells) -> Floats:
    try:
        numbers = np.array(cells, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        known = {cell: number_of(cell) for cell in set(cells)}
        return np.array([known[cell] for cell in cells], dtype=np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def days_of(cells: Cells) -> Floats:
    """Dates as days since 1970, with the time of day as a fraction; NaN where there is none."""
    texts = [text_of(cell) for cell in cells]
    day_format = _day_format(Counter(text for text in texts if text))
    known: dict[str, float] = {}
    for text in set(texts):
        known[text] = math.nan if day_format is None else _day(text, day_format)
    return np.array([known[text] for text in texts])


def moments_of(cells: Cells) -> Floats | None:
    """A column that puts rows into the order of time: numbers or dates. None where a row has neither."""
    numbers = numbers_of(cells)
    moments = numbers if np.isfinite(numbers).all() else days_of(cells)
    return moments if np.isfinite(moments).all() else None


def _counts_rows(numbers: Floats) -> bool:
    """Whole numbers that go up or down with the rows, hardly leaving one out."""
    steps = np.diff(numbers)
    return bool((numbers % 1 == 0).all() and ((steps > 0).all() or (steps < 0).all()) and np.abs(steps).mean() < 2)


def _written(text: str) -> float:
    found = _AMOUNT.fullmatch(text.strip().replace("\u00a0", " "))
    if not found or len(text) > 40:
        return math.nan
    digits = found["digits"].replace(" ", "").replace("'", "")
    if digits.rfind(",") > digits.rfind(".") and not _THOUSANDS.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        number = float(digits.replace(",", ""))
    except ValueError:
        return math.nan
    return -number if found["sign"] == "-" else number


def _day_format(distinct: Counter[str]) -> str | None:
    """How most of these texts write a date ("" for ISO 8601); None where they do not. Of many, the commonest tell."""
    texts = [text for text, _ in distinct.most_common(1000)]
    if not texts or not any(character.isdigit() for character in texts[0]):
        return None
    for day_format in ("", *_DAYS):
        if np.mean([math.isfinite(_day(text, day_format)) for text in texts]) >= _MOSTLY:
            return day_format
    return None


def _day(text: str, day_format: str) -> float:
    try:
        if not day_format:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        else:
            moment = datetime.strptime(_TIME_OF_DAY.sub("", text), day_format).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return math.nan
    return (moment - _EPOCH) / timedelta(days=1)
