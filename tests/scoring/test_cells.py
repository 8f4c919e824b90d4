"""Cells are read as people write them."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cells import days_of, dots_group_thousands, moments_of, number_of, numbers_of, text_of


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
        ("$1.2k", 1200),
        ("1.5M €", 1_500_000),
        ("3.2万元", 32_000),
        ("(1,200)", -1200),
        ("\u221230", -30),
        ("12,34,567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1,250 USD", 1250),
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


def test_a_date_is_days_since_1970_whatever_its_format() -> None:
    assert days_of(["1970-01-11", "1970-01-02T12:00:00", "", "1970-01-04"])[[0, 1, 3]].tolist() == [10, 1.5, 3]
    assert days_of(["13.01.1970", "02.01.1970"]).tolist() == [12, 1]


def test_days_and_months_are_not_mixed_up_where_the_days_tell() -> None:
    assert days_of(["01/02/1970", "01/13/1970"]).tolist() == [1, 12]


@pytest.mark.parametrize(
    "written",
    ["13.02.24", "13/02/24", "02/13/24", "02-13-2024", "13-Feb-2024", "13 Feb 2024 10:30", "2024年2月13日",
     "Tue, 13 Feb 2024 10:00:00 +0000", "2024.02.13", "2/13/2024 3:05 PM"],
)  # fmt: skip
def test_the_thirteenth_of_february_is_read_however_it_is_written(written: str) -> None:
    assert math.floor(days_of([written])[0]) == (date(2024, 2, 13) - date(1970, 1, 1)).days


def test_a_month_alone_is_its_first_day() -> None:
    assert days_of(["1970-02"]) == days_of(["Feb 1970"]) == days_of(["Feb-70"]) == 31


def test_dots_group_thousands_where_no_cell_has_other_decimals() -> None:
    assert dots_group_thousands(["950", "1.200", "3.400 €", "1.234.567,89"])
    assert not dots_group_thousands(["950", "1.200", "3.400", "1.5"])
    assert not dots_group_thousands(["0.125", "0.250", "0.375"])
    assert not dots_group_thousands(["93.994", "94.465", "92.893"])
    assert not dots_group_thousands(["93.994", "94.465", "94"])
    assert not dots_group_thousands(["1.250", "1.500", "2.000"])
    assert numbers_of(["950", "1.200", "3.400,5 €"], dots_group=True).tolist() == [950, 1200, 3400.5]


def test_moments_are_numbers_or_dates_and_what_is_neither_is_a_gap() -> None:
    assert moments_of(["3", "1"]).tolist() == [3, 1]
    assert moments_of(["1970-01-02", "1970-01-01"]).tolist() == [1, 0]
    assert np.isnan(moments_of(["1970-01-02", ""])).tolist() == [False, True]
    assert np.isnan(moments_of(["soon", "later"])).all()


def test_the_same_value_is_the_same_text_from_a_file_and_from_an_array() -> None:
    assert text_of(3.0) == text_of("3") == text_of(" 3 ") == "3"
    assert text_of(math.nan) == text_of(None) == text_of("N/A") == ""
