"""The picture of a report that is broken down has a bar for each part, of what was won and lost."""

import pytest
from moneyed import Money

from bot.breakdown_chart import SideBySide, breakdown_alt_text, breakdown_figure
from models.funnel_figures import Dimension, Part
from models.pricing import Worth
from scoring.funnel_statistics import ratio
from tests.bot.test_report_charts import ASKED, SAY, texts, widths
from tests.models.test_attainment import MARCH

SHOWN = SideBySide(
    ASKED,
    MARCH,
    Dimension.OWNER,
    (
        Part(1, 9, 6, 2, ratio(6, 8), Worth(Money(600, "USD"), ())),
        Part(2, 9, 1, 3, ratio(1, 4), Worth(Money(100, "USD"), ())),
        Part(None, 1, 0, 0, None, Worth(Money(0, "USD"), ())),
    ),
    {1: "Ann", 2: "Bob"},
)


def test_bars_are_as_long_as_deals_were_won_and_lost() -> None:
    bars = widths(breakdown_figure(SHOWN, SAY))

    assert bars["won:Ann"] == pytest.approx(3 * bars["lost:Ann"])
    assert bars["lost:Bob"] == pytest.approx(3 * bars["won:Bob"])
    assert bars["won:Ann"] == pytest.approx(6 * bars["won:Bob"])
    assert bars["won:all others"] == bars["lost:all others"] == 0


def test_each_part_tells_its_number_amount_and_win_rate() -> None:
    shown = texts(breakdown_figure(SHOWN, SAY))

    assert {"Sales by owner", "6 won, $600 · 75% of 8", "1 won, $100 · 25% of 4", "0 won, $0"} <= set(shown)
    assert "Ann: 6 won, 2 lost" in breakdown_alt_text(SHOWN, SAY)
