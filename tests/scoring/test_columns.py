"""How columns become what models learn from, and keep their meaning on leads that were not learnt from."""

import doctest

import numpy as np
import pytest

from scoring import columns
from scoring.columns import Columns
from scoring.kinds import Kind
from scoring.tables import Cells, Table


def a_table(**columns_: Cells) -> Table:
    return Table(tuple(columns_), tuple(columns_.values()))


def test_the_examples_in_the_documentation_run() -> None:
    assert doctest.testmod(columns).failed == 0


def test_values_of_a_category_stand_in_the_order_of_how_often_they_were_won() -> None:
    sources = ["fair"] * 30 + ["web"] * 30 + ["call"] * 30
    won = np.array([n % 10 < 5 for n in range(30)] + [n % 10 < 1 for n in range(30)] + [True] * 30)

    encoded = Columns().fit_transform(a_table(source=sources), won)

    assert encoded[[30, 0, 60], 0].tolist() == [0, 1, 2]


def test_rare_and_unseen_values_have_no_code() -> None:
    fitted = Columns().fit(a_table(source=["web"] * 20 + ["fair"] * 20 + ["once"]))

    encoded = fitted.transform(a_table(source=["once", "never seen", "web"]))

    assert np.isnan(encoded[:, 0]).tolist() == [True, True, False]


def test_constant_columns_and_identifiers_leave_nothing() -> None:
    leads = a_table(same=["x"] * 40, name=[f"lead-{n}" for n in range(40)], empty=[""] * 40, n=["1", "2"] * 20)

    fitted = Columns().fit(leads)

    assert fitted.sources_ == ["n"]
    assert [kind for kind in fitted.kinds_.values() if kind is Kind.NUMBER] == [Kind.NUMBER]


def test_a_category_whose_values_hardly_repeat_leaves_noughts() -> None:
    leads = a_table(company=[f"company {n // 2}" for n in range(40)])

    assert Columns().fit(leads).transform(leads).tolist() == [[0.0]] * 40


def test_dates_tell_day_month_weekday_and_how_far_they_lie_apart() -> None:
    created = [f"2024-01-{1 + n % 20:02}" for n in range(40)]
    called = [f"2024-02-{1 + n % 20:02}" for n in range(40)]

    fitted = Columns().fit(a_table(created=created, called=called))
    encoded = dict(zip(fitted.sources_, fitted.transform(a_table(created=created, called=called))[0], strict=True))

    assert fitted.sources_.count("created") == 3
    assert encoded["created → called"] == 31


def test_a_text_tells_its_length_and_its_common_words() -> None:
    remarks = [f"wants a demo of module {n}" if n % 2 else f"no budget before year {n}" for n in range(40)]

    fitted = Columns().fit(a_table(remark=remarks))
    with_demo, without = fitted.transform(a_table(remark=["a demo please, quickly", "nothing known here at all"]))

    assert "demo" in fitted.words_["remark"]
    assert with_demo[1 + fitted.words_["remark"].index("demo")] == 1
    assert without[1 + fitted.words_["remark"].index("demo")] == 0


def test_one_date_alone_is_read_as_those_were_that_it_was_learnt_from() -> None:
    fitted = Columns().fit(a_table(created=[f"01/{1 + n % 28:02}/2024" for n in range(40)]))

    assert fitted.transform(a_table(created=["02/03/2024"]))[0].tolist() == [19_756, 2, 5]
    assert fitted.transform(a_table(created=["2024-02-03"]))[0].tolist() == [19_756, 2, 5]


def test_one_number_alone_is_read_as_those_were_that_it_was_learnt_from() -> None:
    fitted = Columns().fit(a_table(seats=["950", "1.200", "2.300", "3.400"] * 10))

    assert fitted.transform(a_table(seats=["1.500"])).tolist() == [[1500]]


def test_a_text_without_spaces_tells_its_pairs_of_characters() -> None:
    remarks = [f"客户紧急要求第{n}个报价" if n % 2 else f"客户第{n}次没有预算" for n in range(40)]

    fitted = Columns().fit(a_table(remark=remarks))

    assert {"紧急", "预算"} <= set(fitted.words_["remark"])


@pytest.mark.parametrize("cell", ["", None, "n/a", float("nan")])
def test_a_missing_number_stays_missing(cell: object) -> None:
    fitted = Columns().fit(a_table(seats=["1", "7", "3"] * 10))

    assert np.isnan(fitted.transform(a_table(seats=[cell]))).all()


def test_numbers_from_a_file_and_from_an_array_are_the_same() -> None:
    texts = a_table(seats=["1.1", "7", "3"] * 10)
    numbers = a_table(seats=[1.1, 7.0, 3.0] * 10)
    fitted = Columns().fit(texts)

    assert fitted.transform(texts).tolist() == fitted.transform(numbers).tolist()
