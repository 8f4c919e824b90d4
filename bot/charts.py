"""Draws the funnel as a picture that a person would put on a slide."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.drawing import BLUE, GREEN, LEAST, LEFT, MUTED, PAPER, RIGHT, TRACK, as_png, blank, cut, type_of_rows, write
from bot.say import Percent, Say
from bot.views.exchange import short_basis, together
from models.funnel import CLOSED_WINDOW, FunnelReport, StageRow
from models.pipeline import StageKind
from models.stage_counts import year_began

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_CURRENCIES = 2

# Where things stand, as shares of the picture's width and height from its lower left corner.
_BARS_LEFT, _BARS_RIGHT = 0.31, 0.71
_BARS_TOP, _BARS_BOTTOM = 0.785, 0.115
_WIDEST_PITCH = 0.125
_GAP = 0.016
_ONWARD = 0.075


def funnel_picture(report: FunnelReport, say: Say) -> bytes:
    """The funnel as a PNG of 1600 by 900 pixels, on white with room around, for light and dark surroundings."""
    return as_png(funnel_figure(report, say))


def funnel_alt_text(report: FunnelReport, say: Say) -> str:
    """The picture in one sentence, for whoever cannot see it."""
    stages = [say.plain("chart.funnel.alt_stage", stage=cut(row.name), count=row.count) for row in report.rows]
    told = say.plain("chart.funnel.alt", pipeline=cut(report.pipeline), stages=stages)
    if all(row.kind is StageKind.OPEN for row in report.rows):
        return told
    return f"{told} {say.plain('chart.funnel.alt_lately', count=CLOSED_WINDOW.days)}"


def funnel_figure(report: FunnelReport, say: Say) -> "Figure":
    """The picture before it is rendered: a bar for each stage, its deals and their worth, and how many move on."""
    figure, axes = blank()
    _draw_titles(axes, report, say)
    _draw_stages(axes, report.rows, say)
    _draw_footer(axes, report, say)
    return figure


def _draw_titles(axes: "Axes", report: FunnelReport, say: Say) -> None:
    today = report.at.astimezone(ZoneInfo(say.time_zone)).date()
    title = say.plain("chart.funnel.title", pipeline=cut(report.pipeline))
    write(axes, LEFT, 0.915, title, size=34, bold=True, room=0.7)
    write(axes, RIGHT, 0.915, say.value(today), size=22, colour=MUTED, align="right")
    write(axes, LEFT, 0.85, _open_total(report, say), size=22, colour=MUTED, room=RIGHT - LEFT)


def _open_total(report: FunnelReport, say: Say) -> str:
    worth = together(report.open.told, say, most=_MOST_CURRENCIES)
    told = [say.plain("chart.funnel.open", count=report.open.count), worth]
    if report.basis:
        told.append(short_basis(report.basis, say))
    return " · ".join(filter(None, told))


def _draw_stages(axes: "Axes", rows: Sequence[StageRow], say: Say) -> None:
    pitch = min(_WIDEST_PITCH, (_BARS_TOP - _BARS_BOTTOM) / len(rows))
    most = max(row.count for row in rows)
    size = type_of_rows(pitch, largest=22.0)
    middles = [_BARS_TOP - pitch * (place + 0.5) for place in range(len(rows))]
    small = min(size * 0.74, 180 * pitch)
    is_crowded = small < LEAST
    for row, middle in zip(rows, middles, strict=True):
        room = _BARS_LEFT - _GAP - LEFT - (_ONWARD if is_crowded else 0)
        write(axes, LEFT, middle, cut(row.name), size=size, room=room)
        _draw_stage(axes, row, middle, height=pitch * 0.56, most=most, size=size, say=say)
    for (row, above), (_, below) in pairwise(zip(rows, middles, strict=True)):
        if row.conversion is not None:
            share = say.plain("breakdown.chart.rate", rate=Percent(row.conversion), count=row.decided)
            onward = f"↓ {say.value(Percent(row.conversion)) if is_crowded else share}"
            if is_crowded:  # no line has room between two bars: beside its name
                write(axes, _BARS_LEFT - _GAP, above, onward, size=size, colour=MUTED, align="right", room=_ONWARD)
            else:
                write(axes, _BARS_LEFT + 0.008, (above + below) / 2, onward, size=small, colour=MUTED)


def _draw_stage(axes: "Axes", row: StageRow, middle: float, *, height: float, most: int, size: float, say: Say) -> None:
    room = _BARS_RIGHT - _BARS_LEFT
    length = room * max(row.count / most, 0.008) if row.count else 0.0
    axes.barh(middle, room, height=height, left=_BARS_LEFT, color=TRACK)
    axes.barh(
        middle,
        length,
        height=height,
        left=_BARS_LEFT,
        color=BLUE if row.kind is StageKind.OPEN else GREEN,
        gid=row.name,
    )
    end, count = _BARS_LEFT + length, say.value(row.count)
    if length > room * 0.15:
        write(axes, end - 0.01, middle, count, size=size, bold=True, colour=PAPER, align="right")
    else:
        write(axes, end + 0.01, middle, count, size=size, bold=True)
    beside = _BARS_RIGHT + _GAP
    write(axes, beside, middle, together(row.tally.told, say, most=_MOST_CURRENCIES), size=size, room=RIGHT - beside)


def _draw_footer(axes: "Axes", report: FunnelReport, say: Say) -> None:
    closed = say.plain("chart.funnel.closed", days=CLOSED_WINDOW.days, won=report.won.count, lost=report.lost.count)
    write(axes, LEFT, 0.055, closed, size=17, colour=MUTED)
    if any(row.conversion is not None for row in report.rows):
        write(
            axes,
            RIGHT,
            0.055,
            say.plain("chart.funnel.legend", since=year_began(report.at)),
            size=17,
            colour=MUTED,
            align="right",
        )
