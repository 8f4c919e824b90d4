"""What a column is gets told by looking at it, however people wrote it."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.tables import (
    Kind,
    Table,
    days_of,
    kind_of,
    moments_of,
    number_of,
    table_of_array,
    table_of_rows,
    text_of,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12", 12),
        ("1,250.50", 1250.5),
        ("1.250,50", 1250.5),
        ("1250,5", 1250.5),
        ("1,250", 1250),
        ("€ 30", 30),
        ("$1,000", 1000),
        ("12 %", 12),
        ("-3", -3),
        ("-$3", -3),
        ("EUR 1 250,50", 1250.5),
        ("1e3", 1000),
        (7, 7),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str | int, meant: float) -> None:
    assert number_of(written) == meant


@pytest.mark.parametrize(
    "written", ["", "n/a", "Proposal", "R1", "3 of 4", "inf", None, "2024-01-02", date(2024, 1, 2)]
)
def test_what_is_no_number_is_missing(written: object) -> None:
    assert math.isnan(number_of(written))


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_missing(text: str) -> None:
    assert not math.isinf(number_of(text))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([str(n * n % 97) for n in range(60)], Kind.NUMBER),
        ([str(n % 7) if n % 20 else "unknown" for n in range(60)], Kind.NUMBER),
        (["", *(str(n % 7) for n in range(60))], Kind.NUMBER),
        (["web", "fair", ""] * 20, Kind.CATEGORY),
        (["1", "two"] * 30, Kind.CATEGORY),
        ([f"2024-{1 + n % 12:02}-11" for n in range(60)], Kind.DATE),
        ([f"{1 + n % 28}/{1 + n % 12}/2024 10:30" for n in range(60)], Kind.DATE),
        ([f"{1 + n % 28} Mar 2024" for n in range(60)], Kind.DATE),
        ([f"asked about seats for {n} people" for n in range(60)], Kind.TEXT),
        (["same"] * 60, Kind.CONSTANT),
        ([""] * 60, Kind.CONSTANT),
        (["3.0"] * 60, Kind.CONSTANT),
        ([f"A-{n}" for n in range(60)], Kind.IDENTIFIER),
        ([str(n) for n in range(1000, 1060)], Kind.IDENTIFIER),
    ],
)
def test_columns_are_told_apart(cells: list[str], kind: Kind) -> None:
    assert kind_of("column", cells) is kind


def test_a_column_called_id_that_never_repeats_names_each_lead() -> None:
    numbers = [str(n * 7919 % 100_003) for n in range(60)]

    assert kind_of("deal_id", numbers) is Kind.IDENTIFIER
    assert kind_of("paid", numbers) is Kind.NUMBER


def test_a_date_is_days_since_1970_whatever_its_format() -> None:
    assert days_of(["1970-01-11", "1970-01-02T12:00:00", "", "1970-01-04"])[[0, 1, 3]].tolist() == [10, 1.5, 3]
    assert days_of(["13.01.1970", "02.01.1970"]).tolist() == [12, 1]


def test_days_and_months_are_not_mixed_up_where_the_days_tell() -> None:
    assert days_of(["01/02/1970", "01/13/1970"]).tolist() == [1, 12]


def test_moments_are_numbers_or_dates_without_gaps() -> None:
    assert moments_of(["3", "1"]) is not None
    assert moments_of(["1970-01-02", "1970-01-01"]) is not None
    assert moments_of(["1970-01-02", ""]) is None
    assert moments_of(["soon", "later"]) is None


def test_the_same_value_is_the_same_text_from_a_file_and_from_an_array() -> None:
    assert text_of(3.0) == text_of("3") == text_of(" 3 ") == "3"
    assert text_of(math.nan) == text_of(None) == text_of("N/A") == ""


def test_rows_that_lack_a_column_have_nothing_there() -> None:
    table = table_of_rows([{"a": 1}, {"b": "x"}])

    assert table == Table(("a", "b"), ([1, None], [None, "x"]))


def test_columns_of_an_array_without_names_are_numbered() -> None:
    table = table_of_array(np.array([[1.0, 2.0]]))

    assert table.without(["x0"]).names == ("x1",)
    assert table.column("x1") == [2.0]
