"""Reads what stands in the cells of a table, as people and programs write it: numbers, amounts, dates, gaps.

Some writing means one thing in one column and another in the next: `1.200` is twelve hundred where no cell has other
decimals, `02/01/2024` is in February where another cell says `02/13`. So how a column is written is told once, from all
of its cells, and then remembered for leads that are scored by themselves.
"""

import math
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from scoring.arrays import Floats
from scoring.tables import Cells

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = frozenset({"", "na", "n/a", "n.a.", "nan", "nat", "null", "none", "-", "--", "–", "—", "?", "#n/a"})
_NOT_KNOWN = frozenset({"unknown", "not known", "tbd", "missing", "not available", "no data", "未知", "不详", "无"})
"""Of a category these are a value like others; among numbers and dates they are gaps."""
_MOSTLY = 0.9
_LONGEST_NUMBER = 40
_MONEY = r"(?:US\$|[€$£¥₹元]|USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|AUD|CAD)"
_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "千": 1e3, "万": 1e4, "亿": 1e8}
_AMOUNT = re.compile(
    rf"(?P<sign>[-+]?)(?:{_MONEY} ?)?(?P<digits>[-+]?\d[\d.,' ]*)(?P<scale>{'|'.join(_SCALES)})?(?: ?(?:%|{_MONEY}))?",
    re.IGNORECASE,
)
_OTHER_CHARACTERS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2212": "-", "\uffe5": "¥"})
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{2,3})*,\d{3}")
_DOTTED_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_TIME_OF_DAY = re.compile(r"[ T]+\d{1,2}:\d{2}.*$")
_ISO = ""
_DAY_FORMATS = (
    _ISO,
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%a, %d %b %Y",
    "%Y-%m",
    "%b %Y",
    "%B %Y",
    "%b-%y",
)


def is_missing(cell: Any) -> bool:
    if cell is None:
        return True
    if isinstance(cell, str):
        return cell.strip().casefold() in _NOTHING
    return isinstance(cell, float) and math.isnan(cell)


def is_gap(cell: Any) -> bool:
    """Whether a cell among numbers or dates tells none."""
    return is_missing(cell) or (isinstance(cell, str) and cell.strip().casefold() in _NOT_KNOWN)


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
    """A number as people and programs write it ("1,250.50", "€ 30k", "(12)", "12 %"); NaN for anything else."""
    if isinstance(cell, date):
        return math.nan
    try:
        number = float(cell)
    except (TypeError, ValueError, OverflowError):
        number = _written(cell) if isinstance(cell, str) else math.nan
    return number if math.isfinite(number) else math.nan


def numbers_of(cells: Cells, *, dots_group: bool = False) -> Floats:
    """`dots_group` says that dots stand between thousands in this column."""
    if dots_group:
        cells = [cell.replace(".", "") if isinstance(cell, str) else cell for cell in cells]
    try:
        numbers = np.array(cells, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        known = {cell: number_of(cell) for cell in set(cells)}
        return np.array([known[cell] for cell in cells], dtype=np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def dots_group_thousands(cells: Cells) -> bool:
    """Whether every dot in a column stands before groups of three digits, and not by accident: a number has two dots,
    or smaller ones have none and larger ones end in 0, which programs do not write behind a decimal point.
    """
    written = {re.sub(r"[^\d.,]", "", cell) for cell in set(cells) if isinstance(cell, str)}
    dotted = {digits for digits in written if "." in digits}
    if not all(_DOTTED_THOUSANDS.fullmatch(digits) for digits in dotted):
        return False
    whole = {len(digits.split(",")[0]) for digits in written - dotted if digits}
    told_by_size = max(whole, default=4) < 4 and any(digits.endswith("0") for digits in dotted)
    return told_by_size or any(digits.count(".") > 1 for digits in dotted)


def day_format_of(cells: Cells, *, usual: str | None = None) -> str | None:
    """How most cells of a column write a date; None where they do not. `usual` is tried first."""
    distinct = Counter(text_of(cell) for cell in cells if not is_gap(cell))
    texts = [text for text, _ in distinct.most_common(1000)]  # of many, the commonest tell
    if not texts or not any(character.isdigit() for character in texts[0]):
        return usual
    formats = _DAY_FORMATS if usual is None else (usual, *_DAY_FORMATS)
    fits = (np.mean([math.isfinite(_day(text, each)) for text in texts]) >= _MOSTLY for each in formats)
    return next((each for each, is_it in zip(formats, fits, strict=True) if is_it), usual)


def days_of(cells: Cells, *, usual: str | None = None) -> Floats:
    """Dates as days since 1970, with the time of day as a fraction where it is ISO 8601; NaN where there is none."""
    day_format = day_format_of(cells, usual=usual)
    texts = [text_of(cell) for cell in cells]
    known = {text: math.nan if day_format is None else _day(text, day_format) for text in set(texts)}
    return np.array([known[text] for text in texts])


def moments_of(cells: Cells) -> Floats:
    """A column that puts rows into the order of time: numbers, or dates if it has more of these; NaN without either."""
    numbers, days = numbers_of(cells), days_of(cells)
    return numbers if np.isfinite(numbers).sum() >= np.isfinite(days).sum() else days


def _written(text: str) -> float:
    plain = text.strip().translate(_OTHER_CHARACTERS)
    if plain.startswith("(") and plain.endswith(")"):  # as bookkeepers write what is less than nothing
        plain = f"-{plain[1:-1]}"
    found = _AMOUNT.fullmatch(plain) if len(plain) <= _LONGEST_NUMBER else None
    if not found:
        return math.nan
    digits = found["digits"].replace(" ", "").replace("'", "")
    if digits.count(".") > 1 or (digits.rfind(",") > digits.rfind(".") and not _THOUSANDS.fullmatch(digits)):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        number = float(digits.replace(",", "")) * _SCALES.get((found["scale"] or "").lower(), 1.0)
    except ValueError:
        return math.nan
    return -number if found["sign"] == "-" else number


def _day(text: str, day_format: str) -> float:
    try:
        if day_format == _ISO:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        else:
            moment = datetime.strptime(_TIME_OF_DAY.sub("", text), day_format).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return math.nan
    return (moment - _EPOCH) / timedelta(days=1)
