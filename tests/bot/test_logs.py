"""The log tells no secrets, whatever a library writes into it, and nobody can forge its lines."""

import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import HidingFormatter


def _logged(message: str, *values: object, secrets: tuple[str, ...] = (), error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("sluice", logging.INFO, __file__, 1, message, values, info)
    return HidingFormatter(secrets).format(record)


@pytest.mark.parametrize("token", ["xoxb-123-456-abcDEF", "xoxe.xoxb-1-Mi0yLTEx", "xoxp-9-zyx", "xapp-1-A0-99-abcdef"])
def test_a_token_is_struck_out_by_its_shape(token: str) -> None:
    line = _logged("refused {'token': '%s'}, asked with Bearer %s", token, token)

    assert token.split("-", 1)[1] not in line


@pytest.mark.parametrize("payload", ['{"token":"abcdef"}', "{'token': 'abcdef'}", "token=abcdef&team_id=T1"])
def test_the_verification_token_in_a_payload_is_struck_out(payload: str) -> None:
    assert "abcdef" not in _logged("received %s", payload)


@pytest.mark.parametrize(
    "address",
    [
        "wss://wss-primary.slack.com/link/?ticket=abc-def&app_id=1",
        "https://hooks.slack.com/commands/T1/2/abc-def",
        r"https:\/\/hooks.slack.com\/actions\/T1\/2\/abc-def",
    ],
)
def test_an_address_that_whoever_knows_it_may_use_is_struck_out(address: str) -> None:
    line = _logged("{'url': '%s', 'text': 'add Acme'}", address)

    assert "abc-def" not in line
    assert "add Acme" in line


def test_a_known_secret_is_struck_out_also_from_a_traceback() -> None:
    try:
        raise ConnectionError("password hunter2 was refused")
    except ConnectionError as error:
        line = _logged("cannot connect with %s", "hunter2", secrets=("hunter2",), error=error)

    assert "Traceback" in line
    assert "hunter2" not in line


def test_the_longer_of_two_secrets_leaves_no_rest() -> None:
    assert "-more" not in _logged("abc-more", secrets=("abc", "abc-more"))


def test_an_exception_cannot_begin_an_entry_of_its_own() -> None:
    forged = "2026-01-01 00:00:00,000 INFO sluice: all is well"
    try:
        raise ValueError(f"odd name\n{forged}")
    except ValueError:
        _, error, _ = sys.exc_info()
        first, *rest = _logged("failed", error=error).split("\n")

    assert first.endswith("failed")
    assert all(line.startswith("    ") for line in rest)
    assert any(forged in line for line in rest)


@given(st.text())
def test_what_somebody_typed_stays_on_one_line_and_cannot_steer_a_terminal(typed: str) -> None:
    line = _logged("unknown verb %s", typed)

    assert len(line.splitlines()) == 1
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in line)
