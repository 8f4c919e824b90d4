"""Leads become a table, whatever they come in."""

import numpy as np

from scoring.tables import Table, table_of_array, table_of_rows


def test_rows_that_lack_a_column_have_nothing_there() -> None:
    table = table_of_rows([{"a": 1}, {"b": "x"}])

    assert table == Table(("a", "b"), ([1, None], [None, "x"]))


def test_columns_of_an_array_without_names_are_numbered() -> None:
    table = table_of_array(np.array([[1.0, 2.0]]))

    assert table.without(["x0"]).names == ("x1",)
    assert table.column("x1") == [2.0]
