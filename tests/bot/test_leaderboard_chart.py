"""The picture of a leaderboard: a bar for each person, as long as what they won and what they have open."""

from dataclasses import replace

import pytest
from matplotlib.patches import Rectangle
from moneyed import Money

from bot.leaderboard_chart import leaderboard_alt_text, leaderboard_figure
from bot.say import Say
from models.leaderboard import Performance
from models.pricing import Worth
from tests.factories import a_member


def dollars(amount: int) -> Worth:
    return Worth(Money(amount, "USD"), ())


def did(name: str, amount: int, weighted: int) -> Performance:
    return Performance(a_member(name), dollars(amount), 2, 1, 0, 5, dollars(weighted))


FOUND = [did("Ann", 300, 100), did("Bob", 100, 0)]


def test_bars_are_as_long_as_what_people_won_and_have_open() -> None:
    figure = leaderboard_figure(FOUND, "March", Say())

    bars = {str(bar.get_gid()): bar.get_width() for bar in figure.axes[0].patches if isinstance(bar, Rectangle)}
    assert bars["won:Ann"] == pytest.approx(3 * bars["open:Ann"])
    assert bars["won:Ann"] == pytest.approx(3 * bars["won:Bob"])


def test_the_picture_is_told_in_a_sentence() -> None:
    told = leaderboard_alt_text(FOUND, "March", Say())

    assert told == "March: Ann $300 in 2 wins and Bob $100 in 2 wins"
    nobody = replace(FOUND[1], member=None)
    assert leaderboard_alt_text([nobody], "March", Say()) == "March: No owner $100 in 2 wins"
    assert leaderboard_figure([nobody], "March", Say()).axes[0].texts[1].get_text() == "No owner"


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_nobody_won_anything_and_many_people_find_room(locale: str) -> None:
    figure = leaderboard_figure([did("王伟" * 20, 0, 0)] * 30, "三月", Say(locale))

    assert len(figure.axes[0].texts) > 20
