"""What is handed out installs as written: locked by hash, from no fixed address, knowing no machine but its own."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.actions import SHORTCUTS
from bot.commands import COMMANDS
from bot.doctor import SCOPES

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
MACHINE_PATH = re.compile(r"(?<![\w.~}/-])/(?:work|root|home|Users)/\w")
REGISTRY_HOST = re.compile("|".join([r"pypi\.org", r"pythonhosted\.org", r"registry\.npm", r"deb\.debian\.org"]))
THIS_FILE = "tests/test_packaging.py"  # it names what no other file may


def _pins(lock: str) -> dict[str, str]:
    """The version of each package in a lock file; of a package pinned twice, once per platform, both lines."""
    pins: dict[str, str] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        pinned = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)(.*?)\s*\\?$", line)
        if pinned:
            name, version, marker = pinned.groups()
            pins[f"{name}{marker}"] = version
    return pins


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_with_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")

    entries = [line for line in text.splitlines() if line and not line.startswith("#")]

    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_download_from(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    found = re.findall(r"https?://|git\+|file:|--(?:extra-)?index-url|--find-links|--trusted-host", text)

    assert found == []


def test_both_locks_agree_on_versions() -> None:
    product, development = (_pins(lock) for lock in LOCKS)

    assert product
    assert {name: development.get(name) for name in product} == product


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[^A-Za-z0-9_-]", each)[0].lower() for each in project["dependencies"]}

    locked = {re.split(r"[^A-Za-z0-9_.-]", each)[0].lower() for each in _pins("requirements.lock")}

    assert wanted - locked == set()


def test_the_local_slack_is_locked_by_hash_and_by_no_address() -> None:
    lock = json.loads((ROOT / "bot/demo/package-lock.json").read_text(encoding="utf-8"))

    packages = {path: each for path, each in lock["packages"].items() if path}

    assert packages
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert not any("resolved" in each for each in packages.values())


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in _tracked()
        if path != THIS_FILE
        for number, line in enumerate(_lines(path), start=1)
        if MACHINE_PATH.search(line) or REGISTRY_HOST.search(line)
    ]

    assert found == []


def test_the_slack_manifest_asks_for_what_sluice_uses_and_no_more() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))

    commands = manifest["features"]["slash_commands"]
    home = manifest["features"]["app_home"]
    settings = manifest["settings"]

    assert [each["command"] for each in commands] == [*COMMANDS]
    assert all(each["should_escape"] and each["description"] and each["usage_hint"] for each in commands)
    assert [each["callback_id"] for each in manifest["features"]["shortcuts"]] == [*SHORTCUTS]
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES
    assert settings["event_subscriptions"]["bot_events"] == [
        "app_home_opened",
        "app_mention",
        "message.im",
        "reaction_added",
    ]
    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


def test_slack_takes_the_texts_of_the_manifest() -> None:
    manifest: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))

    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    for each in manifest["features"]["slash_commands"]:
        assert len(each["description"]) <= 2000
        assert len(each["usage_hint"]) <= 1000
    for each in manifest["features"]["shortcuts"]:
        assert len(each["name"]) <= 24
        assert len(each["description"]) <= 150


def test_compose_starts_the_bot_once_postgres_answers() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))

    services = compose["services"]

    assert services["bot"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert "healthcheck" in services["postgres"]


def test_the_example_settings_hold_no_secret() -> None:
    lines = _lines(".env.example")

    set_here = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert all(value == "" for value in set_here.values())


def _tracked() -> list[str]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("only a git checkout knows which files are handed out")
    return [path for path in listed.stdout.split("\0") if path]


def _lines(path: str) -> list[str]:
    """The lines of a text file; of anything else, or of a file that is being removed, none."""
    try:
        return (ROOT / path).read_text(encoding="utf-8").splitlines()
    except (UnicodeDecodeError, FileNotFoundError):
        return []
