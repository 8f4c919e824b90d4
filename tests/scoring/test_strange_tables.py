"""Whatever a table holds, each lead gets a chance, or whoever asked hears in a sentence why not."""

import csv
import io
import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import cli
from scoring.lead_scorer import LeadScorer
from scoring.tables import Table

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
DAYS = st.dates().flatmap(
    lambda day: st.sampled_from([day, day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%m/%d/%y}", f"{day:%b %d, %Y}"])
)
ODD = st.sampled_from(
    [None, "", "  ", "NaN", "-", "inf", "-Infinity", "1e999", "0x1F", "1_000", "1,234.5", "1.234,5", "€ 12", "50%", "٣",
     "2024-02-30", "24:00", "TRUE", math.nan, math.inf, -math.inf, 10**400, True, np.float32(2), "\x00",
     "\u202e", date.max, date.min, datetime(2024, 1, 1, tzinfo=UTC), "=1+1", "a\nb", '"']
)  # fmt: skip
CELLS = st.sampled_from(
    [
        st.integers(-5, 5),
        st.floats(),
        st.sampled_from(["web", "fair", "Web ", ""]),
        DAYS,
        TEXTS,
        st.uuids().map(str),
        st.just("same"),
        st.just(None),
        ODD,
        st.one_of(st.integers(), st.floats(), TEXTS, DAYS, ODD),
    ]
)
NAMES = st.lists(
    st.one_of(st.sampled_from(["id", "source", "created", "seats"]), TEXTS), min_size=1, max_size=5, unique=True
)


@st.composite
def tables(draw: st.DrawFn, names: list[str] | None = None) -> Table:
    called = draw(NAMES) if names is None else names
    size = draw(st.integers(1, 40))
    kinds = [draw(CELLS) for _ in called]
    some = [draw(st.lists(kind, min_size=1, max_size=size)) for kind in kinds]
    return Table(tuple(called), tuple([cells[row * 7 % len(cells)] for row in range(size)] for cells in some))


@settings(max_examples=60)
@given(st.data(), tables())
def test_every_lead_of_every_table_has_a_chance(data: st.DataObject, table: Table) -> None:
    won = data.draw(st.lists(st.booleans(), min_size=len(table), max_size=len(table)))
    other = data.draw(tables([*table.names]))
    if len(set(won)) < 2:
        with pytest.raises(ValueError, match="1 class"):
            LeadScorer().fit(table, won)
        return

    scorer = LeadScorer(must_prove=False).fit(table, won)

    for asked in (table, other, Table(("unknown",), (["x"],))):
        chances, reasons = scorer.predict_explained(asked)
        assert len(chances) == len(reasons) == len(asked)
        assert ((chances >= 0) & (chances <= 1)).all()
        assert chances == pytest.approx(scorer.predict_proba(asked)[:, 1])


def as_csv(table: Table, won: list[bool], delimiter: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow([*table.names, "the end"])
    writer.writerows([*row, "Won" if end else "Lost"] for row, end in zip(table.rows(), won, strict=True))
    return stream.getvalue()


Write = Callable[[str], bytes]
WRITTEN: dict[str, Write] = {
    "utf-8": lambda text: text.encode(),
    "with a mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "latin-1": lambda text: text.encode("latin-1", "replace"),
}


@settings(max_examples=40)
@given(st.data(), tables(), st.sampled_from([*WRITTEN]), st.sampled_from(",;\t|"))
def test_every_file_is_scored_row_by_row_or_refused_in_words(
    tmp_path: Path, data: st.DataObject, table: Table, written: str, delimiter: str
) -> None:
    won = data.draw(st.lists(st.booleans(), min_size=len(table), max_size=len(table)))
    leads, scored = tmp_path / "leads.csv", tmp_path / "scored.csv"
    leads.write_bytes(WRITTEN[written](as_csv(table, won, delimiter)))
    scored.unlink(missing_ok=True)

    done = CliRunner().invoke(
        cli, ["score", str(leads), "--outcome", "the end", "--apply", str(leads), "--out", str(scored)]
    )

    if done.exit_code:
        assert isinstance(done.exception, SystemExit), done.exception
        assert done.output.strip()
        assert not scored.exists()
        return
    with scored.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        rows: list[dict[str, Any]] = list(csv.DictReader(stream))
    assert len(rows) == len(table)
    assert all(0 <= float(row["probability"]) <= 1 for row in rows)
