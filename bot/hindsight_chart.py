"""Draws how a forecast turned out: the range as the period began, what was won by its end, and the target."""

from typing import TYPE_CHECKING

from moneyed import Money

from bot.drawing import BLUE, GREEN, INK, LEFT, ORANGE, PALE, RIGHT, as_png, blank, cut, write
from bot.forecast_chart import draw_bar, write_keys
from bot.say import Say
from bot.snapshot_chart import draw_titles
from bot.views.funnel_report import Asked, only_told, period_told
from bot.views.hindsight import hindsight_text, range_told, verdict, won_told
from models.forecast import Hindsight

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEFT, _RIGHT = 0.25, 0.95
_BAR, _HEIGHT = 0.4, 0.32
_OVER = 0.03


def hindsight_picture(asked: Asked, found: Hindsight, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(hindsight_figure(asked, found, say))


def hindsight_alt_text(asked: Asked, found: Hindsight, say: Say) -> str:
    """The picture in words, for whoever cannot see it."""
    target = say.plain("chart.forecast.target", target=say.compact(found.target)) if found.target else ""
    return " · ".join(filter(None, (hindsight_text(asked, found, say), verdict(found, say), target)))


def hindsight_figure(asked: Asked, found: Hindsight, say: Say) -> "Figure":
    """The picture before it is rendered."""
    figure, axes = blank()
    title = say.plain("chart.forecast.title", pipeline=cut(asked.pipeline))
    draw_titles(axes, title, f"{period_told(found.period, say)} · {only_told(asked, say)}")
    told, won = range_told(found, say), float(found.won.amount) if found.won else 0.0
    head = "chart.hindsight.head" if found.range else "chart.hindsight.head_without"
    write(
        axes,
        LEFT,
        0.765,
        say.plain(head, won=won_told(found, say), verdict=verdict(found, say), **told),
        size=28,
        bold=True,
        colour=INK,
        room=RIGHT - LEFT,
    )
    target = float(found.target.amount) if found.target else 0.0
    highest = max(1.0, won, target, float(found.range.high) if found.range else 0.0)
    scale = (_RIGHT - _LEFT) / (highest * 1.05)
    label = say.plain("chart.hindsight.end")
    draw_bar(axes, _BAR, label, found.range, won=won, scale=scale, height=_HEIGHT, size=24)
    below = _BAR - _HEIGHT / 2 + 0.01
    keys = [(GREEN, say.plain("chart.forecast.won", won=_short(found, say)))]
    if found.range:
        keys.append((BLUE, say.plain("chart.hindsight.middle", **told)))
        keys.append((PALE, say.plain("chart.forecast.in_range", **told)))
    write_keys(axes, below, keys)
    if found.target:
        x = _LEFT + target * scale
        ends = [_BAR - _HEIGHT / 2 - 0.001, _BAR + _HEIGHT / 2 + _OVER]
        axes.plot([x, x], ends, color=ORANGE, linewidth=4, gid="target")
        told_target = say.plain("chart.forecast.target", target=say.compact(found.target))
        align, room = ("left", RIGHT - x) if x < 0.35 else ("right", 0.4) if x > 0.8 else ("center", 0.3)
        write(axes, x, _BAR + _HEIGHT / 2 + 0.055, told_target, size=17, colour=ORANGE, align=align, room=room)
    return figure


def _short(found: Hindsight, say: Say) -> str:
    """How much has no rate the head says."""
    if found.won is None:
        return ""
    return say.compact(Money(found.won.amount, found.currency)) + (" + …" if found.won.apart else "")
