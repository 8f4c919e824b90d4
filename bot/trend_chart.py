"""Draws the trend of a pipeline: what the open deals were worth, and below it how many there were."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.drawing import BLUE, GREEN, LEFT, MUTED, RIGHT, TRACK, as_png, blank, cut, write
from bot.say import Say
from bot.snapshot_chart import draw_titles
from bot.views.exchange import together
from bot.views.funnel_report import Asked, only_told, period_told
from bot.views.trend import told, trend_text
from models.trend import PipelineTrend

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_RIGHT = 0.8
_AMOUNTS, _COUNTS = (0.36, 0.7), (0.12, 0.24)
"""Between which heights each of the two is drawn."""


def trend_picture(asked: Asked, trend: PipelineTrend, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(trend_figure(asked, trend, say))


def trend_alt_text(asked: Asked, trend: PipelineTrend, say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    earlier = say.plain("chart.trend.earlier", **told(trend.first, say))
    return say.plain("chart.trend.alt", trend=trend_text(asked, trend, say), earlier=earlier)


def trend_figure(asked: Asked, trend: PipelineTrend, say: Say) -> "Figure":
    """The picture before it is rendered: two lines, one above the other, with their latest values beside them."""
    figure, axes = blank()
    title = say.plain("chart.trend.title", pipeline=cut(asked.pipeline))
    draw_titles(axes, title, f"{period_told(trend.period, say)} · {only_told(asked, say)}")
    amounts = [float(point.amount.amount) for point in trend.points]
    counts = [float(point.count) for point in trend.points]
    last = together(trend.last.worth.told, say, most=1)
    _draw_line(axes, amounts, _AMOUNTS, label=say.plain("chart.trend.amount"), last=last, colour=BLUE, name="amount")
    number = say.value(trend.last.count)
    _draw_line(axes, counts, _COUNTS, label=say.plain("chart.trend.count"), last=number, colour=GREEN, name="count")
    for place, align in ((0, "left"), (len(trend.points) - 1, "right")):
        day = say.weekday(trend.points[place].day)
        write(axes, _x(place, len(trend.points)), 0.06, day, size=17, colour=MUTED, align=align, room=0.2)
    return figure


def _draw_line(
    axes: "Axes",
    values: Sequence[float],
    heights: tuple[float, float],
    *,
    label: str,
    last: str,
    colour: str,
    name: str,
) -> None:
    """From nought at the lower height to the largest value at the upper one."""
    bottom, top = heights
    scale = (top - bottom) / (max(values) or 1.0)
    across = [_x(place, len(values)) for place in range(len(values))]
    up = [bottom + value * scale for value in values]
    write(axes, LEFT, top + 0.05, label, size=18, colour=MUTED, room=0.5)
    axes.fill_between(across, bottom, up, color=TRACK)
    axes.plot(across, up, color=colour, linewidth=5, solid_capstyle="round", gid=name)
    axes.plot(across[-1:], up[-1:], color=colour, marker="o", markersize=12)
    size = 30 if top - bottom > 0.2 else 24
    write(axes, _RIGHT + 0.02, up[-1], last, size=size, bold=True, colour=colour, room=RIGHT - _RIGHT - 0.02)


def _x(place: int, count: int) -> float:
    return _RIGHT - (_RIGHT - LEFT) * (count - 1 - place) / max(1, count - 1)
