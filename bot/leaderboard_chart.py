"""Draws what each person has won in a time, a bar each."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.drawing import BLUE, GREEN, LEFT, MUTED, RIGHT, TRACK, as_png, blank, cut, write
from bot.say import Say
from bot.views.exchange import together, worth_told
from bot.views.leaderboard import name_of
from models.leaderboard import Performance

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 12
_BARS_LEFT, _BARS_RIGHT = 0.25, 0.68
_TOP, _BOTTOM = 0.8, 0.12
_WIDEST_PITCH = 0.11
_MOST_BESIDE = 2


def leaderboard_picture(found: Sequence[Performance], title: str, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(leaderboard_figure(found, title, say))


def leaderboard_alt_text(found: Sequence[Performance], title: str, say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    people = [
        say.plain(
            "chart.leaderboard.alt_person",
            name=cut(name_of(each, say)),
            count=each.won,
            amount=worth_told(each.amount, say),
        )
        for each in found[:MOST]
    ]
    return say.plain("chart.leaderboard.alt", title=title, people=people)


def leaderboard_figure(found: Sequence[Performance], title: str, say: Say) -> "Figure":
    """The picture before it is rendered: the won amount, and behind it in blue what the open deals are worth."""
    figure, axes = blank()
    write(axes, LEFT, 0.915, title, size=32, bold=True, room=RIGHT - LEFT)
    shown = found[:MOST]
    pitch = min(_WIDEST_PITCH, (_TOP - _BOTTOM) / max(len(shown), 1))
    most = max([each.amount.amount + each.weighted.amount for each in shown], default=Decimal()) or Decimal(1)
    room = _BARS_RIGHT - _BARS_LEFT
    for row, each in enumerate(shown):
        middle, height, size = _TOP - pitch * (row + 0.5), pitch * 0.6, min(20.0, 300 * pitch)
        write(axes, LEFT, middle, cut(name_of(each, say)), size=size, room=_BARS_LEFT - 0.015 - LEFT)
        axes.barh(middle, room, height=height, left=_BARS_LEFT, color=TRACK)
        won, weighted = (room * float(part / most) for part in (each.amount.amount, each.weighted.amount))
        axes.barh(middle, won, height=height, left=_BARS_LEFT, color=GREEN, gid=f"won:{name_of(each, say)}")
        axes.barh(middle, weighted, height=height, left=_BARS_LEFT + won, color=BLUE, gid=f"open:{name_of(each, say)}")
        told = say.plain("leaderboard.won", count=each.won, amount=together(each.amount.told, say, most=_MOST_BESIDE))
        write(axes, RIGHT, middle, told, size=size, align="right", room=RIGHT - _BARS_RIGHT - 0.015)
    legend = [say.plain("chart.leaderboard.legend")]
    if any(worth.unpriced for each in shown for worth in (each.amount, each.weighted)):
        legend.append(say.plain("chart.leaderboard.apart"))
    write(axes, LEFT, 0.05, " ".join(legend), size=15, colour=MUTED, room=RIGHT - LEFT)
    return figure
