"""Finding and starting the local Slack, and saying why when it cannot be."""

from pathlib import Path

import pytest

from bot.demo.local_slack import LocalSlackConfig, LocalSlackError, Workspace, find_binary, running
from tests.program import free_port

NOBODY = LocalSlackConfig(
    workspace=Workspace(name="Acme", domain="acme", team_id="T01"), apps=(), users=(), channels=()
)


def a_program(folder: Path, script: str) -> Path:
    program = folder / "local-slack"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def test_the_environment_may_name_the_program(tmp_path: Path) -> None:
    program = a_program(tmp_path, "exit 0")

    assert find_binary({"SLUICE_LOCAL_SLACK": str(program)}) == program


def test_a_program_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    assert find_binary({"SLUICE_LOCAL_SLACK": str(tmp_path / "nothing")}) is None


def test_a_file_that_cannot_be_run_is_not_found(tmp_path: Path) -> None:
    program = a_program(tmp_path, "exit 0")
    program.chmod(0o644)

    assert find_binary({"SLUICE_LOCAL_SLACK": str(program)}) is None


def test_a_program_that_stops_at_once_is_quoted(tmp_path: Path) -> None:
    program = a_program(tmp_path, "echo 'this needs a newer glibc'; exit 3")

    with (
        pytest.raises(LocalSlackError, match="code 3: this needs a newer glibc"),
        running(NOBODY, free_port(), program),
    ):
        pass


def test_the_config_is_written_as_the_program_reads_it(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    program = a_program(tmp_path, f'cp "$2" {kept}; exit 1')

    with pytest.raises(LocalSlackError), running(NOBODY, free_port(), program):
        pass

    assert '"workspace":{"name":"Acme","domain":"acme","teamId":"T01"}' in kept.read_text(encoding="utf-8")
