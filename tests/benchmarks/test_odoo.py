"""The yardstick is naive Bayes over frequency tables, worked out here by hand."""

import numpy as np
import pytest

from benchmarks.odoo import Odoo
from scoring.tables import Table

SOURCES = ["web"] * 4 + ["fair"] * 4 + [""]
WON = np.array([True, True, True, False, True, False, False, False, True])


def test_the_chance_is_that_of_the_frequency_table() -> None:
    odoo = Odoo().fit(Table(("source",), (SOURCES,)), WON)

    chance = odoo.chances(Table(("source",), (["web"],)))[0]

    won = 5.1 / (5.1 + 4.1) * 3.1 / (3.1 + 1.1)
    lost = 4.1 / (5.1 + 4.1) * 1.1 / (1.1 + 3.1)
    assert chance == pytest.approx(won / (won + lost))


def test_empty_and_unseen_values_are_passed_over() -> None:
    odoo = Odoo().fit(Table(("source",), (SOURCES,)), WON)

    assert odoo.chances(Table(("source",), (["", "moon"],))) == pytest.approx(np.full(2, 5.1 / 9.2))


def test_numbers_count_only_where_they_are_cut_into_parts() -> None:
    table = Table(("seats",), ([str(number % 50) for number in range(200)],))
    won = np.array([number % 50 > 25 for number in range(200)])

    assert np.ptp(Odoo().fit(table, won).chances(table)) == 0
    assert np.ptp(Odoo(numbers=True).fit(table, won).chances(table)) > 0.9


def test_no_chance_is_certain() -> None:
    columns = tuple(["a"] * 500 + ["b"] * 500 for _ in range(9))
    table = Table(tuple(f"c{number}" for number in range(9)), columns)

    chances = Odoo().fit(table, np.arange(1000) < 500).chances(table)

    assert chances.min() == 0.0001
    assert chances.max() == 0.9999
