"""Draws what each stage costs: expected value lost, the most first, which share of the whole has been reached, and
where time goes."""

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.drawing import BLUE, INK, LEFT, MUTED, ORANGE, RIGHT, TRACK, as_png, blank, cut, write
from bot.say import Percent, Say
from bot.snapshot_chart import draw_titles
from bot.views.exchange import together
from bot.views.funnel_report import NONE, Asked, only_told, period_told
from models.leaks import Leaks, StageLeak

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BARS_LEFT, _BARS_RIGHT = 0.25, 0.66
_TOP, _BOTTOM = 0.735, 0.1
_WIDEST_PITCH = 0.125
_MOST = 12
_MOST_BESIDE = 1


def leaks_picture(asked: Asked, found: Leaks, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(leaks_figure(asked, found, say))


def leaks_alt_text(asked: Asked, found: Leaks, say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    rows = [
        say.plain(
            "leaks.chart.alt_stage",
            stage=cut(each.stage.name),
            value=_told(each, found, say),
            time=Percent(each.days_share or 0.0),
        )
        for each in found.ranked[:_MOST]
    ]
    return say.plain(
        "leaks.chart.alt" if found.is_by_value else "leaks.chart.alt_number",
        pipeline=cut(asked.pipeline),
        period=period_told(found.period, say),
        stages=rows,
    )


def leaks_figure(asked: Asked, found: Leaks, say: Say) -> "Figure":
    """The picture before it is rendered."""
    figure, axes = blank()
    title = "leaks.chart.title" if found.is_by_value else "leaks.chart.title_number"
    draw_titles(
        axes,
        say.plain(title, pipeline=cut(asked.pipeline)),
        f"{period_told(found.period, say)} · {only_told(asked, say)}",
    )
    ranked = found.ranked
    rows = ranked[:_MOST]
    whole, most = sum(found.size_of(each) for each in ranked), max(found.size_of(each) for each in rows)
    pitch = min(_WIDEST_PITCH, (_TOP - _BOTTOM) / len(rows))
    size, room, reached = min(21.0, 320 * pitch), _BARS_RIGHT - _BARS_LEFT, Decimal(0)
    write(axes, RIGHT, _TOP + 0.03, say.plain("leaks.chart.together"), size=16, colour=MUTED, align="right")
    for row, each in enumerate(rows):
        middle = _TOP - pitch * (row + 0.5)
        reached += found.size_of(each)
        write(axes, LEFT, middle, cut(each.stage.name), size=size, room=_BARS_LEFT - 0.015 - LEFT)
        axes.barh(middle, room, height=pitch * 0.7, left=_BARS_LEFT, color=TRACK)
        width = room * float(found.size_of(each) / most) if most else 0.0
        axes.barh(middle + pitch * 0.1, width, height=pitch * 0.5, left=_BARS_LEFT, color=ORANGE, gid=each.stage.name)
        time = room * (each.days_share or 0.0)
        axes.barh(
            middle - pitch * 0.25, time, height=pitch * 0.2, left=_BARS_LEFT, color=BLUE, gid=f"time:{each.stage.name}"
        )
        write(axes, _BARS_RIGHT + 0.015, middle, _told(each, found, say), size=size, bold=True, colour=INK, room=0.19)
        share = say.value(Percent(float(reached / whole))) if whole else "–"
        write(axes, RIGHT, middle, share, size=size, align="right", room=0.08)
    legend = [say.plain("leaks.chart.legend")]
    if more := len(ranked) - len(rows):
        legend.append(say.plain("leaks.chart.more", count=more))
    write(axes, LEFT, 0.05, " ".join(legend), size=17, colour=MUTED, room=RIGHT - LEFT)
    return figure


def _told(each: StageLeak, found: Leaks, say: Say) -> str:
    """`$12K + 2 unknown`, or `3 · $12K + …` where stages are ranked by number."""
    value = together(each.leak.value.told, say, most=_MOST_BESIDE)
    if found.is_by_value:
        count = each.leak.no_amount
        without = [say.plain("leaks.chart.no_amount", count=count)] if count else []
        return " + ".join([*([value] if value else []), *without]) or NONE
    lost = say.value(each.leak.lost)
    return f"{lost} · {value}" if value else lost
