"""The command line does what an operator asks, or says in a sentence why not, and its exit code tells which."""

import csv
import io
import logging
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from tests.bot.unset import with_nothing_set
from tests.program import run

TEAM = ("--workspace", "T1ACME")
DEALS = """Deal Name,Amount,Currency,Stage,Owner,Created
Acme,12000,USD,Qualified,Ann,2026-01-05
Globex,"1,500",USD,Proposal,Bob,2026-02-01
"""

Sluice = Callable[..., Result]


@pytest.fixture
def sluice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sluice]:
    """Runs the command line in an empty working directory with nothing set; its log ends with the test."""
    with_nothing_set(monkeypatch, tmp_path)
    yield lambda *words, **settings: CliRunner(env=settings).invoke(cli, words)
    logging.basicConfig(level=logging.WARNING, handlers=[], force=True)


def _file(content: str, name: str = "deals.csv") -> str:
    Path(name).write_text(content, encoding="utf-8")
    return name


def _rows(exported: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported.decode(), newline="")))


def test_help_names_every_command_and_its_exit_codes(sluice: Sluice) -> None:
    result = sluice("--help")

    assert result.exit_code == 0
    for command in (
        "run",
        "migrate",
        "import",
        "export",
        "rates",
        "train",
        "recount",
        "deliveries",
        "demo",
        "doctor",
        "Exit codes",
    ):
        assert command in result.stdout


@pytest.mark.parametrize(
    "command", ["run", "migrate", "import", "export", "rates", "train", "recount", "deliveries", "demo", "doctor"]
)
def test_help_of_a_command_explains_it_and_tells_no_setting(sluice: Sluice, command: str) -> None:
    result = sluice(command, "--help", SLACK_BOT_TOKEN="xoxb-topsecret", SLUICE_HOST="10.9.8.7")

    assert result.exit_code == 0
    assert f" {command} [OPTIONS]" in result.stdout
    assert "topsecret" not in result.output
    assert "10.9.8.7" not in result.output


def test_the_version_is_told(sluice: Sluice) -> None:
    assert sluice("--version").stdout == "sluice 0.1.0\n"


@pytest.mark.parametrize("command", [("run",), ("migrate",), ("train",), ("export",), ("doctor",)])
def test_a_malformed_setting_ends_each_command_with_a_sentence(sluice: Sluice, command: tuple[str, ...]) -> None:
    result = sluice(*command, DATABASE_URL="postgresql://u:topsecret@h:x/d", SLUICE_PORT="topsecret")

    assert result.exit_code == 2
    faults = [line for line in result.stderr.splitlines() if "not set" not in line]
    assert [line[:14] for line in faults] == ["✗ DATABASE_URL", "✗ SLUICE_PORT "]
    assert "topsecret" not in result.output


def test_migrating_makes_the_database_and_is_safe_to_repeat(sluice: Sluice) -> None:
    first, second = sluice("migrate"), sluice("migrate")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.startswith("The database is at version ")
    assert Path("sluice.db").exists()


def test_the_doctor_says_what_is_wrong_and_ends_with_one(sluice: Sluice) -> None:
    result = sluice("doctor")

    assert result.exit_code == 1
    assert "✓ Database: sqlite answers" in result.stdout
    assert 'Run `sluice migrate`. See "Settings" in README.md.' in result.stdout
    assert "✗ Schema: empty\n  Run `sluice migrate`." in result.stdout
    assert "✗ Bot token: SLACK_BOT_TOKEN is not set" in result.stdout


# Import and export


def test_deals_go_in_once_however_often_they_are_imported(sluice: Sluice) -> None:
    first = sluice("import", _file(DEALS), *TEAM)
    second = sluice("import", "deals.csv")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "deals.csv: 2 deals added, 0 updated, 0 unchanged, 0 rejected." in first.stdout
    assert "deals.csv: 0 deals added, 0 updated, 2 unchanged, 0 rejected." in second.stdout
    assert not list(Path().glob("*rejects*"))


def test_a_bad_row_is_told_and_kept_and_is_no_error(sluice: Sluice) -> None:
    result = sluice("import", _file(f"{DEALS}Initech,a lot,USD,Qualified,Ann,2026-01-05\n"), *TEAM)

    assert result.exit_code == 3
    assert "2 deals added, 0 updated, 0 unchanged, 1 rejected." in result.stdout
    assert "I can't read a lot as an amount" in result.stdout
    assert "name: Initech" in result.stdout
    assert "Initech,a lot" in Path("deals-rejects.csv").read_text(encoding="utf-8-sig")


def test_stages_that_are_not_known_are_told_with_the_nearest_and_what_to_type(sluice: Sluice) -> None:
    file = _file("Deal Name,Stage\nAcme,Propsal\nBeta,Pilot run\n")

    alone = sluice("import", file, *TEAM)
    among_others = sluice("import", _file("Deal Name,Stage\nAcme,Propsal\nBeta,Proposal\n", "more.csv"), *TEAM)

    assert "Unknown stages: Propsal (nearest: Proposal), Pilot run (none is near it)." in alone.stdout
    typed = alone.stdout.splitlines()[-1]
    own = "--pipeline Imported --stages 'Propsal,Pilot run,Won:won,Lost:lost' --workspace T1ACME"
    assert typed == f"  sluice import deals.csv {own}"
    assert sluice(*shlex.split(typed)[1:]).exit_code == 0
    assert "Unknown stages: Propsal (nearest: Proposal)." in among_others.stdout
    assert "--stages" not in among_others.stdout


def test_deals_that_the_file_has_in_another_pipeline_stay_where_they_are_and_that_is_told(sluice: Sluice) -> None:
    retail = ("--pipeline", "Retail", "--stages", "Qualified,Proposal,Won:won,Lost:lost")
    sluice("import", _file(DEALS), *TEAM)

    result = sluice("import", _file(DEALS), *TEAM, *retail)

    assert "2 of them are in another pipeline and stay there" in result.stdout


def test_only_the_first_bad_rows_are_shown(sluice: Sluice) -> None:
    bad = "".join(f"Bad {number},x,USD,Qualified,Ann,2026-01-05\n" for number in range(12))

    result = sluice("import", _file(DEALS + bad), *TEAM)

    assert result.stdout.count("I can't read") == 5
    assert "… and 7 more." in result.stdout


def test_a_date_without_its_year_is_told_how_a_file_writes_it(sluice: Sluice) -> None:
    result = sluice("import", _file("Deal Name,Created\nAcme,next friday\nBeta,15 March 2026\n"), *TEAM)

    assert "1 deal added, 0 updated, 0 unchanged, 1 rejected" in result.stdout
    kept = Path("deals-rejects.csv").read_text(encoding="utf-8-sig")
    assert "I can't read next friday as a date. Write a day that there is, with its year, like 2026-03-15" in kept


def test_where_nothing_went_in_the_command_failed(sluice: Sluice) -> None:
    result = sluice("import", _file("Deal Name,Amount\nAcme,a lot\n"), *TEAM)

    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("deals", "more"),
    [
        ("Deal Name,Amount\nAcme,a lot\n", ()),
        ("Deal Name,Amount\nAcme,a lot\n", ("--pipeline", "Retail", "--stages", "Lead,Won:won,Lost:lost")),
        ("Deal Name\nAcme\n", ("--pipeline", "Retail")),
        ("Deal Name,Amount\n", ()),
        ("no,such,columns\n1,2,3\n", ()),
        ("Deal Name,Amount\nAcme,a lot\n", ("--history", "moves.csv", "--activities", "calls.csv")),
    ],
)
def test_nothing_is_left_of_an_import_of_which_nothing_went_in(
    sluice: Sluice, deals: str, more: tuple[str, ...]
) -> None:
    _file("deal,stage,at,by\nAcme,Lead identified,2026-01-05 09:00,Ann\n", "moves.csv")
    _file("deal,kind,at,by,text\nAcme,call,2026-01-06 10:00,Ann,They are interested\n", "calls.csv")
    sluice("import", _file(DEALS), *TEAM)

    refused = sluice("import", _file(deals, "refused.csv"), *more, "--workspace", "T0OTHER")
    exported = sluice("export")

    assert "added, 0 updated" not in refused.stdout or "0 deals added" in refused.stdout
    assert exported.exit_code == 0, exported.stderr


def test_a_file_of_which_nothing_goes_in_makes_no_pipeline_and_no_field(sluice: Sluice) -> None:
    sluice("import", _file(DEALS), *TEAM)
    before = sluice("export").stdout
    retail = ("--pipeline", "Retail", "--stages")

    refused = sluice("import", _file("Deal Name,Amount,Colour\nAcme,a lot,red\n"), *retail, "Lead,Won:won,Lost:lost")
    mended = sluice("import", _file("Deal Name\nBeta\n"), *retail, "Demo,Won:won,Lost:lost")

    assert (refused.exit_code, mended.exit_code) == (1, 0)
    assert "1 rejected" in refused.stdout
    assert "Made the pipeline" not in refused.stdout
    assert sluice("export").stdout.splitlines()[0] == before.splitlines()[0]


def test_history_and_activities_come_along(sluice: Sluice) -> None:
    history = _file("deal,stage,at,by\nAcme,Lead identified,2026-01-05 09:00,Ann\n", "moves.csv")
    activities = _file("deal,kind,at,by,text\nAcme,call,2026-01-06 10:00,Ann,They are interested\n", "calls.csv")

    result = sluice("import", _file(DEALS), "--history", history, "--activities", activities, *TEAM)

    assert result.exit_code == 0
    assert "moves.csv: 1 move added" in result.stdout
    assert "calls.csv: 1 activity added" in result.stdout


def test_one_deal_of_one_person_is_told_as_one(sluice: Sluice) -> None:
    result = sluice("import", _file("Deal Name,Owner\nAcme,Ann\n"), *TEAM)

    assert "deals.csv: 1 deal added" in result.stdout
    assert "Made 1 person by name" in result.stdout


def test_a_row_of_no_known_deal_is_told_what_helps_a_file(sluice: Sluice) -> None:
    history = _file("deal,stage,at,by\nh9,Lead identified,2026-01-05 09:00,Ann\n", "moves.csv")

    result = sluice("import", _file(DEALS), "--history", history, *TEAM)

    kept = Path("moves-rejects.csv").read_text(encoding="utf-8-sig")
    assert "no deal has the id or the name h9; import it with the deals first" in kept
    assert "no deal has the id" in result.stdout
    assert "/deal" not in result.stdout + kept


def test_a_file_of_headers_alone_is_told_to_hold_nothing(sluice: Sluice) -> None:
    result = sluice("import", _file("Deal Name,Amount\n"), *TEAM)

    assert result.exit_code == 0
    assert "deals.csv has no rows below its first line: nothing to import." in result.stdout
    assert "added" not in result.stdout


def test_dates_that_may_mean_two_days_are_told(sluice: Sluice) -> None:
    result = sluice("import", _file("Deal Name;Created\nAcme;03/04/2026\n"), *TEAM)

    assert "Dates such as 03/04/2026 were read with the day first" in result.stdout


def test_the_deals_of_an_unknown_pipeline_are_told_where_they_went(sluice: Sluice) -> None:
    result = sluice("import", _file("Deal Name,Pipeline\nAcme,Retail\nBeta,Sales\n"), *TEAM)

    assert "There is no pipeline Retail: 1 deal went to Sales." in result.stdout


def test_stages_that_differ_from_those_of_the_pipeline_are_refused(sluice: Sluice) -> None:
    deals = _file("Deal Name,Stage\nAcme,Lead\n")
    sluice("import", deals, "--pipeline", "Retail", "--stages", "Lead,Won:won,Lost:lost", *TEAM)

    result = sluice("import", deals, "--pipeline", "retail", "--stages", "Lead,Demo,Won:won,Lost:lost", *TEAM)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "a pipeline Retail already, and its stages are Lead, Won, and Lost" in " ".join(result.stderr.split())


def test_a_pipeline_is_made_of_the_stages_that_are_named(sluice: Sluice) -> None:
    deals = _file("Deal Name,Stage\nAcme,Demo\n")

    result = sluice("import", deals, "--pipeline", "Retail", "--stages", "Lead,Demo,Signed:won,Dropped:lost", *TEAM)

    assert result.exit_code == 0
    assert "Made the pipeline: Lead, Demo, Signed, Dropped." in result.stdout


@pytest.mark.parametrize(
    ("options", "code", "fault"),
    [
        (("--stages", "Lead,Won:won,Lost:lost"), 2, "name the pipeline by --pipeline"),
        (("--pipeline", "Retail"), 1, "No pipeline called Retail"),
        (("--pipeline", "Retail", "--stages", "Lead,Won:maybe"), 1, "That doesn't work"),
        (("--map", "Deal Owner"), 2, 'write it like --map "Deal Owner=owner"'),
        (("--map", "Nowhere=owner"), 1, "Nowhere"),
        (("--rejects", "deals.csv"), 2, "would be overwritten"),
        (("--rejects", "no/such/folder/rejects.csv"), 2, "Rejected rows cannot be kept"),
        (("--workspace", "acme"), 2, "takes a Slack team id"),
        (("--history", "nowhere.csv"), 2, "does not exist"),
    ],
)
def test_a_wrong_option_is_told_and_nothing_goes_in(
    sluice: Sluice, options: tuple[str, ...], code: int, fault: str
) -> None:
    result = sluice("import", _file(DEALS), *TEAM, *options)

    assert (result.exit_code, result.stdout) == (code, "")
    assert fault in " ".join(result.stderr.split())
    assert "There is no workspace yet" in sluice("export", *TEAM).stderr


@pytest.mark.parametrize("content", ["", "\ufeff", "Colour,Shape\nred,round\n"])
def test_a_file_without_deals_is_told(sluice: Sluice, content: str) -> None:
    result = sluice("import", _file(content), *TEAM)

    assert result.exit_code == 1
    assert result.stderr.startswith("✗ ")


def test_without_a_workspace_the_first_import_asks_for_one(sluice: Sluice) -> None:
    result = sluice("import", _file(DEALS))

    assert result.exit_code == 2
    assert "--workspace TEAM_ID" in result.stderr


def test_what_is_exported_can_be_imported_elsewhere(sluice: Sluice) -> None:
    sluice("import", _file(DEALS), *TEAM)

    exported = sluice("export", "--out", "backup")
    again = sluice(
        "import",
        *("backup/deals.csv", "--history", "backup/history.csv", "--activities", "backup/activities.csv"),
        *("--workspace", "T2ELSEWHERE"),
        DATABASE_URL="sqlite:///elsewhere.db",
    )

    assert exported.stdout.split() == ["backup/deals.csv", "backup/history.csv", "backup/activities.csv"]
    assert "deals.csv: 2 deals added, 0 updated, 0 unchanged, 0 rejected." in again.stdout
    assert again.exit_code == 0


def test_a_folder_that_cannot_be_written_is_told(sluice: Sluice) -> None:
    sluice("import", _file(DEALS), *TEAM)

    result = sluice("export", "--out", "deals.csv/backup")

    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_training_says_when_there_is_too_little_history(sluice: Sluice, database_url: str) -> None:
    sluice("import", _file(DEALS), *TEAM, DATABASE_URL=database_url)

    trained = sluice("train", DATABASE_URL=database_url)

    assert trained.exit_code == 0
    assert "Too few answers are known to train on yet" in trained.stdout


# As an operator runs it


def test_the_program_writes_nothing_but_the_deals_to_standard_output(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(DEALS + '"Ärger 商机, Ltd",5,USD,Qualified,Ann,2026-01-05\n', encoding="utf-8")
    imported = run(tmp_path, "import", "deals.csv", *TEAM, SLUICE_LOG_LEVEL="DEBUG")

    exported = run(tmp_path, "export", SLUICE_LOG_LEVEL="DEBUG")

    assert (imported.returncode, exported.returncode) == (0, 0)
    assert exported.stdout.count(b"\r\n") == 4
    assert {row["name"] for row in _rows(exported.stdout)} == {"Acme", "Globex", "Ärger 商机, Ltd"}


def test_the_program_names_all_that_it_lacks_at_once(tmp_path: Path) -> None:
    ended = run(tmp_path, "run")

    token, way_in = ended.stderr.decode().splitlines()
    assert ended.returncode == 2
    assert token.startswith("✗ SLACK_BOT_TOKEN is not set")
    assert way_in.startswith("✗ SLACK_APP_TOKEN (for Socket Mode) and SLACK_SIGNING_SECRET (for HTTP) are not set")
