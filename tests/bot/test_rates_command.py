"""`sluice rates` takes the bank's files in, once however often, and says what it did or why not."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from tests.bot.unset import with_nothing_set

HISTORY = "Date,USD,JPY,CYP,\n2026-11-20,1.152,180.26,N/A,\n2026-11-19,1.1527,N/A,N/A,\n"
DEALS = "Deal Name,Amount,Currency,Created\nAcme,12000,VND,2026-01-05\nGlobex,100,USD,2026-01-05\n"

Sluice = Callable[..., Result]


@pytest.fixture
def sluice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sluice]:
    with_nothing_set(monkeypatch, tmp_path)
    yield lambda *words: CliRunner().invoke(cli, words)
    logging.basicConfig(level=logging.WARNING, handlers=[], force=True)


def _file(content: str, name: str = "eurofxref-hist.csv") -> str:
    Path(name).write_text(content, encoding="utf-8")
    return name


def test_rates_go_in_once_however_often_the_file_is_given(sluice: Sluice) -> None:
    first = sluice("rates", _file(HISTORY), "--workspace", "T1ACME")
    second = sluice("rates", _file(HISTORY.replace("1.152,", "1.153,")))

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.splitlines() == [
        "eurofxref-hist.csv: 3 rates added, 0 changed, 0 unchanged (2 currencies per euro, 2026-11-19 to 2026-11-20).",
        "Left out, as nobody pays in them today: CYP.",
    ]
    assert "0 rates added, 1 changed, 2 unchanged" in second.stdout


def test_deals_that_stay_unpriced_are_told_of(sluice: Sluice) -> None:
    sluice("import", _file(DEALS, "deals.csv"), "--workspace", "T1ACME")

    told = sluice("rates", _file(HISTORY)).stdout

    assert "Deals in VND have no rate in USD" in told


def test_what_is_no_file_of_rates_is_refused_in_a_sentence(sluice: Sluice) -> None:
    result = sluice("rates", _file(DEALS, "deals.csv"), "--workspace", "T1ACME")

    assert result.exit_code == 1
    assert result.stderr.startswith("✗ deals.csv is no file of exchange rates.")
    assert "Date, USD, JPY" in result.stderr


def test_a_bad_cell_is_told_with_its_line_and_nothing_is_kept(sluice: Sluice) -> None:
    sluice("rates", _file(HISTORY), "--workspace", "T1ACME")

    bad = sluice("rates", _file("Date,GBP\n2026-11-20,0.881\n2026-11-19,much\n"))
    good = sluice("rates", _file("Date,GBP\n2026-11-20,0.881\n"))

    assert bad.exit_code == 1
    assert "Line 3: much is no rate of GBP." in bad.stderr
    assert "1 rates added, 0 changed, 0 unchanged (1 currency per euro, 2026-11-20)" in good.stdout
