"""The picture of what was said and what happened shows every group where it belongs, and nothing runs into another."""

import struct

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from bot.reliability_chart import reliability_alt_text, reliability_figure, reliability_picture
from bot.say import Say
from models.model_card import Group, Watch, WatchVerdict
from models.model_version import Question
from tests.factories import MONDAY

SAY = Say("en")


def a_group(said: float, happened: float, deals: int = 60) -> Group:
    return Group(said, happened, deals, max(0.0, happened - 0.08), min(1.0, happened + 0.08))


def a_watch(*groups: Group) -> Watch:
    return Watch(WatchVerdict.WELL, MONDAY, 600, groups=groups)


FEW = a_watch(a_group(0.04, 0.05), a_group(0.12, 0.19))
MANY = a_watch(*(a_group(n / 10 + 0.05, 1 - n / 10, 100_000) for n in range(10)))
ONE = a_watch(a_group(0.5, 0.5))


def dots(figure: Figure) -> list[tuple[float, float]]:
    found = [each for each in figure.axes[0].collections if isinstance(each, PathCollection)]
    return [(x, y) for each in found for x, y in np.asarray(each.get_offsets()).tolist()]


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_picture_is_a_png_of_the_same_size_as_the_funnel() -> None:
    picture = reliability_picture(FEW, Question.FORWARD, SAY)

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (1600, 900)


def test_what_comes_true_as_often_as_said_lies_on_the_line() -> None:
    figure = reliability_figure(a_watch(a_group(0.2, 0.2), a_group(0.6, 0.6), a_group(0.8, 0.4)), Question.WON, SAY)

    (line,) = [each for each in figure.axes[0].lines if each.get_linestyle() == "--"]
    (x0, y0), (x1, y1) = np.asarray(line.get_xydata()).tolist()
    assert [(y - y0) / (y1 - y0) - (x - x0) / (x1 - x0) for x, y in dots(figure)] == pytest.approx([0, 0, -0.4])


def test_the_numbers_stand_beside_it_and_what_chance_does_not_explain_is_bold() -> None:
    figure = reliability_figure(a_watch(a_group(0.31, 0.28), a_group(0.7, 0.45)), Question.FORWARD, SAY)

    assert {"31%", "28%", "70%", "45%", "Do deals move forward as often as said?"} <= set(texts(figure))
    bold = [text.get_text() for text in figure.axes[0].texts if text.get_fontweight() == "bold"]
    assert bold == ["Do deals move forward as often as said?", "45%"]


def test_where_all_chances_are_low_the_scale_ends_sooner() -> None:
    assert "100%" not in texts(reliability_figure(FEW, Question.FORWARD, SAY))


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("question", Question)
@pytest.mark.parametrize("watch", [FEW, MANY, ONE], ids=["few", "many", "one"])
def test_nothing_runs_out_of_the_picture_or_into_its_neighbour(watch: Watch, question: Question, locale: str) -> None:
    figure = reliability_figure(watch, question, Say(locale))

    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    assert all(box.x0 >= 0 and box.x1 <= 1600 and box.y0 >= 0 and box.y1 <= 900 for box in boxes)
    assert not [(one, other) for place, one in enumerate(boxes) for other in boxes[:place] if one.overlaps(other)]


def test_whoever_cannot_see_it_hears_what_it_shows() -> None:
    assert reliability_alt_text(FEW, Question.WON, SAY) == (
        "Dot chart. Are deals won as often as said? said 4%, came true 5% and said 12%, came true 19%."
    )
    assert len(reliability_alt_text(MANY, Question.WON, SAY)) <= 1_000
