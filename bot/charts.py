"""Draws the funnel as a picture that a person would put on a slide."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from moneyed import Money

from bot.say import Percent, Say
from models.funnel import CLOSED_WINDOW, RATE_WINDOW, FunnelReport, StageRow
from models.pipeline import StageKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# matplotlib takes a second to import, and the bot answers long before it draws: it is imported where it is used.
# Never its pyplot, whose figures all threads share.

WIDTH, HEIGHT = 1600, 900

_PAPER, _INK, _MUTED, _TRACK = "#FFFFFF", "#1B2733", "#5B6875", "#EEF2F6"
_OPEN, _WON = "#0072B2", "#009E73"
"""From the palette of Okabe and Ito, which colour-blind people can tell apart."""

_FONT = "DejaVu Sans"
"""Comes with matplotlib."""
_FONTS_FOR_OTHER_SCRIPTS = (
    "Noto Sans CJK SC",
    "WenQuanYi Micro Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Droid Sans Fallback",
)
_LONGEST_NAME = 24
_MOST_CURRENCIES = 2

# Where things stand, as shares of the picture's width and height from its lower left corner.
_LEFT, _RIGHT = 0.045, 0.955
_BARS_LEFT, _BARS_RIGHT = 0.31, 0.71
_BARS_TOP, _BARS_BOTTOM = 0.785, 0.115
_WIDEST_PITCH = 0.125
_GAP = 0.016


def funnel_picture(report: FunnelReport, say: Say) -> bytes:
    """The funnel as a PNG of 1600 by 900 pixels, on white with room around, for light and dark surroundings."""
    picture = BytesIO()
    funnel_figure(report, say).savefig(picture, format="png")
    return picture.getvalue()


def funnel_alt_text(report: FunnelReport, say: Say) -> str:
    """The picture in one sentence, for whoever cannot see it."""
    stages = [say.plain("chart.funnel.alt_stage", stage=_cut(row.name), count=row.count) for row in report.rows]
    return say.plain("chart.funnel.alt", pipeline=_cut(report.pipeline), stages=stages)


def funnel_figure(report: FunnelReport, say: Say) -> "Figure":
    """The picture before it is rendered: a bar for each stage, its deals and their worth, and how many move on."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    say = _legible(say)
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=_PAPER)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    _draw_titles(axes, report, say)
    _draw_stages(axes, report.rows, say)
    _draw_footer(axes, report, say)
    return figure


def _draw_titles(axes: "Axes", report: FunnelReport, say: Say) -> None:
    today = report.at.astimezone(ZoneInfo(say.time_zone)).date()
    title = say.plain("chart.funnel.title", pipeline=_cut(report.pipeline))
    _write(axes, _LEFT, 0.915, title, size=34, bold=True, room=0.7)
    _write(axes, _RIGHT, 0.915, say.value(today), size=22, colour=_MUTED, align="right")
    _write(axes, _LEFT, 0.85, _open_total(report, say), size=22, colour=_MUTED, room=_RIGHT - _LEFT)


def _open_total(report: FunnelReport, say: Say) -> str:
    count = say.plain("chart.funnel.open", count=report.open.count)
    return f"{count} · {_worth(report.open.amounts, say)}" if report.open.amounts else count


def _draw_stages(axes: "Axes", rows: Sequence[StageRow], say: Say) -> None:
    pitch = min(_WIDEST_PITCH, (_BARS_TOP - _BARS_BOTTOM) / len(rows))
    most = max(row.count for row in rows)
    size = min(22.0, 320 * pitch)
    middles = [_BARS_TOP - pitch * (place + 0.5) for place in range(len(rows))]
    for row, middle in zip(rows, middles, strict=True):
        _draw_stage(axes, row, middle, height=pitch * 0.56, most=most, size=size, say=say)
    for (row, above), (_, below) in pairwise(zip(rows, middles, strict=True)):
        if row.conversion is not None:
            onward = f"↓ {say.value(Percent(row.conversion))}"
            _write(axes, _BARS_LEFT + 0.008, (above + below) / 2, onward, size=size * 0.74, colour=_MUTED)


def _draw_stage(axes: "Axes", row: StageRow, middle: float, *, height: float, most: int, size: float, say: Say) -> None:
    room = _BARS_RIGHT - _BARS_LEFT
    length = room * max(row.count / most, 0.008) if row.count else 0.0
    axes.barh(middle, room, height=height, left=_BARS_LEFT, color=_TRACK)
    axes.barh(
        middle,
        length,
        height=height,
        left=_BARS_LEFT,
        color=_OPEN if row.kind is StageKind.OPEN else _WON,
        gid=row.name,
    )
    _write(axes, _LEFT, middle, _cut(row.name), size=size, room=_BARS_LEFT - _GAP - _LEFT)
    end, count = _BARS_LEFT + length, say.value(row.count)
    if length > room * 0.15:
        _write(axes, end - 0.01, middle, count, size=size, bold=True, colour=_PAPER, align="right")
    else:
        _write(axes, end + 0.01, middle, count, size=size, bold=True)
    beside = _BARS_RIGHT + _GAP
    _write(axes, beside, middle, _worth(row.amounts, say), size=size, room=_RIGHT - beside)


def _draw_footer(axes: "Axes", report: FunnelReport, say: Say) -> None:
    closed = say.plain("chart.funnel.closed", days=CLOSED_WINDOW.days, won=report.won.count, lost=report.lost.count)
    _write(axes, _LEFT, 0.055, closed, size=17, colour=_MUTED)
    if any(row.conversion is not None for row in report.rows):
        _write(
            axes,
            _RIGHT,
            0.055,
            say.plain("chart.funnel.legend", days=RATE_WINDOW.days),
            size=17,
            colour=_MUTED,
            align="right",
        )


def _write(
    axes: "Axes",
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    bold: bool = False,
    colour: str = _INK,
    align: str = "left",
    room: float = 1.0,
) -> None:
    """Text in one line, smaller where it would be wider than its room."""
    drawn = _drawable(text)
    is_plain = all(ord(letter) in _letters(_FONT) for letter in drawn)
    label = axes.text(
        x,
        y,
        drawn,
        fontsize=size,
        # The other fonts have no bold.
        fontweight="bold" if bold and is_plain else "normal",
        fontfamily=_FONT if is_plain else _fonts(),
        color=colour,
        ha=align,
        va="center_baseline",
        parse_math=False,  # "$" is money here
    )
    label.set_fontsize(size * min(1, room * WIDTH / max(label.get_window_extent().width, 1)))


def _worth(amounts: Sequence[Money], say: Say) -> str:
    """The amounts of the first currencies: "€1.2M + $300K"."""
    shown = " + ".join(say.compact(amount) for amount in amounts[:_MOST_CURRENCIES])
    return f"{shown} + …" if len(amounts) > _MOST_CURRENCIES else shown


def _cut(name: str) -> str:
    """Chinese, Japanese and Korean letters are twice as wide as others."""
    widths = [2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in name]
    if sum(widths) <= _LONGEST_NAME:
        return name
    kept = [letter for place, letter in enumerate(name) if sum(widths[: place + 1]) < _LONGEST_NAME]
    return "".join(kept).rstrip() + "…"


def _drawable(text: str) -> str:
    """The text as the fonts of this machine can draw it: symbols that none of them has, such as emoji, are left out,
    letters become "?". matplotlib would draw boxes, and warn of each."""
    return "".join(letter if _can_draw(letter) else _instead(letter) for letter in text).strip()


def _legible(say: Say) -> Say:
    """The reader's voice, or the English one where this machine has no font for the reader's words."""
    words = say.plain("chart.funnel.legend", days=RATE_WINDOW.days)
    return say if all(map(_can_draw, words)) else replace(say, locale="en")


def _can_draw(letter: str) -> bool:
    return any(ord(letter) in _letters(font) for font in _fonts())


def _instead(letter: str) -> str:
    return "?" if unicodedata.category(letter)[0] in "LN" else ""


@cache
def _fonts() -> list[str]:
    """The fonts to draw with that this machine has; a letter that is missing in one is taken from the next."""
    from matplotlib.font_manager import fontManager  # noqa: PLC0415

    installed = set(fontManager.get_font_names())
    return [_FONT, *(font for font in _FONTS_FOR_OTHER_SCRIPTS if font in installed)]


@cache
def _letters(font: str) -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415

    return frozenset(get_font(findfont(font)).get_charmap())
