"""`sluice train`, `scores` and `backtest` on a team's imported history, as of now and of an earlier day."""

import csv
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from models.csv_files import write_csv, writing
from models.database import Database
from models.deals import Deals
from models.history import Via
from models.pipeline import stages_from_text
from models.pipelines import Pipelines
from models.workspace import Workspace
from scoring.past import Past
from tests.bot.unset import with_nothing_set
from tests.scoring.simulation import SIGNAL, STAGES, a_team, after

Sluice = Callable[..., Result]

THEN = after(420)
AS_OF = ("--as-of", THEN.isoformat())


@pytest.fixture(scope="module")
def past() -> Past:
    return a_team(SIGNAL, deals=500, over_days=600)


@pytest.fixture(scope="module")
def imported(past: Past, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the team's deals and their history; copied by each test."""
    folder = tmp_path_factory.mktemp("imported")
    deals = [
        [
            f"D{deal.deal_id}",
            f"Deal {deal.deal_id}",
            STAGES[deal.standing.stage_id].name,
            deal.source,
            deal.created_at.isoformat(),
            str(deal.custom["Region"]),
        ]
        for deal in past.histories
    ]
    moves = [
        [f"D{deal.deal_id}", STAGES[move.to_stage_id].name, move.at.isoformat()]
        for deal in past.histories
        for move in deal.moves
    ]
    _write(folder / "deals.csv", ["id", "name", "stage", "source", "created", "custom:Region"], deals)
    _write(folder / "history.csv", ["deal", "stage", "at"], moves)
    stages = ("--pipeline", "Sales", "--stages", "Lead,Demo,Offer,Won:won,Lost:lost")
    files = (str(folder / "deals.csv"), "--history", str(folder / "history.csv"))
    database = folder / "sluice.db"
    result = CliRunner(env={"DATABASE_URL": f"sqlite:///{database}"}).invoke(
        cli, ["import", *files, *stages, "--workspace", "T1", "--rejects", str(folder / "rejects.csv")]
    )
    assert result.exit_code == 0, result.output
    return database


@pytest.fixture(scope="module")
def trained(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The same once it was trained on, and what that told."""
    database = Path(shutil.copy(imported, tmp_path_factory.mktemp("trained") / "sluice.db"))
    return database, _with(database)("train")


@pytest.fixture
def sluice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, imported: Path) -> Iterator[Sluice]:
    with_nothing_set(monkeypatch, tmp_path)
    yield _with(shutil.copy(imported, tmp_path / "sluice.db"))
    logging.basicConfig(level=logging.WARNING, handlers=[], force=True)


@pytest.fixture
def sluice_with_model(sluice: Sluice, trained: tuple[Path, Result], tmp_path: Path) -> Sluice:
    shutil.copy(trained[0], tmp_path / "sluice.db")
    return sluice


def _with(database: Path | str) -> Sluice:
    return lambda *words: CliRunner(env={"DATABASE_URL": f"sqlite:///{database}"}).invoke(cli, words)


def test_a_score_that_is_better_serves_from_then_on_and_for_its_own_horizon_nothing_is_learnt_anew(
    trained: tuple[Path, Result], sluice_with_model: Sluice
) -> None:
    scored = sluice_with_model("scores", "--out", "now.csv")
    sluice_with_model("scores", "--horizon", "30", "--out", "named.csv")

    assert (trained[1].exit_code, scored.exit_code) == (0, 0)
    assert "serves from now on" in trained[1].stdout
    assert "model 1 (" in "".join(row["forward_model"] for row in _read("now.csv"))
    assert [row["probability_forward"] for row in _read("named.csv")] == [
        row["probability_forward"] for row in _read("now.csv")
    ]


def test_a_model_for_another_horizon_is_shown_and_not_kept(sluice: Sluice) -> None:
    tried = sluice("train", "--horizon", "60")
    sluice("scores", "--out", "now.csv")

    assert "within 60 days" in tried.stdout
    assert "would serve" in tried.stdout
    assert {row["forward_model"] for row in _read("now.csv")} == {"base rate"}


def test_a_model_of_an_earlier_day_is_shown_and_not_kept_nor_compared_with_what_serves(
    sluice: Sluice, trained: tuple[Path, Result], tmp_path: Path
) -> None:
    before = sluice("train", *AS_OF).stdout
    sluice("scores", "--out", "now.csv")
    kept = {row["forward_model"] for row in _read("now.csv")}
    with_model = _with(shutil.copy(trained[0], tmp_path / "trained.db"))

    assert with_model("train", *AS_OF).stdout == before
    assert "would serve" in before or "is not used" in before
    assert kept == {"base rate"}


def test_a_moment_that_is_still_to_come_is_refused(sluice: Sluice) -> None:
    result = sluice("scores", "--as-of", "2999-01-01", "--out", "then.csv")

    assert result.exit_code == 2
    assert "still to come" in result.stderr


def test_every_deal_that_was_open_then_is_scored_and_no_other(sluice: Sluice, past: Past) -> None:
    result = sluice("scores", *AS_OF, "--out", "then.csv")

    there = [deal.as_of(THEN) for deal in past.histories if deal.created_at <= THEN]
    expected = {
        f"D{deal.deal_id}": STAGES[deal.standing.stage_id].name
        for deal in there
        if STAGES[deal.standing.stage_id].is_open
    }
    rows = _read("then.csv")
    assert result.exit_code == 0
    assert {row["id"]: row["stage"] for row in rows} == expected
    assert all(0 < float(row[chance]) < 1 for row in rows for chance in ("probability_forward", "probability_won"))
    assert all(row["reasons"] for row in rows)


def test_each_chance_comes_with_its_horizon_and_what_answered_as_of_when(sluice: Sluice) -> None:
    sluice("scores", *AS_OF, "--horizon", "14", "--out", "then.csv")

    row = _read("then.csv")[0]
    assert list(row)[:4] == ["id", "stage", "probability_forward", "probability_won"]
    assert (row["as_of"], row["forward_within_days"], row["pipeline"]) == ("2025-02-24T09:00:00Z", "14", "Sales")
    assert int(row["won_within_days"]) >= 14
    assert all("model" not in row[of] and row[of] for of in ("forward_model", "won_model"))


def test_who_scores_an_old_export_as_of_now_is_warned(sluice: Sluice) -> None:
    now, then = sluice("scores", "--out", "now.csv"), sluice("scores", *AS_OF, "--out", "then.csv")

    assert "Nothing was written down after 2025-" in now.stderr
    assert "`--as-of 2025-" in now.stderr
    assert "written down" not in then.stderr
    assert "Left out:" in then.stderr
    assert "Left out:" not in now.stderr


def test_what_came_later_changes_nothing_of_what_is_said_of_a_day(sluice: Sluice, past: Past, tmp_path: Path) -> None:
    sluice("scores", *AS_OF, "--out", "then.csv")
    later = [
        [f"D{deal.deal_id}", "Lost", after(610).isoformat()]
        for deal in past.histories
        if STAGES[deal.standing.stage_id].is_open
    ]
    _write(tmp_path / "later.csv", ["deal", "stage", "at"], later)
    _write(tmp_path / "none.csv", ["id", "name"], [])

    imported = sluice("import", "none.csv", "--history", "later.csv", "--pipeline", "Sales")
    _hand_over(Database(f"sqlite:///{tmp_path / 'sluice.db'}"), _read("then.csv")[0]["name"])
    sluice("scores", *AS_OF, "--out", "again.csv")

    assert str(len(later)) in imported.stdout
    assert Path("again.csv").read_bytes() == Path("then.csv").read_bytes()


def _hand_over(database: Database, name: str) -> None:
    """To another pipeline, long after."""
    with database.begin() as session:
        workspace = session.get_one(Workspace, "T1")
        deal = Deals(session, workspace).named(name)
        elsewhere = Pipelines(session, workspace).add("Elsewhere", stages_from_text("Call, Signed:won, Gone:lost"))
        deal.reopen(by=None, at=after(620), via=Via.IMPORT)
        deal.transfer(elsewhere, elsewhere.first, by=None, at=after(621), via=Via.IMPORT)


def test_a_backtest_tells_each_fold_and_all_together(sluice: Sluice) -> None:
    shown = sluice("backtest", "--folds", "2")
    told = json.loads(sluice("backtest", "--folds", "2", "--json").stdout)

    assert "Log loss" in shown.stdout
    assert all(len(line) <= 80 for line in shown.stdout.splitlines() if "│" in line)
    assert "…" not in shown.stdout
    assert "counts once in each of them, and once in all" in " ".join(shown.stdout.split())
    assert "A model answered in" in shown.stdout
    assert [(fold["question"], fold["chosen"] == "all") for fold in told].count(("forward", True)) == 1
    together = next(fold for fold in told if fold["question"] == "forward" and fold["chosen"] == "all")
    assert together["score"]["log_loss"] < together["base_rate"]["log_loss"]


def test_a_moment_that_is_none_is_told(sluice: Sluice) -> None:
    result = sluice("scores", "--as-of", "yesterday", "--out", "then.csv")

    assert result.exit_code == 2
    assert "2026-03-01" in result.stderr


def test_a_file_that_cannot_be_written_is_told(sluice: Sluice) -> None:
    result = sluice("scores", "--out", "nowhere/then.csv")

    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with writing(path) as stream:
        write_csv(stream, header, rows)


def _read(name: str) -> list[dict[str, str]]:
    with Path(name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
