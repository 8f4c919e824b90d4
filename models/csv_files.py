"""Opens the tables that other programs export, whatever their encoding and separator, and writes ours.

A spreadsheet runs a cell that begins like a formula (a negative number is none), so what we write has an apostrophe
before such cells, and what we read loses it again: a text survives both ways unchanged, also one that began with an
apostrophe of its own.
"""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

from models.importing_errors import FileIsBroken, FileIsEmpty, FileIsNotText

_SEPARATORS = ",;\t|"
_FORMULA = re.compile(r"'*(?:[=+@\t\r＝＋－＠]|-(?!\d+(?:[.,]\d+)*\Z))")
_DAMAGED = re.compile("[\ud800-\udfff]")
_CONTENT = re.compile(rf'[^\s"\ufeff{re.escape(_SEPARATORS)}]')
_TOLD_BY_EXCEL = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One record; `line` is where it begins in the file."""

    line: int
    cells: list[str]

    @property
    def is_damaged(self) -> bool:
        """It has bytes that are no character of the file's encoding; they are kept, and written as they were."""
        return any(_DAMAGED.search(cell) for cell in self.cells)


@dataclass(frozen=True)
class CsvFile:
    """A table in memory; blank lines do not count as rows, nor do rows of empty cells unless asked for."""

    name: str
    text: str
    separator: str

    @property
    def header(self) -> list[str]:
        return [cell.strip() for cell in next(self._records()).cells]

    def rows(self, *, even_empty: bool = False) -> Iterator[CsvRow]:
        """The records below the header. Raises FileIsBroken where the table ends before the file does."""
        records = self._records(even_empty=even_empty)
        next(records)
        return records

    def _records(self, *, even_empty: bool = False) -> Iterator[CsvRow]:
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator)
        line, has_header = 1, False
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells) or (even_empty and has_header and cells):
                    has_header = True
                    yield CsvRow(line, [_unescaped(cell) for cell in cells])
                line = reader.line_num + 1
        except csv.Error as fault:
            raise FileIsBroken(self.name, line) from fault


def read_csv(path: Path) -> CsvFile:
    """The table in a file, also a gzipped one. Raises FileIsEmpty, FileIsNotText."""
    data = path.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
            raise FileIsNotText(path.name) from fault
    return csv_of(data, path.name)


def csv_of(data: bytes, name: str) -> CsvFile:
    """The table in the bytes of a file. Raises FileIsEmpty, FileIsNotText."""
    try:
        text = _decoded(data)
    except UnicodeError as fault:
        raise FileIsNotText(name) from fault
    told = _TOLD_BY_EXCEL.match(text)
    if told:  # an empty line in its place, so that the lines below keep their numbers
        text = "\n" + text[told.end() :]
    if not _CONTENT.search(text):
        raise FileIsEmpty(name)
    return CsvFile(name, text, told[1] if told else _separator(text))


def write_csv(stream: TextIO, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table that spreadsheets open without running anything in it."""
    writer = csv.writer(stream)
    writer.writerow([_escaped(cell) for cell in header])
    writer.writerows([_escaped(cell) for cell in row] for row in rows)


def writing(path: Path) -> TextIO:
    """A file for `write_csv`. Its mark makes Excel show Chinese names; damaged bytes go back as they came."""
    return path.open("w", encoding="utf-8-sig", errors="surrogateescape", newline="")


def legible(text: str) -> str:
    """The text with a mark in place of each damaged byte, so that it can be shown."""
    return _DAMAGED.sub("\ufffd", text)


def _decoded(data: bytes) -> str:
    """Raises UnicodeError for what is no text."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "strict" if encoding == "utf-16" else "surrogateescape")
    if b"\0" in data:
        raise UnicodeError("text has no zero bytes")
    text = data.decode("utf-8", "surrogateescape")
    damaged = len(_DAMAGED.findall(text))
    foreign = sum(not character.isascii() for character in text) - damaged
    # Other encodings hardly ever look like UTF-8 by accident: a little damage to much of it is damage.
    if damaged <= foreign:
        return text
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())
    best = from_bytes(telling[:200_000], cp_isolation=["cp1252", "gb18030"]).best()
    if best is None:
        raise UnicodeError("no encoding fits")
    return data.decode(best.encoding, "surrogateescape")


def _separator(text: str) -> str:
    """The one that cuts the first record into the most cells."""
    start = text.lstrip()[:10_000]
    return max(_SEPARATORS, key=lambda each: len(next(csv.reader(io.StringIO(start, newline=""), delimiter=each))))


def _escaped(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
