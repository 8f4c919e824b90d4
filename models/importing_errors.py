"""What can be wrong with a file that is imported, or with one of its rows."""

from models.errors import DomainError


class FileIsEmpty(DomainError):
    file: str


class FileIsNotText(DomainError):
    """A workbook, a picture, or text in an encoding that nobody can tell."""

    file: str


class FileIsBroken(DomainError):
    """From this line on the file is no table, mostly because a quotation mark was never closed."""

    file: str
    line: int


class ColumnsMissing(DomainError):
    """The file lacks columns without which its rows mean nothing; `found` are those it has."""

    missing: tuple[str, ...]
    found: tuple[str, ...]


class ColumnUnknown(DomainError):
    """A column was mapped that the file does not have."""

    name: str
    found: tuple[str, ...]


class CellsTooMany(DomainError):
    """A row has more cells than the header, mostly because a comma stands outside quotation marks."""

    expected: int
    found: int


class TextIsDamaged(DomainError):
    """A row has bytes that are no character of the file's encoding."""


class DealOfRowNotFound(DomainError):
    """A row tells something of a deal that is not there; `name` is its name or its id."""

    name: str


class DateOfRowNotUnderstood(DomainError):
    """A cell holds no date, or one without its year, or one that is told from today."""

    text: str


class RowRepeated(DomainError):
    """The same deal stood in an earlier line already."""

    line: int


class ActivityKindUnknown(DomainError):
    name: str
    kinds: tuple[str, ...]


class NoRatesFile(DomainError):
    """The first line of a file does not name currencies as the European Central Bank's files do."""

    file: str


class RateNotUnderstood(DomainError):
    """A cell of a file of rates is neither a number above zero nor empty nor N/A."""

    text: str
    currency: str
    line: int


class RowOfRatesTooLong(DomainError):
    """A line has cells that no currency stands above, mostly because its rates have commas."""

    line: int


class DayOfRatesNotUnderstood(DomainError):
    text: str
    line: int
