"""Columns are recognised by what other CRMs call them, and only when it is sure what they mean."""

import pytest

from models.importing_columns import DealColumn, deal_columns
from models.importing_errors import ColumnsMissing


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("DEAL NAME", DealColumn.NAME),
        ("Opportunity: Name", DealColumn.NAME),
        ("CloseDate", DealColumn.CLOSE),
        ("Deal - Deal created", DealColumn.CREATED),
        ("Acount name", DealColumn.COMPANY),
        ("Compnay name", DealColumn.COMPANY),
        ("deal_stage", DealColumn.STAGE),
        ("close_value", DealColumn.CLOSE_VALUE),
        ("sales_agent", DealColumn.OWNER),
        ("客户名称", DealColumn.COMPANY),
        ("输单原因", DealColumn.LOSS_REASON),
        ("Firma", DealColumn.COMPANY),
        ("Ansprechpartner", DealColumn.CONTACT),
        ("BETRAG", DealColumn.AMOUNT),
        ("Währung", DealColumn.CURRENCY),
        ("Verantwortlich", DealColumn.OWNER),
        ("Quelle", DealColumn.SOURCE),
        ("Deal-Phase", DealColumn.STAGE),
        ("Erstellt am", DealColumn.CREATED),
        ("Abschlussdatum", DealColumn.CLOSE),
        ("Voraussichtliches Abschlussdatum", DealColumn.EXPECTED_CLOSE),
        ("Nächster Schritt", DealColumn.NEXT_STEP),
        ("Verlustgrund", DealColumn.LOSS_REASON),
        ("Dealname", DealColumn.NAME),
    ],
)
def test_a_column_is_recognised(name: str, column: DealColumn) -> None:
    assert deal_columns(["product", name], {}).places[column] == (1,)


@pytest.mark.parametrize(
    "name", ["Contract name", "State", "Weighted amount", "Created by", "Last activity", "custom: amount"]
)
def test_a_column_that_means_something_else_becomes_a_custom_field(name: str) -> None:
    assert deal_columns(["name", name], {}).others == {1: name.removeprefix("custom: ")}


def test_the_first_column_of_a_meaning_has_it() -> None:
    columns = deal_columns(["name", "Company", "Account"], {})

    assert columns.places[DealColumn.COMPANY] == (1,)
    assert columns.others == {2: "Account"}


def test_a_deal_was_closed_when_it_was_won_or_lost_whichever_is_told() -> None:
    columns = deal_columns(["name", "Won time", "Lost time"], {})

    assert columns.cell(["Acme", "", "2026-01-01"], DealColumn.CLOSED) == "2026-01-01"


def test_columns_of_one_name_stay_apart() -> None:
    header = ["name", "Colour", "colour", "", "Ｃolour", "\u200b"]

    assert deal_columns(header, {}).others == {1: "Colour", 2: "colour 2", 3: "Column", 4: "Ｃolour 3", 5: "Column 2"}


def test_an_id_alone_names_no_deal() -> None:
    with pytest.raises(ColumnsMissing):
        deal_columns(["Deal-ID", "Titel des Geschäfts", "Summe"], {})
