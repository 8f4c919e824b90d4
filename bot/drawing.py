"""What all pictures share: their size and colours, and writing in Latin, Chinese and other letters."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import pylopdf_fonts_hi
import pylopdf_fonts_ko
import pylopdf_fonts_th
import pylopdf_fonts_zh_cn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

# matplotlib takes a second to import, and the bot answers long before it draws: it is imported where it is used.
# Never its pyplot, whose figures all threads share.

WIDTH, HEIGHT = 1600, 900
_DPI = 120
"""The more, the larger is all type: it must be read on a phone, too."""
LEFT, RIGHT = 0.045, 0.955
"""The margins, as shares of the width."""

LEAST = 22 * 72 / _DPI
"""Type of 22 pixels: 5 points on a phone, which shows the whole picture before one taps on it."""
_SMALLEST = 0.5
"""As much smaller a text becomes before it is cut."""

PAPER, INK, MUTED, TRACK = "#FFFFFF", "#1B2733", "#5B6875", "#EEF2F6"
BLUE, SKY, GREEN, ORANGE, PALE = "#0072B2", "#56B4E9", "#009E73", "#D55E00", "#A6CBE3"
"""From the palette of Okabe and Ito, which colour-blind people can tell apart, and a light blue.

On the light blue write in ink, on the others in the paper's white.
"""

_FONT = "DejaVu Sans"
"""Comes with matplotlib. It has Greek, Cyrillic, Arabic and Hebrew, too; matplotlib sets these from right to left."""
_OTHER_FONTS = {
    "Noto Sans SC": pylopdf_fonts_zh_cn.sans_path,
    "Noto Sans KR": pylopdf_fonts_ko.sans_path,
    "Noto Sans Devanagari": pylopdf_fonts_hi.sans_path,
    "Noto Sans Thai": pylopdf_fonts_th.sans_path,
}
"""Each comes as a package of its own: Chinese and Japanese, Korean, Hindi, Thai. They have no bold."""
_LONGEST_NAME = 24


def blank() -> "tuple[Figure, Axes]":
    """A sheet of 1600 by 900 pixels, whose axes count shares of its width and height from the lower left corner."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)  # keeps what measures texts; without it matplotlib makes that anew for each of them
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    return figure, axes


def as_png(figure: "Figure") -> bytes:
    picture = BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def write(
    axes: "Axes",
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    bold: bool = False,
    colour: str = INK,
    align: str = "left",
    room: float = 1.0,
) -> "Text":
    """Text in one line, smaller where it would be wider than its room, and cut where it would be too small to read."""
    drawn = _drawable(text)
    fonts = list(dict.fromkeys([_FONT, *filter(None, map(_font_of, drawn))]))
    label = axes.text(
        x,
        y,
        drawn,
        fontsize=size,
        fontweight="bold" if bold and fonts == [_FONT] else "normal",
        fontfamily=fonts,
        color=colour,
        ha=align,
        va="center_baseline",
        parse_math=False,  # "$" is money here
    )
    scale = _scale(label, room)
    if scale < _SMALLEST:
        label.set_text(drawn[: int(len(drawn) * scale / _SMALLEST)].rstrip() + "…")
        scale = _scale(label, room)
    label.set_fontsize(size * scale)
    while _scale(label, room) < 1 < float(label.get_fontsize()):  # half as large is not always half as wide
        label.set_fontsize(0.98 * float(label.get_fontsize()))
    return label


def _scale(label: "Text", room: float) -> float:
    return min(1, room * WIDTH / max(float(label.get_window_extent().width), 1))


def type_of_rows(pitch: float, *, largest: float) -> float:
    """How large the type of rows is that stand so far apart, as a share of the height: not below the least as long as
    that fits."""
    return min(largest, pitch * HEIGHT * 0.9 * 72 / _DPI, max(320 * pitch, LEAST))


def alike(labels: Sequence["Text"]) -> None:
    """All of them as small as the smallest."""
    smallest = min(float(label.get_fontsize()) for label in labels)
    for label in labels:
        label.set_fontsize(smallest)


def cut(name: str, longest: int = _LONGEST_NAME) -> str:
    """Chinese, Japanese and Korean letters are twice as wide as others."""
    widths = [2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in name]
    if sum(widths) <= longest:
        return name
    kept = [letter for place, letter in enumerate(name) if sum(widths[: place + 1]) < longest]
    return "".join(kept).rstrip() + "…"


def _drawable(text: str) -> str:
    """The text as the fonts can draw it: symbols that none has, such as emoji, are left out, letters become "?".
    matplotlib would draw boxes, and warn of each."""
    return " ".join("".join(letter if _font_of(letter) else _instead(letter) for letter in text).split())


def _font_of(letter: str) -> str | None:
    """The first font that has the letter."""
    return next((font for font in (_FONT, *_OTHER_FONTS) if ord(letter) in _letters(font)), None)


def _instead(letter: str) -> str:
    return "?" if unicodedata.category(letter)[0] in "LN" else ""


@cache
def _letters(font: str) -> frozenset[int]:
    from matplotlib.font_manager import findfont, fontManager, get_font  # noqa: PLC0415

    if font in _OTHER_FONTS and font not in fontManager.get_font_names():
        fontManager.addfont(_OTHER_FONTS[font]())
    return frozenset(get_font(findfont(font)).get_charmap())
