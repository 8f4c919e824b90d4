"""What each column of a list of leads turns out to be.

Nobody has to say what a column means: numbers, dates, categories and free text are told apart by looking. A column that
is the same everywhere tells nothing, and one that names each lead apart tells nothing about the next one: both are left
out.
"""

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from scoring.arrays import Floats
from scoring.cells import day_format_of, is_gap, numbers_of, text_of
from scoring.tables import Cells, Table

HAN = "\u3040-\u30ff\u3400-\u9fff"
"""The characters of scripts that leave no space between words."""

_HAN = re.compile(f"[{HAN}]")
_MOSTLY = 0.9
_ENOUGH = 20
_MARK = re.compile(r"\+[1-9][\d ()/-]{5,}|00?[1-9][\d ]{5,}")
"""A telephone number: a plus or a nought stands before its digits, as before no quantity."""
_NAMES_EACH = re.compile(r"(?:^|[\W_])(?:id|uuid|guid|key)$", re.IGNORECASE)


class Kind(StrEnum):
    NUMBER = "number"
    CATEGORY = "category"
    DATE = "date"
    TEXT = "text"
    CONSTANT = "constant"
    IDENTIFIER = "identifier"


TELL_NOTHING = (Kind.CONSTANT, Kind.IDENTIFIER)


def kind_of(name: str, cells: Cells) -> Kind:
    """What a column is, told from its values; of its name only that it ends in "id" or the like."""
    if (of_marks := _kind_of_marks(cells)) is not None:
        return of_marks
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
    n_told = sum(not is_gap(cell) for cell in cells)
    if n_told and np.isfinite(numbers).sum() >= _MOSTLY * n_told:
        return Kind.NUMBER
    if day_format_of(cells) is not None:
        return Kind.DATE
    share = len(distinct) / n_there
    if share > 0.5 and np.mean([_n_words(text) for text in distinct]) >= 3:
        return Kind.TEXT
    return Kind.IDENTIFIER if share > _MOSTLY and n_there >= _ENOUGH else Kind.CATEGORY


def first_copies(table: Table, places: Sequence[int]) -> list[int]:
    """Of these leads one each, where a column names each lead apart and whole rows come again: then they are copies.

    Without such a column rows that are alike in everything may well be of different leads.
    """
    rows = list(table.rows())
    first = sorted({rows[place]: place for place in reversed(places)}.values())
    if len(first) == len(places):
        return first
    distinct = table.take(first)
    is_named = any(kind_of(*each) is Kind.IDENTIFIER for each in zip(distinct.names, distinct.columns, strict=True))
    return first if is_named else list(places)


def _kind_of_marks(cells: Cells) -> Kind | None:
    """What telephone numbers and the like are, which have digits and are no quantities; None for other columns."""
    first = next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
    if not _MARK.fullmatch(first.strip()):
        return None
    there = [text for cell in cells if (text := text_of(cell))]
    distinct = set(there)
    if sum(bool(_MARK.fullmatch(text)) for text in distinct) < _MOSTLY * len(distinct):
        return None
    return Kind.IDENTIFIER if len(distinct) > _MOSTLY * len(there) and len(there) >= _ENOUGH else Kind.CATEGORY


def _kind_of_numbers(name: str, numbers: Floats) -> Kind:
    n_distinct = len(np.unique(numbers))
    if n_distinct <= 1:
        return Kind.CONSTANT
    names_each = n_distinct == len(numbers) >= _ENOUGH
    return Kind.IDENTIFIER if names_each and (_NAMES_EACH.search(name) or _counts_rows(numbers)) else Kind.NUMBER


def _counts_rows(numbers: Floats) -> bool:
    """Whole numbers that go up or down with the rows, hardly leaving one out."""
    steps = np.diff(numbers)
    return bool((numbers % 1 == 0).all() and ((steps > 0).all() or (steps < 0).all()) and np.abs(steps).mean() < 2)


def _n_words(text: str) -> float:
    """A word of Chinese or Japanese has two characters or so."""
    return len(text.split()) + len(_HAN.findall(text)) / 2
