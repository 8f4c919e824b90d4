"""The picture of what comes after the sale has a column for each score, and a bar for each share."""

from dataclasses import replace

import pytest

from bot.aftersales_chart import aftersales_alt_text, aftersales_figure
from bot.say import Say
from models.aftersales_figures import AfterSales
from scoring.funnel_statistics import ratio
from tests.bot.test_report_charts import SAY, texts, widths
from tests.models.test_aftercare import MARCH

SHARES = AfterSales(MARCH, (0,) * 11, ratio(3, 4), None, 4, 1)


def test_bars_are_as_long_as_shares_are_large_also_where_nobody_was_asked() -> None:
    figure = aftersales_figure(SHARES, "After the sale", SAY)

    bars = widths(figure)
    scored = widths(aftersales_figure(replace(SHARES, answers=(1,) * 11), "After the sale", SAY))
    assert bars["renewed"] > 2 * scored["renewed"]
    assert "score:10" not in bars
    assert "score:10" in scored
    assert bars["renewed"] == pytest.approx(3 * bars["referred"])
    assert bars["again"] == 0
    assert {"75% of 4", "–", "25% of 4", "No scores in this time"} <= set(texts(figure))
    assert "10" not in texts(figure)
    assert aftersales_alt_text(SHARES, "After the sale", SAY) == (
        "After the sale: Renewals won: 3 of 4 and Referrals won: 1 of 4"
    )


@pytest.mark.parametrize(
    ("language", "colours"), [("en", ("Blue", "light blue", "orange")), ("zh-CN", ("蓝色", "浅蓝色", "橙色"))]
)
def test_every_colour_of_the_scores_is_told(language: str, colours: tuple[str, ...]) -> None:
    figure = aftersales_figure(replace(SHARES, answers=(1,) * 11), "After the sale", Say(language))

    assert any(all(colour in text for colour in colours) for text in texts(figure))
