"""Draws how far each target is reached, how far an even pace would be, and how the periods before went."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.drawing import BLUE, GREEN, INK, LEFT, MUTED, ORANGE, RIGHT, TRACK, as_png, blank, cut, write
from bot.say import Percent, Say
from bot.views.targets import pace_told, target_named
from models.attainment import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 10
_LONGEST = 44
_BARS_LEFT, _BARS_RIGHT = 0.41, 0.69
_PASTS_LEFT, _PASTS_RIGHT = 0.78, RIGHT
_TOP, _BOTTOM = 0.8, 0.12
_WIDEST_PITCH = 0.2


def targets_picture(found: Sequence[Progress], currency: str, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(targets_figure(found, currency, say))


def targets_alt_text(found: Sequence[Progress], currency: str, say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    told = [
        say.plain(
            "chart.targets.alt_target",
            target=cut(target_named(each, say)),
            share=Percent(each.share),
            pace=pace_told(each, currency, say),
        )
        for each in found[:MOST]
    ]
    return " ".join([say.plain("chart.targets.alt", targets=told), *_more(found, say)])


def targets_figure(found: Sequence[Progress], currency: str, say: Say) -> "Figure":
    """The picture before it is rendered: a bar a target, a line where an even pace would be."""
    figure, axes = blank()
    write(axes, LEFT, 0.915, say.plain("targets.short"), size=34, bold=True, room=RIGHT - LEFT)
    shown = found[:MOST]
    if any(past.share is not None for each in shown for past in each.pasts):
        write(axes, _PASTS_LEFT, _TOP + 0.03, say.plain("chart.targets.before"), size=16, colour=MUTED)
    pitch = min(_WIDEST_PITCH, (_TOP - _BOTTOM) / max(len(shown), 1))
    for row, each in enumerate(shown):
        _draw_target(axes, each, _TOP - pitch * (row + 0.5), pitch=pitch, currency=currency, say=say)
    legend = [say.plain("chart.targets.legend"), *_more(found, say)]
    write(axes, LEFT, 0.05, " ".join(legend), size=15, colour=MUTED, room=RIGHT - LEFT)
    return figure


def _more(found: Sequence[Progress], say: Say) -> list[str]:
    left_out = len(found) - MOST
    return [say.plain("chart.targets.more", count=left_out)] if left_out > 0 else []


def _draw_target(axes: "Axes", each: Progress, middle: float, *, pitch: float, currency: str, say: Say) -> None:
    size, height, room = min(14 + 50 * pitch, 300 * pitch), pitch * 0.5, _BARS_RIGHT - _BARS_LEFT
    name = cut(target_named(each, say), _LONGEST)
    write(axes, LEFT, middle + pitch * 0.19, name, size=size, room=_BARS_LEFT - 0.015 - LEFT)
    pace = pace_told(each, currency, say)
    write(axes, LEFT, middle - pitch * 0.22, pace, size=size * 0.75, colour=MUTED, room=_BARS_LEFT - 0.015 - LEFT)
    colour = GREEN if each.is_reached else BLUE if each.is_on_pace else ORANGE
    axes.barh(middle, room, height=height, left=_BARS_LEFT, color=TRACK)
    axes.barh(middle, room * min(each.share, 1), height=height, left=_BARS_LEFT, color=colour, gid=f"target:{name}")
    even = _BARS_LEFT + room * float(each.elapsed)
    axes.plot([even, even], [middle - height * 0.65, middle + height * 0.65], color=INK, linewidth=2)
    write(axes, _BARS_RIGHT + 0.01, middle, say.value(Percent(each.share)), size=size, bold=True, room=0.08)
    _draw_pasts(axes, [past.share for past in each.pasts], middle, height)


def _draw_pasts(axes: "Axes", shares: Sequence[float | None], middle: float, height: float) -> None:
    """Small columns, as high as each period's share of its goal, full where it was reached; none where it had no goal,
    which is not to look like nothing reached."""
    if not shares:
        return
    pitch = (_PASTS_RIGHT - _PASTS_LEFT) / len(shares)
    for place, share in enumerate(shares):
        if share is None:
            continue
        left, width, bottom = _PASTS_LEFT + place * pitch, pitch * 0.7, middle - height / 2
        axes.bar(left, height, width=width, bottom=bottom, align="edge", color=TRACK)
        colour = GREEN if share >= 1 else BLUE
        axes.bar(left, height * min(share, 1), width=width, bottom=bottom, align="edge", color=colour)
