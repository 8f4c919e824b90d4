"""Reads the files in which the European Central Bank publishes its exchange rates, for today or for all days.

`eurofxref.csv` and `eurofxref-hist.csv`, as they are or in their zip: the first line names the currencies behind
`Date`, each further line has a day and what one euro was worth on it. A comma ends each line, and N/A stands where the
bank gave no rate. A file is taken as a whole or not at all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from models.csv_files import CsvFile, CsvRow, csv_of, read_csv
from models.importing_errors import (
    DateOfRowNotUnderstood,
    DayOfRatesNotUnderstood,
    FileIsEmpty,
    FileIsNotText,
    NoRatesFile,
    RateNotUnderstood,
    RowOfRatesTooLong,
)
from models.money import supported_currencies
from models.pricing import Rate
from models.reading_cells import read_timestamp
from models.reading_dates import DateOrder

EURO = "EUR"
LARGEST_FILE = 50_000_000
"""Bytes; the bank's whole history takes two million."""

_CODE = re.compile("[A-Z]{3}")
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
_NONE = frozenset({"", "-", "N/A"})


@dataclass(frozen=True)
class RatesFile:
    """The rates of a file; `left_out` are its currencies that are legal tender nowhere today."""

    rates: tuple[Rate, ...]
    left_out: tuple[str, ...]

    @property
    def currencies(self) -> frozenset[str]:
        return frozenset(rate.currency for rate in self.rates)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day; there must be rates."""
        days = [rate.day for rate in self.rates]
        return min(days), max(days)


def read_rates(path: Path) -> RatesFile:
    """All rates of a file. Raises NoRatesFile, FileIsNotText, FileIsBroken, DayOfRatesNotUnderstood,
    RateNotUnderstood, RowOfRatesTooLong."""
    try:
        table = _table(path)
    except FileIsEmpty as fault:
        raise NoRatesFile(path.name) from fault
    codes = _codes(table)
    taken = [code if code in supported_currencies() and code != EURO else "" for code in codes]
    rates = tuple(rate for row in table.rows() for rate in _rates(row, taken))
    if not rates:
        raise NoRatesFile(path.name)
    return RatesFile(rates, left_out=tuple(code for code in codes if code not in supported_currencies()))


def _table(path: Path) -> CsvFile:
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    if not is_zip:
        return read_csv(path)
    try:
        with ZipFile(path) as archive:
            inside = [each for each in archive.infolist() if each.filename.lower().endswith(".csv")]
            if len(inside) != 1 or inside[0].file_size > LARGEST_FILE:
                raise NoRatesFile(path.name)
            return csv_of(archive.read(inside[0]), path.name)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError) as fault:  # damaged, or packed in unusual ways
        raise FileIsNotText(path.name) from fault


def _codes(table: CsvFile) -> list[str]:
    """The currencies of the first line, in the order of their columns."""
    first, *codes = table.header
    while codes and not codes[-1]:
        codes.pop()
    if first.lower() != "date" or not codes or not all(map(_CODE.fullmatch, codes)):
        raise NoRatesFile(table.name)
    return codes


def _rates(row: CsvRow, codes: Sequence[str]) -> Iterator[Rate]:
    said, *cells = (cell.strip() for cell in row.cells)
    if any(cells[len(codes) :]):
        raise RowOfRatesTooLong(row.line)
    try:
        day = read_timestamp(said, order=DateOrder.DMY, zone=UTC).date()
    except DateOfRowNotUnderstood as fault:
        raise DayOfRatesNotUnderstood(said, row.line) from fault
    for code, cell in zip(codes, cells, strict=False):
        if not code or cell.upper() in _NONE:
            continue
        if not _NUMBER.fullmatch(cell) or not Decimal(cell):
            raise RateNotUnderstood(cell, code, row.line)
        yield Rate(EURO, code, day, Decimal(cell))
