"""Where there is no local Slack, the demo says what to do instead."""

import pytest

from bot.demo.local_slack import BINARY_VARIABLE
from bot.demo.running import run_demo


def test_without_a_local_slack_the_demo_names_the_readme(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(BINARY_VARIABLE, "/nowhere")

    code = run_demo(3000)

    assert code == 1
    assert '"Use it with your Slack"' in capsys.readouterr().err
