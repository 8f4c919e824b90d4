"""Draws the cohorts of a period as a table: of the deals that began in a month, what share reached which stage."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bot.drawing import (
    BLUE,
    INK,
    LEFT,
    MUTED,
    PAPER,
    RIGHT,
    TRACK,
    WIDTH,
    alike,
    as_png,
    blank,
    cut,
    type_of_rows,
    write,
)
from bot.say import Percent, Say
from bot.snapshot_chart import draw_titles
from bot.views.funnel_report import Asked, only_told, period_told
from models.cohorts import Cohort
from models.funnel_figures import CohortView, Compared

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

T = TypeVar("T")

MOST_MONTHS = 12
MOST_STAGES = 13
_MOST_IN_LINE = 7
"""Of more stages than these, names and intervals stand by turns in two lines, so that each has twice the room."""
_TABLE_LEFT, _TABLE_TOP, _TABLE_BOTTOM = 0.26, 0.72, 0.25
_LINE = 0.035
_LETTER = 15
"""A letter of the smallest type is about so many pixels wide."""
_HIGHEST_ROW = 0.07


def cohort_picture(asked: Asked, report: Compared[CohortView], say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(cohort_figure(asked, report, say))


def cohort_alt_text(asked: Asked, report: Compared[CohortView], say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    now = report.now
    stages = [
        say.plain("chart.report.alt_reached", stage=cut(stage.name), count=number)
        for place, stage in enumerate(now.stages)
        if (number := now.whole.reach(place)) is not None
    ]
    period = period_told(now.period, say)
    return say.plain(
        "chart.report.alt_cohorts", pipeline=cut(asked.pipeline), period=period, count=now.whole.deals, stages=stages
    )


def cohort_figure(asked: Asked, report: Compared[CohortView], say: Say) -> "Figure":
    """The picture before it is rendered: a row for each of the latest months, a column for each stage; of very many
    the first ones and the last."""
    figure, axes = blank()
    now = _with_fewer_stages(report.now)
    subtitle = f"{period_told(now.period, say)} · {only_told(asked, say)}"
    draw_titles(axes, say.plain("chart.report.cohorts", pipeline=cut(asked.pipeline)), subtitle)
    width = (RIGHT - _TABLE_LEFT) / len(now.stages)
    lines = _lines(now)
    room = width * 0.94 * lines
    alike(
        [
            write(
                axes,
                _TABLE_LEFT + width * (place + 0.5),
                _TABLE_TOP + _LINE * (1 + place % lines),
                cut(stage.name) if lines == 1 else cut(stage.name, int(room * WIDTH / _LETTER)),
                size=17,
                colour=MUTED,
                align="center",
                room=room,
            )
            for place, stage in enumerate(now.stages)
        ]
    )
    rows = [*now.months[-MOST_MONTHS:], now.whole]
    height = min(_HIGHEST_ROW, (_TABLE_TOP - _TABLE_BOTTOM - _LINE * (lines - 1)) / len(rows))
    for number, cohort in enumerate(rows):
        _draw_cohort(axes, cohort, _TABLE_TOP - height * (number + 0.5), height=height, width=width, say=say)
    _draw_conversions(axes, now, _TABLE_TOP - height * len(rows), width, say)
    told = [_overall(now, say)]
    if more := len(report.now.stages) - len(now.stages):
        told.append(say.plain("chart.report.more_stages", count=more))
    write(axes, LEFT, 0.1, " · ".join(told), size=21, room=RIGHT - LEFT)
    write(axes, LEFT, 0.05, say.plain("chart.report.cohort_legend"), size=15, colour=MUTED, room=RIGHT - LEFT)
    return figure


def _with_fewer_stages(view: CohortView) -> CohortView:
    """More columns than `MOST_STAGES` would be too narrow to be read; the table of the report has all."""

    last = len(view.stages) - 1
    kept = [*range(min(last, MOST_STAGES - 1)), last]

    def few(row: Sequence[T]) -> tuple[T, ...]:
        return tuple(row[place] for place in kept if place < len(row))

    def fewer(cohort: Cohort) -> Cohort:
        return replace(cohort, counted=few(cohort.counted), reached=few(cohort.reached))

    return replace(
        view,
        stages=few(view.stages),
        months=tuple(map(fewer, view.months)),
        whole=fewer(view.whole),
        conversions=few(view.conversions),
    )


def _lines(view: CohortView) -> int:
    return 1 if len(view.stages) <= _MOST_IN_LINE else 2


def _draw_cohort(axes: "Axes", cohort: Cohort, middle: float, *, height: float, width: float, say: Say) -> None:
    size = type_of_rows(height, largest=19.0)
    month = say.month(cohort.month) if cohort.month else say.plain("chart.report.together")
    write(axes, LEFT, middle, month, size=size, bold=cohort.month is None, room=0.12)
    write(axes, _TABLE_LEFT - 0.015, middle, say.value(cohort.deals), size=size, align="right", room=0.07)
    for place, (number, count) in enumerate(zip(cohort.reached, cohort.counted, strict=True)):
        share = number / count if count else 0.0
        left = _TABLE_LEFT + width * place
        axes.barh(middle, width * 0.96, height=height * 0.88, left=left, color=TRACK)
        axes.barh(middle, width * 0.96, height=height * 0.88, left=left, color=BLUE, alpha=0.85 * share)
        told = say.value(Percent(share)) if count else "–"
        colour = PAPER if share > 0.8 else INK
        write(axes, left + width * 0.48, middle, told, size=size, colour=colour, align="center", room=width * 0.92)


def _draw_conversions(axes: "Axes", view: CohortView, top: float, width: float, say: Say) -> None:
    """Below each stage, how many of those decided moved on from it, and by how much chance may mislead."""
    upper, lower, lines = top - 0.05, top - 0.09, _lines(view)
    label = say.plain("chart.report.moved_on")
    write(
        axes,
        LEFT,
        (upper + lower) / 2,
        label,
        size=17,
        colour=MUTED,
        room=_TABLE_LEFT - LEFT - 0.005 - width / 2 * (lines - 1),
    )
    for place, ratio in enumerate(view.conversions):
        x = _TABLE_LEFT + width * (place + 0.48)
        if ratio is None:
            write(axes, x, upper, "–", size=19, align="center")
            continue
        write(axes, x, upper, say.value(Percent(ratio.share)), size=19, bold=True, align="center", room=width * 0.86)
        interval = say.plain("chart.report.interval", low=Percent(ratio.low), high=Percent(ratio.high))
        y = lower - _LINE * (place % lines)
        write(axes, x, y, interval, size=14, colour=MUTED, align="center", room=width * 0.94 * lines)


def _overall(view: CohortView, say: Say) -> str:
    told = say.plain("chart.report.closed", won=view.whole.won, lost=view.whole.lost)
    if view.overall is None:
        return told
    low, high = Percent(view.overall.low), Percent(view.overall.high)
    return f"{told} · {say.plain('chart.report.won_share', share=Percent(view.overall.share), low=low, high=high)}"
