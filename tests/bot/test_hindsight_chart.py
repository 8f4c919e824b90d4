"""The picture of how a forecast turned out: what was foreseen and what was won, in a bar that fills the sheet."""

from decimal import Decimal
from itertools import pairwise

import pytest
from moneyed import Money

from bot.drawing import HEIGHT
from bot.hindsight_chart import hindsight_figure
from bot.say import Say
from models.forecast import Hindsight, Range, Step
from tests.bot.test_forecast_chart import ASKED, FORECAST
from tests.bot.test_report_charts import texts

RANGE = Range(Decimal(502_100), Decimal(818_500), Decimal(905_800))
FOUND = Hindsight(FORECAST.period, "USD", Step(9, Decimal(740_300)), RANGE, Money(800_000, "USD"), ())


@pytest.mark.parametrize(("language", "row"), [("en", "In the end"), ("zh-CN", "期末结果")])
def test_the_row_of_a_period_that_is_over_is_not_called_expected(language: str, row: str) -> None:
    shown = texts(hindsight_figure(ASKED, FOUND, Say(language)))

    assert row in shown
    assert "期末预计" not in shown


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_colours_mean_stands_apart_in_the_lower_half(language: str) -> None:
    axes = hindsight_figure(ASKED, FOUND, Say(language)).axes[0]

    keys = [text.get_window_extent() for text in axes.texts if text.get_position()[1] < 0.3]

    assert len(keys) == 3
    assert all(one.x1 + 20 < other.x0 for one, other in pairwise(keys))
    assert max(key.y1 for key in keys) < HEIGHT / 4
