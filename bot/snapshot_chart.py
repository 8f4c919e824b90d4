"""Draws what became of the deals of each stage in a period, also of those that skipped it, and how long they stayed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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
    WIDTH,
    as_png,
    blank,
    cut,
    type_of_rows,
    write,
)
from bot.say import Percent, Say
from bot.views.funnel_report import (
    NONE,
    WAYS,
    Asked,
    amount_told,
    beside,
    days_rounded,
    only_told,
    period_told,
    quartiles_told,
)
from models.funnel_figures import Compared, Quartiles, Snapshot
from models.stage_flow import StageFlow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BARS_LEFT, _BARS_RIGHT = 0.25, 0.615
_BARS_TOP, _BARS_BOTTOM = 0.735, 0.155
_WIDEST_PITCH = 0.125
_MEDIAN_RIGHT, _DAYS_LEFT, _DAYS_RIGHT = 0.675, 0.69, 0.81
_MARK, _BEYOND = 0.005, 1.1
_NARROWEST, _LOWEST = 0.024, 0.02
"""A number is written into a part of a bar from these shares of the picture's width and height on."""
_PARTS = (
    *(("forward", GREEN), ("still_there", BLUE), ("back", PALE), ("lost", ORANGE)),
    *(("elsewhere", MUTED), ("skipped", PAPER)),
)
"""In their order; those that skipped a stage were never in it, and stand outside."""


def snapshot_picture(asked: Asked, report: Compared[Snapshot], say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(snapshot_figure(asked, report, say))


def snapshot_alt_text(asked: Asked, report: Compared[Snapshot], say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    stages = [_alt_of_stage(flow, report.now.days[flow.stage.id], say) for flow in _shown(report)]
    period = period_told(report.now.period, say)
    return say.plain("chart.report.alt_snapshot", pipeline=cut(asked.pipeline), period=period, stages=stages)


def _alt_of_stage(flow: StageFlow, days: Quartiles, say: Say) -> str:
    figures = [
        say.plain(f"funnel.report.{name}", figure=number)
        for name in WAYS
        if (number := getattr(flow, name)) or name in ("at_start", "entered", "still_there")
    ]
    told = say.plain("chart.report.alt_stage", stage=cut(flow.stage.name), figures=figures)
    return told if days.low is None else say.plain("chart.report.alt_days", told=told, days=quartiles_told(days, say))


def snapshot_figure(asked: Asked, report: Compared[Snapshot], say: Say) -> "Figure":
    """The picture before it is rendered: a bar for each open stage, as long as the deals that were in it."""
    figure, axes = blank()
    draw_titles(axes, say.plain("chart.report.snapshot", pipeline=cut(asked.pipeline)), _subtitle(asked, report, say))
    flows = _shown(report)
    pitch = min(_WIDEST_PITCH, (_BARS_TOP - _BARS_BOTTOM) / len(flows))
    most = max(flow.at_start + flow.entered + flow.skipped for flow in flows)
    quartiles = [report.now.days[flow.stage.id] for flow in flows]
    longest = max((days for each in quartiles for days in (each.low, each.median, each.high) if days), default=0.0)
    _draw_legend(axes, flows, say)
    days = say.plain("chart.report.days")
    write(axes, _DAYS_RIGHT, _BARS_TOP + 0.03, days, size=16, colour=MUTED, align="right", room=0.17)
    write(axes, RIGHT, _BARS_TOP + 0.03, say.plain("chart.report.entered"), size=16, colour=MUTED, align="right")
    for row, flow in enumerate(flows):
        middle = _BARS_TOP - pitch * (row + 0.5)
        _draw_stage(axes, flow, report, middle, pitch=pitch, most=most, say=say)
        _draw_days(axes, flow, quartiles[row], middle, pitch=pitch, longest=longest, say=say)
    _draw_footer(axes, report, say)
    return figure


def draw_titles(axes: "Axes", title: str, subtitle: str) -> None:
    write(axes, LEFT, 0.915, title, size=34, bold=True, room=RIGHT - LEFT)
    write(axes, LEFT, 0.85, subtitle, size=21, colour=MUTED, room=RIGHT - LEFT)


def _subtitle(asked: Asked, report: Compared[Snapshot], say: Say) -> str:
    return f"{period_told(report.now.period, say)} · {only_told(asked, say)}"


def _shown(report: Compared[Snapshot]) -> list[StageFlow]:
    return [flow for flow in report.now.flows if flow.stage.is_open]


def _draw_stage(
    axes: "Axes", flow: StageFlow, report: Compared[Snapshot], middle: float, *, pitch: float, most: int, say: Say
) -> None:
    size, room = type_of_rows(pitch, largest=21.0), _BARS_RIGHT - _BARS_LEFT
    height = max(pitch * 0.6, min(pitch * 0.88, 0.027))
    write(axes, LEFT, middle, cut(flow.stage.name), size=size, room=_BARS_LEFT - 0.015 - LEFT)
    axes.barh(middle, room, height=height, left=_BARS_LEFT, color=TRACK)
    left = _BARS_LEFT
    for name, colour in _PARTS:
        number = getattr(flow, name)
        width = room * number / most if number else 0.0
        look = _look(colour if number else TRACK)
        axes.barh(middle, width, height=height, left=left, gid=f"{flow.stage.name}:{name}", **look)
        if width >= _NARROWEST and height >= _LOWEST:
            write(
                axes,
                left + width / 2,
                middle,
                say.value(number),
                size=max(size * 0.85, min(size, LEAST)),
                bold=True,
                colour=INK if colour in (PALE, PAPER) else PAPER,
                align="center",
                room=width * 0.9,
            )
        left += width
    place = report.now.flows.index(flow)
    entered = beside([each.flows[place].entered if each else None for each in report.all], say)
    write(axes, RIGHT, middle, entered, size=size, align="right", room=0.12)


def _draw_days(
    axes: "Axes", flow: StageFlow, days: Quartiles, middle: float, *, pitch: float, longest: float, say: Say
) -> None:
    """The middle half of the stays, and a mark where half had left; to the edge, beyond the longest, where it is not
    known yet when three quarters will have."""
    median = NONE if days.median is None else say.value(days_rounded(days.median))
    write(axes, _MEDIAN_RIGHT, middle, median, size=type_of_rows(pitch, largest=21.0), align="right", room=0.055)
    room = _DAYS_RIGHT - _DAYS_LEFT
    axes.barh(middle, room, height=pitch * 0.3, left=_DAYS_LEFT, color=TRACK)
    if days.low is None or not longest:
        return
    scale = room / (longest * _BEYOND)
    low, high = days.low * scale, room if days.high is None else days.high * scale
    name = f"{flow.stage.name}:days"
    axes.barh(middle, high - low, height=pitch * 0.3, left=_DAYS_LEFT + low, color=PALE, gid=name)
    if days.median is not None:
        mark = max(0.0, days.median * scale - _MARK / 2)
        axes.barh(middle, _MARK, height=pitch * 0.5, left=_DAYS_LEFT + mark, color=INK, gid=f"{flow.stage.name}:median")


def _draw_legend(axes: "Axes", flows: Sequence[StageFlow], say: Say) -> None:
    some_went = any(flow.elsewhere for flow in flows)
    x, size, gap = (LEFT, 15, 0.012) if some_went else (LEFT, 16, 0.016)
    for name, colour in _PARTS:
        if name == "elsewhere" and not some_went:
            continue
        axes.barh(_BARS_TOP + 0.03, 0.012, height=0.02, left=x, **_look(colour))
        label = write(axes, x + 0.017, _BARS_TOP + 0.03, say.plain(f"chart.report.{name}"), size=size, colour=MUTED)
        x += 0.017 + float(label.get_window_extent().width) / WIDTH + gap


def _look(colour: str) -> dict[str, Any]:
    """What is white has an edge."""
    return {"color": colour} if colour != PAPER else {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 1.5}


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
    write(axes, LEFT, 0.115, " · ".join(told), size=21, colour=INK, room=RIGHT - LEFT)
    means = [say.plain("chart.report.snapshot_legend")]
    if any(report.earlier):
        means.append(say.plain("chart.report.brackets_one" if report.is_one else "chart.report.brackets"))
    for y, legend in ((0.067, " ".join(means)), (0.032, say.plain("chart.report.days_legend"))):
        write(axes, LEFT, y, legend, size=15, colour=MUTED, room=RIGHT - LEFT)
