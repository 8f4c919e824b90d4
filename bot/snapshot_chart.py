"""Draws what became of the deals of each stage in a period: moved forward, still there, moved back, lost."""

from typing import TYPE_CHECKING

from bot.drawing import (
    BLUE,
    GREEN,
    INK,
    LEAST,
    LEFT,
    MUTED,
    ORANGE,
    PALE,
    PAPER,
    RIGHT,
    TRACK,
    as_png,
    blank,
    cut,
    type_of_rows,
    write,
)
from bot.say import Percent, Say
from bot.views.funnel_report import Asked, amount_told, beside, only_told, period_told
from models.funnel_figures import Compared, Snapshot
from models.stage_flow import StageFlow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BARS_LEFT, _BARS_RIGHT = 0.25, 0.73
_BARS_TOP, _BARS_BOTTOM = 0.735, 0.155
_WIDEST_PITCH = 0.125
_DAYS_MIDDLE = 0.79
_NARROWEST = 0.024
"""A number is written into a part of a bar from this share of the picture's width on."""


def snapshot_picture(asked: Asked, report: Compared[Snapshot], say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(snapshot_figure(asked, report, say))


def snapshot_alt_text(asked: Asked, report: Compared[Snapshot], say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    stages = [
        say.plain(
            "chart.report.alt_stage",
            stage=cut(flow.stage.name),
            entered=flow.entered,
            forward=flow.forward,
            lost=flow.lost,
            still_there=flow.still_there,
        )
        for flow in _shown(report)
    ]
    period = period_told(report.now.period, say)
    return say.plain("chart.report.alt_snapshot", pipeline=cut(asked.pipeline), period=period, stages=stages)


def snapshot_figure(asked: Asked, report: Compared[Snapshot], say: Say) -> "Figure":
    """The picture before it is rendered: a bar for each open stage, as long as the deals that were in it."""
    figure, axes = blank()
    draw_titles(axes, say.plain("chart.report.snapshot", pipeline=cut(asked.pipeline)), _subtitle(asked, report, say))
    flows = _shown(report)
    pitch = min(_WIDEST_PITCH, (_BARS_TOP - _BARS_BOTTOM) / len(flows))
    most = max(_passed_through(flow) for flow in flows)
    write(axes, _DAYS_MIDDLE, _BARS_TOP + 0.03, say.plain("chart.report.days"), size=16, colour=MUTED, align="center")
    write(axes, RIGHT, _BARS_TOP + 0.03, say.plain("chart.report.entered"), size=16, colour=MUTED, align="right")
    for row, flow in enumerate(flows):
        middle = _BARS_TOP - pitch * (row + 0.5)
        _draw_stage(axes, flow, report, middle, pitch=pitch, most=most, say=say)
    _draw_legend(axes, say)
    _draw_footer(axes, report, say)
    return figure


def draw_titles(axes: "Axes", title: str, subtitle: str) -> None:
    write(axes, LEFT, 0.915, title, size=34, bold=True, room=RIGHT - LEFT)
    write(axes, LEFT, 0.85, subtitle, size=21, colour=MUTED, room=RIGHT - LEFT)


def _subtitle(asked: Asked, report: Compared[Snapshot], say: Say) -> str:
    return f"{period_told(report.now.period, say)} · {only_told(asked, say)}"


def _shown(report: Compared[Snapshot]) -> list[StageFlow]:
    return [flow for flow in report.now.flows if flow.stage.is_open]


def _passed_through(flow: StageFlow) -> int:
    return flow.at_start + flow.entered


def _draw_stage(
    axes: "Axes", flow: StageFlow, report: Compared[Snapshot], middle: float, *, pitch: float, most: int, say: Say
) -> None:
    size, height, room = type_of_rows(pitch, largest=21.0), pitch * 0.6, _BARS_RIGHT - _BARS_LEFT
    write(axes, LEFT, middle, cut(flow.stage.name), size=size, room=_BARS_LEFT - 0.015 - LEFT)
    axes.barh(middle, room, height=height, left=_BARS_LEFT, color=TRACK)
    left = _BARS_LEFT
    for name, number, colour in _parts(flow):
        width = room * number / most if number else 0.0
        axes.barh(middle, width, height=height, left=left, color=colour, gid=f"{flow.stage.name}:{name}")
        if width >= _NARROWEST:
            write(
                axes,
                left + width / 2,
                middle,
                say.value(number),
                size=max(size * 0.85, min(size, LEAST)),
                bold=True,
                colour=INK if colour == PALE else PAPER,
                align="center",
                room=width * 0.9,
            )
        left += width
    days = report.now.days[flow.stage.id]
    median = (
        "–" if days.median is None else say.value(round(days.median, 1) if days.median < 10 else round(days.median))
    )
    write(axes, _DAYS_MIDDLE, middle, median, size=size, align="center", room=0.09)
    place = report.now.flows.index(flow)
    entered = beside([each.flows[place].entered if each else None for each in report.all], say)
    write(axes, RIGHT, middle, entered, size=size, align="right", room=0.12)


def _parts(flow: StageFlow) -> tuple[tuple[str, int, str], ...]:
    return (
        ("forward", flow.forward, GREEN),
        ("still_there", flow.still_there, BLUE),
        ("back", flow.back, PALE),
        ("lost", flow.lost, ORANGE),
    )


def _draw_legend(axes: "Axes", say: Say) -> None:
    labels = (
        (GREEN, 0.0, say.plain("chart.report.forward")),
        (BLUE, 0.165, say.plain("chart.report.still_there")),
        (PALE, 0.295, say.plain("chart.report.back")),
        (ORANGE, 0.43, say.plain("chart.report.lost")),
    )
    for colour, offset, label in labels:
        x = LEFT + offset
        axes.barh(_BARS_TOP + 0.03, 0.012, height=0.02, left=x, color=colour)
        write(axes, x + 0.017, _BARS_TOP + 0.03, label, size=16, colour=MUTED, room=0.14)


def _draw_footer(axes: "Axes", report: Compared[Snapshot], say: Say) -> None:
    now = report.now
    told = [say.plain("chart.report.closed", won=now.won, lost=now.lost)]
    if now.win_rate is not None:
        told.append(
            say.plain(
                "chart.report.win_rate",
                share=Percent(now.win_rate.share),
                low=Percent(now.win_rate.low),
                high=Percent(now.win_rate.high),
            )
        )
    if now.velocity.a_day is not None:
        told.append(say.plain("chart.report.velocity", pace=amount_told(now.velocity.a_day, say)))
    write(axes, LEFT, 0.1, " · ".join(told), size=21, colour=INK, room=RIGHT - LEFT)
    write(axes, LEFT, 0.05, say.plain("chart.report.snapshot_legend"), size=15, colour=MUTED, room=RIGHT - LEFT)
