"""What a column is gets told by looking at it."""

import pytest

from scoring.kinds import Kind, kind_of


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([str(n * n % 97) for n in range(60)], Kind.NUMBER),
        ([str(n % 7) if n % 20 else "unknown" for n in range(60)], Kind.NUMBER),
        ([str(n % 7) if n % 3 else "Unknown" for n in range(60)], Kind.NUMBER),
        ([str(n % 7) if n % 3 else "never" for n in range(60)], Kind.CATEGORY),
        ([f"+49 30 {n * 7919}" for n in range(1_000, 1_060)], Kind.IDENTIFIER),
        ([f"030/{n * 7919}" for n in range(1_000, 1_060)], Kind.IDENTIFIER),
        ([f"+{n % 9}.5" for n in range(60)], Kind.NUMBER),
        ([f"0.{n * 7919}" for n in range(1_000, 1_060)], Kind.NUMBER),
        ([f"2024-{1 + n % 12:02}-11" if n % 3 else "tbd" for n in range(60)], Kind.DATE),
        (["", *(str(n % 7) for n in range(60))], Kind.NUMBER),
        (["web", "fair", ""] * 20, Kind.CATEGORY),
        (["1", "two"] * 30, Kind.CATEGORY),
        ([f"2024-{1 + n % 12:02}-11" for n in range(60)], Kind.DATE),
        ([f"{1 + n % 28}/{1 + n % 12}/2024 10:30" for n in range(60)], Kind.DATE),
        ([f"{1 + n % 28} Mar 2024" for n in range(60)], Kind.DATE),
        ([f"asked about seats for {n} people" for n in range(60)], Kind.TEXT),
        ([f"客户想要{n}个席位，预算紧张" for n in range(60)], Kind.TEXT),
        ([f"2024年{1 + n % 12}月3日" for n in range(60)], Kind.DATE),
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
