"""`sluice deliveries` tells an operator what became of each scheduled post, in a table or as JSON."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from models.database import Database
from models.delivery import Deliveries, DeliveryState
from models.migrations import migrate
from models.schedule import ScheduleKind
from tests.bot.unset import with_nothing_set
from tests.factories import a_team

Sluice = Callable[..., Result]


@pytest.fixture
def sluice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sluice]:
    """Runs the command in a directory whose database has a ledger of two teams; its log ends with the test."""
    with_nothing_set(monkeypatch, tmp_path)
    with closing(Database("sqlite:///sluice.db")) as database:
        migrate(database.engine)
        _furnish(database)
    yield lambda *words: CliRunner().invoke(cli, ["deliveries", *words])
    logging.basicConfig(level=logging.WARNING, handlers=[], force=True)


def _furnish(database: Database) -> None:
    now = datetime.now(UTC)
    with database.begin() as session:
        ours = Deliveries(session, a_team(session, "T0123456789").workspace)
        theirs = Deliveries(session, a_team(session, "T9876543210").workspace)
        for each, kind, target, hours in (
            (ours, ScheduleKind.DIGEST, "C1", 1),
            (ours, ScheduleKind.NUDGE, "UANN", 2),
            (theirs, ScheduleKind.DIGEST, "C0246813579", 3),
            (theirs, ScheduleKind.DIGEST, "C8", 60),
        ):
            due = now - timedelta(hours=hours)
            claimed = each.claim(kind, target, f"{due:%Y-%m-%d}", at=due, number=2 if target == "C1" else 1)
            assert claimed is not None
            if target == "C1":
                claimed.settle(channel="C1", ts="1.5", as_of=due, at=due + timedelta(seconds=3))
            if target == "C0246813579":
                claimed.end(DeliveryState.FAILED, "not_in_channel", at=due + timedelta(minutes=2))


def test_the_ledger_of_the_last_day_is_told_for_all_teams_the_oldest_first(sluice: Sluice) -> None:
    result = sluice()

    assert result.exit_code == 0
    words = " ".join(result.stdout.split())
    rows = (
        "digest C0246813579 0:02:00 1 failed: not_in_channel",
        "nudge UANN 1 claimed",
        "digest C1 #2 0:00:03 1 posted",
    )
    places = [words.find(row) for row in rows]
    assert -1 < places[0] < places[1] < places[2]
    assert "C8" not in words
    assert len(result.stdout.splitlines()) == 1 + 3 + 1
    assert result.stdout.endswith("1 claimed, 1 posted, 1 failed.\n")


@pytest.mark.parametrize(
    ("words", "targets"),
    [
        (("--since", "2026-01-01"), ["C8", "C0246813579", "UANN", "C1"]),
        (("--state", "failed"), ["C0246813579"]),
        (("--state", "failed", "--state", "posted"), ["C0246813579", "C1"]),
        (("--kind", "nudge"), ["UANN"]),
        (("--channel", "C1"), ["C1"]),
        (("--workspace", "T9876543210"), ["C0246813579"]),
        (("--workspace", "T9876543210", "--kind", "nudge"), []),
    ],
)
def test_it_is_narrowed_by_what_is_asked(sluice: Sluice, words: tuple[str, ...], targets: list[str]) -> None:
    found = json.loads(sluice(*words, "--json").stdout)

    assert [each["target"] for each in found] == targets


def test_as_json_each_entry_has_all_that_the_ledger_knows(sluice: Sluice) -> None:
    (found,) = json.loads(sluice("--channel", "C1", "--json").stdout)

    assert datetime.fromisoformat(found.pop("settled_at")) - datetime.fromisoformat(found.pop("due_at")) == timedelta(
        seconds=3
    )
    assert found.pop("free_at")
    assert found.pop("period")
    assert found == {
        "id": 1,
        "workspace": "T0123456789",
        "kind": "digest",
        "target": "C1",
        "number": 2,
        "state": "posted",
        "error": "",
        "attempts": 1,
        "channel": "C1",
        "ts": "1.5",
    }


def test_where_nothing_fits_a_sentence_says_so(sluice: Sluice) -> None:
    result = sluice("--state", "owed")

    assert result.exit_code == 0
    assert result.stdout.startswith("The ledger has none such since 20")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--state", "foo"), "Invalid value for '--state': 'foo' is not one of 'claimed', 'owed', 'posted', 'failed',"),
        (("--kind", "foo"), "Invalid value for '--kind': 'foo' is not one of 'digest', 'win', 'nudge',"),
    ],
)
def test_a_state_or_kind_that_there_is_not_is_told_with_those_there_are(
    sluice: Sluice, words: tuple[str, ...], fault: str
) -> None:
    result = sluice(*words)

    assert result.exit_code == 2
    assert fault in " ".join(result.stderr.replace("│", " ").split())


def test_a_time_that_cannot_be_read_or_is_still_to_come_is_a_fault(sluice: Sluice) -> None:
    unread, to_come = sluice("--since", "lately"), sluice("--since", "2999-01-01")

    assert (unread.exit_code, to_come.exit_code) == (2, 2)
    assert "--since lately: write a date or time like" in unread.stderr
    assert "--since 2999-01-01: that is still to come" in to_come.stderr
