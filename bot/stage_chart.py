"""Draws a control chart of each stage that is out of line: what the watch saw week by week, what was usual, and the
limit from which on it speaks up."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.drawing import BLUE, LEFT, MUTED, ORANGE, RIGHT, TRACK, as_png, blank, cut, write
from bot.say import Percent, Say
from bot.snapshot_chart import draw_titles
from bot.views.leaks import MOST, verdict_told
from models.leaks import Abnormal, OutOfLine, WatchedWeek

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEFT, _RIGHT = 0.105, 0.79
_TOP, _BOTTOM = 0.79, 0.09
_ABOVE, _BELOW = 0.085, 0.06
"""What stands above and below the lines of a stage: its name, and days."""
_HIGHEST = 2.0
"""Twice the usual pace: what is faster is drawn there."""
_LINE = 0.045


def out_of_line_picture(news: Sequence[OutOfLine], say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(out_of_line_figure(news, say))


def out_of_line_title(news: Sequence[OutOfLine], say: Say) -> str:
    stages = dict.fromkeys(cut(each.verdict.stage.name) for each in news[:MOST])
    return say.plain("chart.stages.title", stages=[*stages])


def out_of_line_alt_text(news: Sequence[OutOfLine], say: Say) -> str:
    """The picture in sentences, for whoever cannot see it."""
    told = [
        say.plain(
            f"chart.stages.alt_{each.verdict.kind}",
            told=verdict_told(each.verdict, say),
            limit=next(week.limit for week in each.weeks if week.verdict == each.verdict),
            out=sum(week.verdict.is_abnormal for week in each.weeks),
            weeks=len(each.weeks),
            shares=[Percent(week.share) for week in each.weeks[::-3][::-1]],
        )
        for each in news[:MOST]
    ]
    return " ".join([say.plain("chart.stages.alt"), *told])


def out_of_line_figure(news: Sequence[OutOfLine], say: Say) -> "Figure":
    """The picture before it is rendered: one below the other."""
    figure, axes = blank()
    draw_titles(axes, out_of_line_title(news, say), say.plain("chart.stages.subtitle"))
    shown = news[:MOST]
    height = (_TOP - _BOTTOM) / len(shown)
    for place, each in enumerate(shown):
        top = _TOP - height * place
        _draw_stage(axes, each, top - height + _BELOW, top - _ABOVE, say)
    write(axes, LEFT, 0.05, say.plain("chart.stages.legend"), size=17, colour=MUTED, room=RIGHT - LEFT)
    return figure


def _draw_stage(axes: "Axes", each: OutOfLine, bottom: float, top: float, say: Say) -> None:
    kind, weeks = each.verdict.kind, each.weeks
    measure = say.plain(f"chart.stages.{kind}", pipeline=cut(each.pipeline), stage=cut(each.verdict.stage.name))
    write(axes, LEFT, top + 0.045, measure, size=18, room=RIGHT - LEFT)
    most = min(_HIGHEST, max(max(week.share, week.usual_share, week.limit_share or 0.0) for week in weeks))
    scale = (top - bottom) / most

    def up(share: float) -> float:
        return bottom + min(share, most) * scale

    across = [_x(week, weeks) for week in weeks]
    for share in (0.0, most):
        axes.plot([_LEFT, _RIGHT], [up(share)] * 2, color=TRACK, linewidth=2)
        write(axes, _LEFT - 0.015, up(share), say.value(Percent(share)), size=15, colour=MUTED, align="right")
    told = [week if week.is_told else None for week in weeks]
    axes.plot(across, [up(week.usual_share) if week else float("nan") for week in told], color=MUTED, linewidth=2.5)
    axes.plot(
        across,
        [float("nan") if week.limit_share is None else up(week.limit_share) for week in weeks],
        color=ORANGE,
        linewidth=2.5,
        linestyle=(0, (4, 2)),
        gid=f"limit:{each.verdict.stage.name}",
    )
    heights = [up(week.share) for week in weeks]
    axes.plot(across, heights, color=BLUE, linewidth=4, marker="o", markersize=8, gid=each.verdict.stage.name)
    found = [place for place, week in enumerate(weeks) if week.verdict.is_abnormal]
    axes.plot(
        [across[place] for place in found],
        [heights[place] for place in found],
        color=ORANGE,
        linestyle="none",
        marker="o",
        markersize=15,
        gid=f"found:{each.verdict.stage.name}",
    )
    for week, align in ((weeks[0], "left"), (weeks[-1], "right"))[-min(2, len(weeks)) :]:
        x = _x(week, weeks)
        write(axes, x, bottom - 0.035, say.value(week.last_day), size=15, colour=MUTED, align=align, room=0.2)
    _draw_values(axes, weeks[-1], up, say)


def _draw_values(axes: "Axes", now: WatchedWeek, up: Callable[[float], float], say: Say) -> None:
    """Beside the last points."""
    is_loss = now.verdict.kind is Abnormal.ATTRITION
    usual = say.plain("chart.stages.usual" if is_loss else "chart.stages.usual_pace", share=Percent(now.usual_share))
    told = [
        (up(now.share), say.value(Percent(now.share)), 30.0, ORANGE if now.verdict.is_abnormal else BLUE),
        (up(now.usual_share), usual, 17.0, MUTED),
    ]
    if (limit := now.limit_share) is not None:
        told.append((up(limit), say.plain("chart.stages.limit", share=Percent(limit)), 17.0, ORANGE))
    lowest = 0.0
    for height, text, size, colour in sorted(told, key=lambda each: each[0]):
        y = max(height, lowest + _LINE)
        lowest = y
        write(axes, _RIGHT + 0.02, y, text, size=size, bold=size > 20, colour=colour, room=RIGHT - _RIGHT - 0.02)


def _x(week: WatchedWeek, weeks: Sequence[WatchedWeek]) -> float:
    first, last = weeks[0].last_day, weeks[-1].last_day
    return _RIGHT - (_RIGHT - _LEFT) * ((last - week.last_day) / max(last - first, timedelta(days=1)))
