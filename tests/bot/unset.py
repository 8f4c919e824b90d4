"""A place to run commands from where nobody has set anything."""

import os
from pathlib import Path

import pytest


def with_nothing_set(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """An empty working directory, and an environment without any setting of ours."""
    monkeypatch.chdir(folder)
    for name in os.environ:
        if name.startswith(("SLACK_", "SLUICE_", "DATABASE_")):
            monkeypatch.delenv(name)
