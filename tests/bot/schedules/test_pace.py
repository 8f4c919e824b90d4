"""Nobody posts faster than Slack likes, and nobody waits for a channel that is none of theirs."""

from bot.schedules.pace import Pace
from tests.bot.conftest import HandClock


def test_a_channel_gets_a_message_a_second(clock: HandClock) -> None:
    pace = Pace(clock)

    assert [pace.wait("T1", "C1") for _ in range(3)] == [0, 1, 2]
    clock.passes(2.5)
    assert pace.wait("T1", "C1") == 0.5
    clock.passes(10)
    assert pace.wait("T1", "C1") == 0


def test_a_burst_in_a_workspace_is_spread(clock: HandClock) -> None:
    pace = Pace(clock)

    waits = [pace.wait("T1", f"C{number}") for number in range(300)]

    assert waits == sorted(waits)
    assert 55 <= waits[-1] <= 65


def test_a_busy_channel_holds_up_neither_others_nor_other_workspaces(clock: HandClock) -> None:
    pace = Pace(clock)
    for _ in range(10):
        pace.wait("T1", "C1")

    assert pace.wait("T1", "C2") <= 2
    assert pace.wait("T2", "C1") == 0


def test_a_clock_that_goes_back_keeps_nobody_waiting(clock: HandClock) -> None:
    pace = Pace(clock)
    pace.wait("T1", "C1")

    clock.passes(-3600)

    assert [pace.wait("T1", "C1") for _ in range(2)] == [0, 1]
