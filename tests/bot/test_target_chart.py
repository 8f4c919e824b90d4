"""The picture of targets: as much of each bar is filled as is reached."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from matplotlib.patches import Rectangle

from bot.say import Say
from bot.target_chart import targets_alt_text, targets_figure
from models.attainment import Past, Progress, Reached
from models.period import Period, Unit
from models.target import Measure, Scope, Target

SAY = Say()
MARCH = Period(Unit.MONTH, date(2026, 3, 1), date(2026, 3, 31), "UTC")
_numbers = count(1)


def where_it_stands(done: int, *, measure: Measure = Measure.CALL) -> Progress:
    target = Target(id=next(_numbers), measure=measure, unit=Unit.MONTH, scope=Scope.WORKSPACE)
    pasts = (Past(Reached(MARCH, Decimal(50)), Decimal(100)), Past(Reached(MARCH, Decimal(5)), None))
    return Progress(target, Decimal(100), Reached(MARCH, Decimal(done)), Decimal("0.5"), pasts)


def test_a_bar_is_as_full_as_its_target_is_reached_and_never_more() -> None:
    found = [where_it_stands(25), where_it_stands(300, measure=Measure.EMAIL)]

    figure = targets_figure(found, "USD", SAY)

    filled = {str(bar.get_gid()): bar.get_width() for bar in figure.axes[0].patches if isinstance(bar, Rectangle)}
    assert filled["target:Calls a month"] == pytest.approx(0.25 * 0.28)
    assert filled["target:Emails a month"] == pytest.approx(0.28)


def test_the_picture_is_told_in_a_sentence() -> None:
    told = targets_alt_text([where_it_stands(25)], "USD", SAY)

    assert told == "How far targets are reached: Calls a month: 25%, behind by 25 (50% of the time is over)"


def test_a_period_before_that_had_no_goal_looks_not_like_one_of_which_nothing_was_reached() -> None:
    young = replace(where_it_stands(25), pasts=(Past(Reached(MARCH, Decimal(5)), None),))

    beside, alone = (targets_figure([each], "USD", SAY).axes[0] for each in (where_it_stands(25), young))

    assert (len(beside.patches) - len(alone.patches), len(beside.texts) - len(alone.texts)) == (2, 1)


def test_targets_that_find_no_room_are_said_to_be_left_out() -> None:
    found = [where_it_stands(number) for number in range(12)]

    more = "2 more targets stand in the message alone."
    assert targets_figure(found, "USD", SAY).axes[0].texts[-1].get_text().endswith(more)
    assert targets_alt_text(found, "USD", SAY).endswith(more)


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_many_targets_find_room(locale: str) -> None:
    figure = targets_figure([where_it_stands(number) for number in range(30)], "USD", Say(locale))

    assert len(figure.axes[0].texts) > 20
