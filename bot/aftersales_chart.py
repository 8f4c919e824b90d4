"""Draws how many answers gave each score, from 0 to 10, and how many renewed, bought again and came by referral."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.drawing import BLUE, GREEN, INK, LEFT, MUTED, ORANGE, PALE, RIGHT, TRACK, as_png, blank, write
from bot.say import Percent, Say
from bot.views.aftersales import points
from models.aftersales_figures import DETRACTOR, PROMOTER, AfterSales

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BOTTOM, _TOP = 0.2, 0.74
_MIDDLE, _SHARES_LEFT = 0.56, 0.63
"""Where the scores end, and where the shares begin."""
_PITCH = 0.2


def aftersales_picture(found: AfterSales, title: str, say: Say) -> bytes:
    """A PNG of 1600 by 900 pixels."""
    return as_png(aftersales_figure(found, title, say))


def aftersales_alt_text(found: AfterSales, title: str, say: Say) -> str:
    """The picture in a sentence, for whoever cannot see it."""
    told = [say.plain("chart.aftersales.alt_score", score=score, count=n) for score, n in enumerate(found.answers) if n]
    shares = [
        say.plain("chart.aftersales.alt_share", share=say.plain(f"chart.aftersales.{name}"), hits=hits, count=count)
        for name, hits, count in _shares(found)
        if count
    ]
    return say.plain("chart.aftersales.alt", title=title, told=[*told, *shares])


def aftersales_figure(found: AfterSales, title: str, say: Say) -> "Figure":
    """The picture before it is rendered: a column a score, blue for who recommends us, orange for who does not, light
    blue between; beside them a bar for each share, which have all the room without any score."""
    figure, axes = blank()
    write(axes, LEFT, 0.915, title, size=32, bold=True, room=RIGHT - LEFT)
    net = found.net_promoters
    if net is None:
        head = say.plain("chart.aftersales.no_answers")
    else:
        head = say.plain("chart.aftersales.net", net=points(net.score), low=points(net.low), high=points(net.high))
        _draw_scores(axes, found, say)
    write(axes, LEFT, 0.84, head, size=20, colour=MUTED, room=_MIDDLE - LEFT)
    left = LEFT if net is None else _SHARES_LEFT
    for row, (name, hits, count) in enumerate(_shares(found)):
        _draw_share(axes, left, _TOP - _PITCH * row, name, hits=hits, count=count, say=say)
    return figure


def _shares(found: AfterSales) -> Iterator[tuple[str, int, int]]:
    """What each is of, and how many of how many."""
    for name, ratio in (("renewed", found.retention), ("again", found.repurchase)):
        yield name, ratio.hits if ratio else 0, ratio.count if ratio else 0
    yield "referred", found.referrals_won, found.referrals


def _draw_scores(axes: "Axes", found: AfterSales, say: Say) -> None:
    pitch, most = (_MIDDLE - LEFT) / len(found.answers), max(*found.answers, 1)
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


def _draw_share(axes: "Axes", left: float, top: float, name: str, *, hits: int, count: int, say: Say) -> None:
    room, middle = RIGHT - left, top - 0.085
    write(axes, left, top, say.plain(f"chart.aftersales.{name}"), size=20, room=room * 0.62)
    told = say.plain("breakdown.chart.rate", rate=Percent(hits / count), count=count) if count else "–"
    write(axes, RIGHT, top, told, size=20, bold=True, align="right", room=room * 0.36)
    axes.barh(middle, room, height=0.06, left=left, color=TRACK)
    axes.barh(middle, room * hits / max(count, 1), height=0.06, left=left, color=GREEN, gid=name)
