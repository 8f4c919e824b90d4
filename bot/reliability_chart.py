"""Draws whether what a model says comes true: of the deals called 30 %, how many did."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.drawing import BLUE, INK, LEFT, MUTED, PAPER, RIGHT, TRACK, as_png, blank, write
from bot.say import Percent, Say
from models.model_card import Group, Watch
from models.model_version import Question

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Where the square stands, as shares of the picture's width and height; it is as high as wide in pixels.
_X, _Y = 0.13, 0.15
_WIDE, _HIGH = 0.3375, 0.6
_TICKS = 5
_TABLE, _ROWS_TOP = 0.55, 0.715
_PITCH = 0.054


def reliability_picture(watch: Watch, question: Question, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels: a dot for each group of deals, on the line where as many came true as was said."""
    return as_png(reliability_figure(watch, question, say))


def reliability_alt_text(watch: Watch, question: Question, say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    groups = [
        say.plain("chart.reliability.alt_group", said=Percent(each.said), happened=Percent(each.happened))
        for each in watch.groups
    ]
    return say.plain("chart.reliability.alt", title=_title(question, say), groups=groups)


def reliability_figure(watch: Watch, question: Question, say: Say) -> "Figure":
    """The picture before it is rendered."""
    figure, axes = blank()
    today = watch.at.astimezone(ZoneInfo(say.time_zone)).date()
    write(axes, LEFT, 0.915, _title(question, say), size=34, bold=True, room=0.73)
    write(axes, RIGHT, 0.915, say.value(today), size=22, colour=MUTED, align="right")
    write(axes, LEFT, 0.85, say.plain("chart.reliability.deals", count=watch.deals), size=22, colour=MUTED)
    _draw_square(axes, watch, say)
    _draw_table(axes, watch, say)
    return figure


def _title(question: Question, say: Say) -> str:
    return say.plain(f"chart.reliability.title.{question}")


def _draw_square(axes: "Axes", watch: Watch, say: Say) -> None:
    most = _end_of_scale(watch)
    axes.bar(_X, _HIGH, width=_WIDE, bottom=_Y, align="edge", color=TRACK, zorder=0)
    for number in range(_TICKS + 1):
        share = number / _TICKS
        label = say.value(Percent(most * share))
        if 0 < number < _TICKS:
            axes.plot([_X, _X + _WIDE], [_Y + share * _HIGH] * 2, color=PAPER, linewidth=1.5, zorder=1)
            axes.plot([_X + share * _WIDE] * 2, [_Y, _Y + _HIGH], color=PAPER, linewidth=1.5, zorder=1)
        write(axes, _X - 0.012, _Y + share * _HIGH, label, size=15, colour=MUTED, align="right")
        write(axes, _X + share * _WIDE, _Y - 0.035, label, size=15, colour=MUTED, align="center")
    axes.plot([_X, _X + _WIDE], [_Y, _Y + _HIGH], color=MUTED, linewidth=2, linestyle=(0, (5, 4)), zorder=2)
    largest = max(each.deals for each in watch.groups)
    for each in watch.groups:
        _draw_group(axes, each, most, size=90 + 420 * each.deals / largest)
    write(axes, _X + _WIDE / 2, _Y - 0.085, say.plain("chart.reliability.said"), size=17, colour=INK, align="center")
    write(axes, LEFT, _Y + _HIGH + 0.035, say.plain("chart.reliability.happened"), size=17, colour=INK)


def _draw_group(axes: "Axes", group: Group, most: float, *, size: float) -> None:
    x = _X + group.said / most * _WIDE
    low, high = (_Y + min(each, most) / most * _HIGH for each in (group.low, group.high))
    axes.plot([x, x], [low, high], color=BLUE, linewidth=3, alpha=0.45, solid_capstyle="round", zorder=3)
    y = _Y + group.happened / most * _HIGH
    axes.scatter([x], [y], s=size, color=BLUE, edgecolors=PAPER, linewidths=1.5, zorder=4, clip_on=False)


def _draw_table(axes: "Axes", watch: Watch, say: Say) -> None:
    """The same in words, beside it: "of 100 deals called 30 %, 28 came true"."""
    middle, last = _TABLE + 0.21, RIGHT
    for x, key, align in (
        (_TABLE, "chart.reliability.column_said", "left"),
        (middle, "chart.reliability.column_happened", "center"),
        (last, "chart.reliability.column_deals", "right"),
    ):
        write(axes, x, _ROWS_TOP + 0.065, say.plain(key), size=17, colour=MUTED, align=align, room=0.16)
    for row, each in enumerate(watch.groups):
        y = _ROWS_TOP - row * _PITCH
        is_as_said = each.low <= each.said <= each.high
        write(axes, _TABLE, y, say.value(Percent(each.said)), size=21)
        write(axes, middle, y, say.value(Percent(each.happened)), size=21, bold=not is_as_said, align="center")
        write(axes, last, y, say.value(each.deals), size=21, align="right")
    write(axes, _TABLE, 0.105, say.plain("chart.reliability.legend_line"), size=15, colour=MUTED, room=RIGHT - _TABLE)
    write(axes, _TABLE, 0.06, say.plain("chart.reliability.legend_chance"), size=15, colour=MUTED, room=RIGHT - _TABLE)


def _end_of_scale(watch: Watch) -> float:
    """Low chances are spread out: where nothing is above 20 %, the scale ends there."""
    highest = max(max(each.said, each.happened) for each in watch.groups)
    return next(end for end in (0.1, 0.2, 0.5, 1.0) if highest <= end)
