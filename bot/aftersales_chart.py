"""Draws how many customers gave each score, from 0 to 10."""

from typing import TYPE_CHECKING

from bot.drawing import BLUE, INK, LEFT, MUTED, ORANGE, PALE, RIGHT, TRACK, as_png, blank, write
from bot.say import Say
from bot.views.aftersales import points
from models.aftersales_figures import DETRACTOR, PROMOTER, AfterSales

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BOTTOM, _TOP = 0.2, 0.74


def aftersales_picture(found: AfterSales, title: str, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(aftersales_figure(found, title, say))


def aftersales_alt_text(found: AfterSales, title: str, say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    told = [say.plain("chart.aftersales.alt_score", score=score, count=n) for score, n in enumerate(found.answers) if n]
    return say.plain("chart.aftersales.alt", title=title, scores=told)


def aftersales_figure(found: AfterSales, title: str, say: Say) -> "Figure":
    """The picture before it is rendered: a column a score, blue for who recommends us, orange for who does not."""
    figure, axes = blank()
    write(axes, LEFT, 0.915, title, size=32, bold=True, room=RIGHT - LEFT)
    net = found.net_promoters
    if net is not None:
        head = say.plain("chart.aftersales.net", net=points(net.score), low=points(net.low), high=points(net.high))
        write(axes, LEFT, 0.84, head, size=20, colour=MUTED, room=RIGHT - LEFT)
    pitch, most = (RIGHT - LEFT) / len(found.answers), max(*found.answers, 1)
    for score, count in enumerate(found.answers):
        colour = BLUE if score >= PROMOTER else ORANGE if score <= DETRACTOR else PALE
        left, height = LEFT + score * pitch, (_TOP - _BOTTOM) * count / most
        axes.bar(left, 0.004, width=pitch * 0.8, bottom=_BOTTOM - 0.004, align="edge", color=TRACK)
        axes.bar(left, height, width=pitch * 0.8, bottom=_BOTTOM, align="edge", color=colour, gid=f"score:{score}")
        middle = left + pitch * 0.4
        write(axes, middle, _BOTTOM - 0.045, str(score), size=20, colour=INK, align="center", room=pitch)
        if count:
            write(axes, middle, _BOTTOM + height + 0.03, str(count), size=20, bold=True, align="center", room=pitch)
    write(axes, LEFT, 0.07, say.plain("chart.aftersales.legend"), size=17, colour=MUTED, room=RIGHT - LEFT)
    return figure
