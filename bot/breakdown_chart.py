"""Draws a report broken down: of each owner, source or the like the deals that were won and lost, a bar each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.drawing import GREEN, LEFT, MUTED, ORANGE, RIGHT, TRACK, as_png, blank, cut, type_of_rows, write
from bot.say import Percent, Say
from bot.snapshot_chart import draw_titles
from bot.views.exchange import together
from bot.views.funnel_report import Asked, only_told, period_told
from bot.views.report_parts import field_told, value_told
from models.funnel_figures import Dimension, Part
from models.period import Period

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BARS_LEFT, _BARS_RIGHT = 0.25, 0.57
_TOP, _BOTTOM = 0.785, 0.12
_WIDEST_PITCH = 0.11
_MOST_BESIDE = 1


@dataclass(frozen=True)
class SideBySide:
    """What is broken down, and by what; `names` are those of people by their ids."""

    asked: Asked
    period: Period
    by: Dimension | str
    parts: Sequence[Part]
    names: Mapping[int, str]

    def title(self, say: Say) -> str:
        if self.by is Dimension.PIPELINE:
            return cut(self.asked.pipeline)
        return say.plain("breakdown.chart.title", pipeline=cut(self.asked.pipeline), field=field_told(self.by, say))

    def name(self, part: Part, say: Say) -> str:
        return value_told(part.value, self.names, say)


def breakdown_picture(shown: SideBySide, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(breakdown_figure(shown, say))


def breakdown_alt_text(shown: SideBySide, say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    parts = [
        say.plain("breakdown.chart.alt_part", value=shown.name(each, say), won=each.won, lost=each.lost)
        for each in shown.parts
    ]
    title, period = shown.title(say), period_told(shown.period, say)
    return say.plain("breakdown.chart.alt", title=title, period=period, parts=parts)


def breakdown_figure(shown: SideBySide, say: Say) -> "Figure":
    """The picture before it is rendered."""
    figure, axes = blank()
    parts = shown.parts
    draw_titles(axes, shown.title(say), f"{period_told(shown.period, say)} · {only_told(shown.asked, say)}")
    pitch = min(_WIDEST_PITCH, (_TOP - _BOTTOM) / len(parts))
    most = max(each.won + each.lost for each in parts) or 1
    size, height, room = type_of_rows(pitch, largest=20.0), pitch * 0.6, _BARS_RIGHT - _BARS_LEFT
    for row, each in enumerate(parts):
        middle, name = _TOP - pitch * (row + 0.5), shown.name(each, say)
        write(axes, LEFT, middle, cut(name), size=size, room=_BARS_LEFT - 0.015 - LEFT)
        axes.barh(middle, room, height=height, left=_BARS_LEFT, color=TRACK)
        won, lost = (room * count / most for count in (each.won, each.lost))
        axes.barh(middle, won, height=height, left=_BARS_LEFT, color=GREEN, gid=f"won:{name}")
        axes.barh(middle, lost, height=height, left=_BARS_LEFT + won, color=ORANGE, gid=f"lost:{name}")
        write(axes, RIGHT, middle, _told(each, say), size=size, align="right", room=RIGHT - _BARS_RIGHT - 0.015)
    write(axes, LEFT, 0.05, say.plain("breakdown.chart.legend"), size=17, colour=MUTED, room=RIGHT - LEFT)
    return figure


def _told(part: Part, say: Say) -> str:
    amount = together(part.won_amount.told, say, most=_MOST_BESIDE)
    won = say.plain("breakdown.chart.won", count=part.won, amount=amount)
    if part.win_rate is None:
        return won
    rate = say.plain("breakdown.chart.rate", rate=Percent(part.win_rate.share), count=part.win_rate.count)
    return f"{won} · {rate}"
