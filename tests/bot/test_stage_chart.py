"""The picture of stages that are out of line shows what the watch said week by week, and tells it in words."""

import struct
from datetime import date, timedelta

import numpy as np
import pytest
from matplotlib.figure import Figure

from bot.say import Say
from bot.stage_chart import out_of_line_alt_text, out_of_line_figure, out_of_line_picture, out_of_line_title
from models.leaks import Abnormal, OutOfLine, Verdict, WatchedWeek
from tests.bot.test_report_charts import SAY, texts
from tests.factories import MONDAY
from tests.models.test_stage_flow import PIPELINE
from tests.pasts import facts_of

LEAD, DEMO, *_ = facts_of(PIPELINE)


def out_of_line(kind: Abnormal, *seen: int, stage: int = 0) -> OutOfLine:
    """Of 20 deals that left, or would have; week by week, the last on 1 March. The first week was too young."""
    usual, limit = (0.2, 10) if kind is Abnormal.ATTRITION else (20.0, 8)

    def week(place: int, number: int) -> WatchedWeek:
        is_beyond = number >= limit if kind is Abnormal.ATTRITION else number <= limit
        verdict = Verdict(kind, (LEAD, DEMO)[stage], number, 20, usual, 0.001 if is_beyond else 0.5, is_beyond)
        day = date(2026, 3, 1) - timedelta(weeks=len(seen) - 1 - place)
        return WatchedWeek(day, verdict, limit if place else None, is_told=place > 0)

    weeks = tuple(week(place, number) for place, number in enumerate(seen))
    return OutOfLine("Sales", weeks[-1].verdict, MONDAY, weeks)


def heights(figure: Figure, gid: str) -> list[float]:
    (line,) = (line for line in figure.axes[0].lines if line.get_gid() == gid)
    return [*np.asarray(line.get_ydata(), dtype=float)]


def test_points_are_as_high_as_their_shares_and_those_out_of_line_are_marked() -> None:
    news = [out_of_line(Abnormal.ATTRITION, 4, 2, 12, 16), out_of_line(Abnormal.SLOWDOWN, 20, 30, 8, 4, stage=1)]

    figure = out_of_line_figure(news, SAY)

    for name, seen in (("Lead", (4, 2, 12, 16)), ("Demo", (20, 30, 8, 4))):
        points = heights(figure, name)
        steps = [(points[0] - points[1]) / (seen[0] - seen[1]) * (number - seen[0]) for number in seen]
        assert [point - points[0] for point in points] == pytest.approx(steps)
        assert heights(figure, f"found:{name}") == points[2:]
    assert heights(figure, "limit:Demo")[1:] == pytest.approx([heights(figure, "Demo")[2]] * 3)
    assert {"80%", "limit 50%", "usually 20%", "20%", "limit 40%", "usual pace 100%", "Mar 1, 2026"} <= set(
        texts(figure)
    )
    assert "Out of line: Lead and Demo" in texts(figure)


def test_a_stage_that_is_slow_and_leaks_is_named_once() -> None:
    news = [out_of_line(Abnormal.ATTRITION, 4, 12), out_of_line(Abnormal.SLOWDOWN, 20, 4)]

    assert out_of_line_title(news, SAY) == "Out of line: Lead"


def test_what_is_faster_than_twice_the_usual_pace_is_drawn_there() -> None:
    figure = out_of_line_figure([out_of_line(Abnormal.SLOWDOWN, 20, 40, 900, 4)], SAY)

    assert heights(figure, "Lead")[1] == heights(figure, "Lead")[2]


def test_a_single_week_is_a_picture_too() -> None:
    week = out_of_line(Abnormal.ATTRITION, 4, 12).weeks[1:]

    figure = out_of_line_figure([OutOfLine("Sales", week[0].verdict, MONDAY, week)], SAY)

    assert len(heights(figure, "Lead")) == 1
    assert texts(figure).count("Mar 1, 2026") == 1


def test_the_picture_is_told_in_words_and_has_its_size() -> None:
    news = [out_of_line(Abnormal.ATTRITION, 4, 2, 12, 16), out_of_line(Abnormal.SLOWDOWN, 20, 4, stage=1)]

    assert out_of_line_alt_text(news, SAY) == (
        "Stages week by week in half a year. Lead: 16 of 20 deals were lost in the last three weeks, usually 20% are; "
        "out of line from 10 on. Out of line in 2 of 4 weeks. Lost of each three weeks: 20% and 80%. "
        "Demo: 4 of 20 deals left in the last three weeks, at the usual pace it would have been 20; "
        "out of line at 8 or fewer. Out of line in 1 of 2 weeks. Against the usual pace, of each three weeks: 20%."
    )
    assert "输单达到 10 个即为异常。4 周中有 2 周异常。" in out_of_line_alt_text(news, Say("zh-CN"))
    assert struct.unpack(">II", out_of_line_picture(news, Say("zh-CN"))[16:24]) == (1600, 900)
