"""`sluice score` learns from any file of leads, shows how well, and writes chances with reasons that open safely."""

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.lead_lists import read_leads
from tests.scoring.leads import made_up

Score = Callable[..., Result]


@pytest.fixture
def score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Score:
    """Runs `sluice score` in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner(env={"COLUMNS": "200"}).invoke(cli, ["score", *words])


def _leads(name: str, n: int = 150, *, signal: float = 2, outcome: bool = True) -> str:
    leads = made_up(n, signal=signal)
    header = [*leads.table.names, *(["status"] if outcome else [])]
    ends = (["Won" if won else "Lost"] for won in leads.won)
    with Path(name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for row, end in zip(leads.table.rows(), ends, strict=True):
            writer.writerow([*row, *(end if outcome else [])])
    return name


def _scored(name: str) -> list[dict[str, str]]:
    with Path(name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_signal_is_found_and_every_lead_of_the_other_file_gets_its_chance_and_reasons(score: Score) -> None:
    train, other = _leads("train.csv"), _leads("open.csv", 20, outcome=False)

    result = score(train, "--outcome", "status", "--apply", other, "--out", "scored.csv")

    assert result.exit_code == 0, result.output
    assert "Chosen: logistic regression" in result.stdout
    rows = _scored("scored.csv")
    assert [row["id"] for row in rows] == [f"L{number}" for number in range(20)]
    assert all(0 < float(row["probability"]) < 1 for row in rows)
    assert "source: " in rows[0]["reasons"]


def test_where_another_candidate_had_less_loss_the_card_says_why_it_was_not_chosen(score: Score) -> None:
    result = score(_leads("train.csv", 400, signal=1.5), "--outcome", "status")

    tried = [line for line in result.stdout.splitlines() if "log loss" in line and "│" in line]
    assert "✓" not in tried[1]
    assert "What has a lower log loss above is not better beyond chance." in " ".join(result.stdout.split())


def test_where_there_is_no_signal_it_says_so(score: Score) -> None:
    result = score(_leads("train.csv", signal=0), "--outcome", "status")

    assert result.exit_code == 0
    assert "No better than the base rate" in result.stdout


def test_the_card_as_json_and_from_a_gzipped_file(score: Score) -> None:
    Path("train.csv.gz").write_bytes(gzip.compress(Path(_leads("train.csv")).read_bytes()))

    result = score("train.csv.gz", "--outcome", "status", "--positive", "lost", "--time", "contacted", "--json")

    card = json.loads(result.stdout)
    assert card["positive"] == "Lost"
    assert card["leads"] == 150
    assert card["validation"] == "later leads"
    assert card["columns"]["id"] == "identifier"
    assert card["model"]["log_loss"] > 0


def test_the_card_shows_the_area_under_the_curve_that_its_base_rate_had_on_later_leads(score: Score) -> None:
    words = (_leads("train.csv", 300), "--outcome", "status", "--time", "contacted")

    card, shown = json.loads(score(*words, "--json").stdout), score(*words).stdout

    (line,) = (line for line in shown.splitlines() if "Area under the ROC curve" in line)
    assert f"{card['base_rate']['auc']:.3f}" != "0.500"
    assert f"{card['base_rate']['auc']:.3f}" in line


def test_names_of_columns_count_whatever_their_case(score: Score) -> None:
    train, other = _leads("train.csv"), _leads("open.csv", 20, outcome=False)
    text = Path(other).read_text(encoding="utf-8")
    Path("upper.csv").write_text(text.replace("source", "SOURCE", 1), encoding="utf-8")

    score(train, "--outcome", "status", "--apply", other, "--out", "scored.csv")
    result = score(train, "--outcome", "Status ", "--apply", "upper.csv", "--out", "again.csv")

    assert "lacks columns" not in result.stderr
    assert [row["probability"] for row in _scored("again.csv")] == [row["probability"] for row in _scored("scored.csv")]
    assert "SOURCE" in _scored("again.csv")[0]


def test_lines_that_come_again_as_a_whole_are_counted_once(score: Score) -> None:
    name = _leads("train.csv", 60)
    head, *lines = Path(name).read_text(encoding="utf-8").splitlines(keepends=True)
    Path("eight.csv").write_text(head + "".join(lines * 8), encoding="utf-8")

    once = json.loads(score(name, "--outcome", "status", "--json").stdout)
    again = score("eight.csv", "--outcome", "status")
    card = json.loads(score("eight.csv", "--outcome", "status", "--json").stdout)

    assert card.pop("copies") == 7 * len(lines)
    assert card == {key: value for key, value in once.items() if key != "copies"}
    assert "lines are copies of others in every column, and are counted once" in " ".join(again.stdout.split())


def test_alike_leads_that_no_column_names_apart_are_no_copies(score: Score) -> None:
    lines = "".join(f"{n % 4},{'won' if n % 3 else 'lost'}\n" for n in range(240))
    Path("alike.csv").write_text(f"seats,status\n{lines}", encoding="utf-8")

    card = json.loads(score("alike.csv", "--outcome", "status", "--json").stdout)

    assert (card["copies"], card["leads"]) == (0, 240)


def test_leads_with_none_of_the_columns_are_refused_before_anything_is_written(score: Score) -> None:
    Path("other.csv").write_text("foo,bar\n1,2\n", encoding="utf-8")

    result = score(_leads("train.csv", 60), "--outcome", "status", "--apply", "other.csv", "--out", "scored.csv")

    assert (result.exit_code, Path("scored.csv").exists()) == (2, False)
    assert "other.csv has none of the columns that were learnt from" in " ".join(result.stderr.split())


def test_what_else_counts_against_an_outcome_is_told(score: Score) -> None:
    lines = "".join(f"{n % 4},{('Won', 'Lost', 'Open')[n % 3]}\n" for n in range(90))
    Path("three.csv").write_text(f"seats,status\n{lines}", encoding="utf-8")

    result = score("three.csv", "--outcome", "status", "--positive", "won")

    assert "All others count against it: Lost (30), Open (30)." in " ".join(result.stdout.split())


def test_a_rate_of_few_leads_says_that_it_is_drawn_towards_a_half(score: Score) -> None:
    Path("few.csv").write_text("n,won\n" + "".join(f"{n % 5},{int(n % 3 == 0)}\n" for n in range(27)), encoding="utf-8")

    result = score("few.csv", "--outcome", "won")

    assert "33.9% (counted 33.3%, and drawn by one lead towards a half" in " ".join(result.stdout.split())


def test_columns_that_are_dropped_or_that_group_are_not_learnt_from(score: Score) -> None:
    result = score(
        _leads("train.csv"), "--outcome", "status", "--drop", "seats", "--drop", "noise", "--group", "region", "--json"
    )

    assert set(json.loads(result.stdout)["columns"]) == {"id", "source", "contacted", "remark", "team"}


@pytest.mark.usefixtures("score")
def test_leads_without_a_group_do_not_belong_together() -> None:
    train = Path(_leads("train.csv", 60))
    head, *rows = train.read_text("utf-8").splitlines()
    blank = ["", "-", "n/a"]
    train.write_text("\n".join([f"{head},customer", *(f"{row},{blank[n % 3]}" for n, row in enumerate(rows))]), "utf-8")

    leads = read_leads(train, outcome="status", positive=None, time=None, group="customer", drop=())

    assert leads.groups is not None
    assert len(set(leads.groups)) == len(leads.won) == 60


def test_a_time_that_is_the_same_of_all_leads_is_refused(score: Score) -> None:
    train = Path(_leads("train.csv", 40))
    head, *rows = train.read_text("utf-8").splitlines()
    train.write_text("\n".join([f"{head},exported", *(f"{row},2024-05-01" for row in rows)]), "utf-8")

    result = score("train.csv", "--outcome", "status", "--time", "exported")

    assert result.exit_code == 2
    assert "--time exported: no lead with an outcome is later than another there" in result.stderr


def test_leads_that_have_not_ended_are_left_out(score: Score) -> None:
    train = Path(_leads("train.csv"))
    train.write_text(train.read_text("utf-8") + "L999,fair,3,2024-01-01,,,,,\n", encoding="utf-8")

    assert json.loads(score("train.csv", "--outcome", "status", "--json").stdout)["without_outcome"] == 1


def test_leads_without_a_time_are_left_out_where_time_counts(score: Score) -> None:
    train = Path(_leads("train.csv"))
    train.write_text(train.read_text("utf-8") + "L998,fair,3,soon,,,,,Won\nL999,fair,3,,,,,,Lost\n", encoding="utf-8")

    result = score("train.csv", "--outcome", "status", "--time", "contacted")

    assert "150 leads" in result.stdout
    assert "left out: 2 without a time" in result.stdout


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (("1", "0", "true", "false", "Yes", "NO"), ()),
        (("1", "0", "true", "0", "yes", "0"), ("--positive", "TRUE")),
        (("Won", "Lost", "won", "lost", "WON", "Lost"), ()),
    ],
)
def test_outcomes_that_say_the_same_in_other_words_or_another_case_count_as_one(
    score: Score, ends: tuple[str, ...], words: tuple[str, ...]
) -> None:
    lines = "".join(f"{n % 4},{ends[n % 6]},,\n" for n in range(30))  # and a spreadsheet's empty columns beside them
    Path("few.csv").write_text(f"seats,status,,\n{lines}", encoding="utf-8")

    card = json.loads(score("few.csv", "--outcome", "status", *words, "--json").stdout)

    assert (card["positives"], list(card["others"].values()), list(card["columns"])) == (15, [15], ["seats"])


@pytest.mark.parametrize(("good", "bad"), [("赢单", "输单"), ("Converted", "Not Converted"), ("1.0", "0.0")])
def test_the_good_outcome_is_known_by_its_name(score: Score, good: str, bad: str) -> None:
    train = Path(_leads("train.csv"))
    train.write_text(train.read_text("utf-8").replace(",Won", f",{good}").replace(",Lost", f",{bad}"), encoding="utf-8")

    assert json.loads(score("train.csv", "--outcome", "status", "--json").stdout)["positive"] == good


def test_every_row_gets_its_chance_an_empty_one_too(score: Score) -> None:
    train = _leads("train.csv")
    Path("open.csv").write_text("source,seats\nfair,3\n,\nweb,9\n,\n", encoding="utf-8")

    result = score(train, "--outcome", "status", "--apply", "open.csv", "--out", "scored.csv")

    assert result.exit_code == 0, result.output
    rows = _scored("scored.csv")
    assert [row["source"] for row in rows] == ["fair", "", "web", ""]
    assert all(0 < float(row["probability"]) < 1 for row in rows)


def test_a_column_that_alone_tells_the_outcome_is_warned_of(score: Score) -> None:
    leads = Path(_leads("train.csv")).read_text("utf-8").splitlines()
    ends = ["Forecast", *("Closed" if line.endswith("Won") else "Omitted" for line in leads[1:])]
    Path("leak.csv").write_text("\n".join(map(",".join, zip(ends, leads, strict=True))), encoding="utf-8")

    leaking, honest = (score(name, "--outcome", "status") for name in ("leak.csv", "train.csv"))

    assert "Too good to be true: alone, Forecast (1.00) nearly tells how leads ended" in leaking.stdout
    assert "Too good" not in honest.stdout
    assert list(json.loads(score("leak.csv", "--outcome", "status", "--json").stdout)["too_good"]) == ["Forecast"]


def test_where_the_later_leads_all_ended_alike_it_says_so(score: Score) -> None:
    lines = [
        f"2024-{1 + n // 20:02}-{1 + n % 20:02},{'fair' if n % 2 else 'web'},{'Won' if n < 70 and n % 3 else 'Lost'}"
        for n in range(200)
    ]
    Path("train.csv").write_text("\n".join(["day,source,status", *lines]), encoding="utf-8")

    result = score("train.csv", "--outcome", "status", "--positive", "Won", "--time", "day")

    assert result.exit_code == 0, result.output
    assert "The later leads all ended alike" in result.stdout


def test_what_a_spreadsheet_would_run_is_written_as_text_and_brackets_are_no_markup(score: Score) -> None:
    train = Path(_leads("train.csv"))
    train.write_text(train.read_text("utf-8").replace("contacted", "[/b]contacted", 1), encoding="utf-8")
    Path("open.csv").write_text('source,seats\n"=cmd()",3\n', encoding="utf-8")

    result = score("train.csv", "--outcome", "status", "--apply", "open.csv", "--out", "scored.csv")

    assert _scored("scored.csv")[0]["source"] == "'=cmd()"
    assert "lacks columns that were learnt from: [/b]contacted" in result.stderr.replace("\n", " ")


def test_scoring_a_scored_file_again_replaces_its_chances(score: Score) -> None:
    train, other = _leads("train.csv"), _leads("open.csv", 5, outcome=False)

    score(train, "--outcome", "status", "--apply", other, "--out", "once.csv")
    score(train, "--outcome", "status", "--apply", "once.csv", "--out", "twice.csv")

    assert _scored("twice.csv") == _scored("once.csv")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--outcome", "state"), "--outcome state: train.csv has no such column. It has: id, source"),
        (("--outcome", "statsu"), "train.csv has no such column. Did you mean status?"),
        (("--outcome", "status", "--drop", "x"), "--drop x: train.csv has no such column"),
        (("--outcome", "status", "--positive", "Maybe"), "no lead ended so. status holds: "),
        (("--outcome", "source"), "Which outcome is meant?"),
        (("--outcome", "team"), "Which outcome is meant?"),
        (("--outcome", "team", "--positive", "north"), "All leads ended alike"),
        (("--outcome", "status", "--time", "source"), "no lead has a date or a number there"),
        (("--outcome", "status", "--apply", "train.csv"), "--apply and --out go together"),
        (("--outcome", "status", "--apply", "train.csv", "--out", "train.csv"), "would be overwritten"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(score: Score, words: tuple[str, ...], said: str) -> None:
    result = score(_leads("train.csv", 40), *words)

    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("status,a\nWon,1,2\n", "line 2: 3 cells under 2 column names"),
        ("status,status\nWon,Lost\n", "more than one column called status"),
        ("status,a\n", "column names but no leads"),
        ("status,a\n,1\n,2\n", "no lead in train.csv has an outcome there"),
        ("status,a\nWon,1\n,2\n", "nothing to learn from. Left out: 1 without an outcome"),
    ],
)
def test_a_file_that_is_no_table_is_told_with_its_line(score: Score, content: str, said: str) -> None:
    Path("train.csv").write_text(content, encoding="utf-8")

    result = score("train.csv", "--outcome", "status")

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_fault_in_the_leads_to_score_is_told_before_anything_is_learnt(score: Score) -> None:
    train = _leads("train.csv", 40)
    Path("open.csv").write_text("source,seats\nfair,3,4\n", encoding="utf-8")

    result = score(train, "--outcome", "status", "--apply", "open.csv", "--out", "scored.csv")

    assert result.exit_code == 2
    assert "open.csv, line 2: 3 cells under 2 column names" in result.stderr
    assert result.stdout == ""


def test_an_empty_file_is_told(score: Score) -> None:
    Path("train.csv").write_text("", encoding="utf-8")

    result = score("train.csv", "--outcome", "status")

    assert result.exit_code == 1
    assert "train.csv" in result.stderr
