"""The files of the European Central Bank are read as they are published, and others are refused with a reason."""

import gzip
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest

from models.errors import DomainError
from models.importing_errors import (
    DayOfRatesNotUnderstood,
    FileIsNotText,
    NoRatesFile,
    RateNotUnderstood,
    RowOfRatesTooLong,
)
from models.importing_rates import read_rates
from models.pricing import Rate

DAILY = "Date, USD, JPY, DKK, GBP, \n20 November 2026, 1.1520, 180.26, 7.4689, 0.88100, \n"
HISTORY = (
    "Date,USD,JPY,CYP,ISK,\n"
    "2026-11-20,1.152,180.26,N/A,146.5,\n"
    "2026-11-19,1.1527,180.91,N/A,N/A,\n"
    "2007-12-31,1.4721,164.93,0.585274,N/A,\n"
)

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(content: str | bytes, name: str = "eurofxref.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def zipped(path: Path, **files: str) -> Path:
    with ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return path


def test_the_file_of_the_day_is_read(written: Written) -> None:
    found = read_rates(written(DAILY))

    day = date(2026, 11, 20)
    assert found.rates == (
        Rate("EUR", "USD", day, Decimal("1.1520")),
        Rate("EUR", "JPY", day, Decimal("180.26")),
        Rate("EUR", "DKK", day, Decimal("7.4689")),
        Rate("EUR", "GBP", day, Decimal("0.88100")),
    )
    assert (found.days, found.left_out) == ((day, day), ())


def test_the_history_is_read_and_currencies_of_the_past_are_left_out(written: Written) -> None:
    found = read_rates(written(HISTORY))

    assert len(found.rates) == 7
    assert Rate("EUR", "ISK", date(2026, 11, 20), Decimal("146.5")) in found.rates
    assert found.days == (date(2007, 12, 31), date(2026, 11, 20))
    assert found.currencies == {"USD", "JPY", "ISK"}
    assert found.left_out == ("CYP",)


def test_both_are_read_as_they_are_zipped(tmp_path: Path, written: Written) -> None:
    plain = read_rates(written(HISTORY))

    assert read_rates(zipped(tmp_path / "eurofxref-hist.zip", **{"eurofxref-hist": HISTORY})) == plain
    assert read_rates(written(gzip.compress(HISTORY.encode()), "eurofxref-hist.csv.gz")) == plain


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_how_lines_end_and_whether_a_comma_does_makes_no_difference(written: Written, line_end: str) -> None:
    other = line_end.join(line.rstrip(", ") for line in DAILY.splitlines())

    assert read_rates(written(other)) == read_rates(written(DAILY, "other.csv"))


@pytest.mark.parametrize(
    ("content", "error", "line"),
    [
        ("", NoRatesFile, None),
        ("Date, USD, \n", NoRatesFile, None),
        ("Date,CYP,\n2007-12-31,0.585274,\n", NoRatesFile, None),
        ("Deal,Amount\nAcme,12000\n", NoRatesFile, None),
        ("Date,Dollar\n2026-11-20,1.1\n", NoRatesFile, None),
        ("2026-11-20,1.1\n", NoRatesFile, None),
        (b"\x89PNG\r\n\x1a\n\0\0\0", FileIsNotText, None),
        (b"PK\x03\x04 no archive", FileIsNotText, None),
        ("Date,USD\n2026-11-20,1.1\nsome day,1.2\n", DayOfRatesNotUnderstood, 3),
        ("Date,USD\n2026-13-20,1.1\n", DayOfRatesNotUnderstood, 2),
        ("Date,USD,GBP\n2026-11-20,1.1,\n2026-11-19,1.1,a lot\n", RateNotUnderstood, 3),
        ("Date,USD\n2026-11-20,0\n", RateNotUnderstood, 2),
        ("Date,USD\n2026-11-20,-1.1\n", RateNotUnderstood, 2),
        ("Date,USD\n2026-11-20,1e3\n", RateNotUnderstood, 2),
        ("Date;USD\n2026-11-20;1,1\n", RateNotUnderstood, 2),
        ("Date,USD,GBP\n2026-11-20,1,1520,0,881\n", RowOfRatesTooLong, 2),
    ],
)
def test_other_files_are_refused_with_the_line_where_it_went_wrong(
    written: Written, content: str | bytes, error: type[DomainError], line: int | None
) -> None:
    with pytest.raises(error) as refused:
        read_rates(written(content))

    assert refused.value.values.get("line") == line


def test_an_archive_must_hold_one_table(tmp_path: Path) -> None:
    for inside in ({}, {"one": DAILY, "two": DAILY}):
        with pytest.raises((NoRatesFile, FileIsNotText)):
            read_rates(zipped(tmp_path / "rates.zip", **inside))
