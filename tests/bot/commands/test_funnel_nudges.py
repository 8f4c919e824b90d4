"""`/funnel nudges` tells whether nudges help, and `/funnel set nudge holdback` holds some back to see."""

import pytest

from bot.faults import SettingNotUnderstood
from models.history import Via
from models.nudge import Nudges
from tests.bot.conftest import Desk
from tests.factories import days
from tests.slack_double.block_rules import texts_in


def tell(desk: Desk, count: int, *, held_back: bool, moved: int) -> None:
    """Deals that were told, or held back, ten days ago; so many moved forward the day after."""
    team, at = desk.team, desk.now - days(10)
    found = [team.adds(f"{'Held' if held_back else 'Told'} {number}", at=at - days(30)) for number in range(count)]
    post = team.nudged(at=at + days(held_back / 1000))
    team.session.flush()
    Nudges(team.session, team.workspace).note(
        found, {deal.id for deal in found} if held_back else set(), delivery_id=post.id, at=at
    )
    for deal in found[:moved]:
        deal.move(team.pipeline.open_stages[1], by=None, at=at + days(1), via=Via.COMMAND)
    team.session.flush()


def told(desk: Desk) -> str:
    return "\n".join(texts_in(list(desk.types("/funnel nudges").blocks)))


def test_without_nudges_it_says_so(desk: Desk) -> None:
    assert "No stalled deal was told" in told(desk)


def test_it_tells_how_many_moved_and_how_to_find_out_whether_that_is_thanks_to_it(desk: Desk) -> None:
    tell(desk, 10, held_back=False, moved=4)

    assert "*10 stalled deals* that their owners were told of, 4 moved forward within a week: *40%*" in told(desk)
    assert "`/funnel set nudge holdback 10%`" in told(desk)


@pytest.mark.parametrize(
    ("moved", "moved_held_back", "verdict"),
    [
        (30, 6, "Nudges help: 60 points more"),
        (16, 14, "too few deals to tell"),
        (5, 30, "moved less often: -62 points"),
    ],
)
def test_it_says_whether_nudges_help_beyond_chance(desk: Desk, moved: int, moved_held_back: int, verdict: str) -> None:
    tell(desk, 40, held_back=False, moved=moved)
    tell(desk, 40, held_back=True, moved=moved_held_back)

    assert verdict in told(desk)


def test_how_many_are_held_back_is_set_in_per_cent(desk: Desk) -> None:
    desk.types("/funnel set nudge holdback 10%")
    assert desk.team.workspace.nudge_holdback == 10

    desk.types("/funnel set nudge holdback off")
    assert desk.team.workspace.nudge_holdback == 0


@pytest.mark.parametrize("words", ["51%", "half", "-1%"])
def test_what_is_no_share_up_to_a_half_is_refused(desk: Desk, words: str) -> None:
    with pytest.raises(SettingNotUnderstood):
        desk.types(f"/funnel set nudge holdback {words}")
