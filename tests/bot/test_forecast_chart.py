"""The picture of a forecast shows what is won, the range, the target and earlier ranges, whatever names say."""

import struct
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from moneyed import Money

from bot.drawing import GREEN, INK, ORANGE, WIDTH
from bot.forecast_chart import forecast_alt_text, forecast_figure, forecast_picture
from bot.say import Say
from bot.views.forecast import forecast_report, track_told
from bot.views.funnel_report import Asked
from models.deal import ForecastCategory
from models.forecast import Forecast, Outcome, Promise, Range, Slip, Step
from models.period import Period, Unit
from tests.bot.reading import words_in

SAY = Say("en")
ASKED = Asked("Sales")
BEFORE = Outcome(date(2026, 1, 1), date(2026, 3, 31), Range(Decimal(100), Decimal(200), Decimal(300)), Decimal(250))
FORECAST = Forecast(
    period=Period(Unit.QUARTER, date(2026, 4, 1), date(2026, 6, 30), "UTC"),
    currency="USD",
    won=Step(2, Decimal(100)),
    stages={"Lead": Promise(3, Decimal(900), Decimal(300), Decimal(310), Decimal(90))},
    categories=dict.fromkeys(ForecastCategory, Promise()),
    suggested=3,
    range=Range(Decimal(200), Decimal(300), Decimal(500)),
    from_new=Decimal(40),
    target=Money(400, "USD"),
    chance=0.25,
    scored=3,
    outcomes=(BEFORE, replace(BEFORE, won=Decimal(999))),
)


def widths(figure: Figure) -> dict[str, float]:
    return {
        str(patch.get_gid()): patch.get_width()
        for patch in figure.axes[0].patches
        if isinstance(patch, Rectangle) and patch.get_gid()
    }


def test_nothing_is_said_of_deals_to_come_where_the_middle_is_won_already() -> None:
    near, far = (
        replace(FORECAST, range=Range(Decimal(100), middle, Decimal(500))) for middle in (Decimal(100), Decimal(300))
    )

    assert "not there yet" in words_in(forecast_report(ASKED, far, {}, SAY))
    assert "not there yet" not in words_in(forecast_report(ASKED, near, {}, SAY))


def test_bars_are_as_long_as_amounts_are_large() -> None:
    parts = widths(forecast_figure(ASKED, FORECAST, SAY))

    assert parts["In the end:range"] == pytest.approx(3 * parts["In the end:won"])
    assert parts["In the end:range"] == pytest.approx(1.5 * parts["from Jan 1, 2026:range"])


def test_each_category_is_drawn_with_the_surer_ones_and_cut_at_the_edge() -> None:
    due = {"commit": 50, "best_case": 100, "pipeline": 250, "omitted": 9_000}
    categories = {each: Promise(1, Decimal(9_000), due=Decimal(due[each])) for each in ForecastCategory}
    forecast = replace(FORECAST, categories=categories)
    much = replace(forecast, categories=categories | {ForecastCategory.PIPELINE: Promise(1, due=Decimal(99_000))})

    parts, cut = (widths(forecast_figure(ASKED, each, SAY)) for each in (forecast, much))

    together = [parts[f"called:{each}"] / parts["In the end:won"] for each in ("commit", "best_case", "pipeline")]
    assert together == pytest.approx([1.5, 2.5, 5])
    assert cut["called:pipeline"] == pytest.approx(0.7)
    assert "called:omitted" not in parts


@pytest.mark.parametrize(
    ("forecast", "head", "colour"),
    [
        (FORECAST, "Likely $300, target $400: 25% chance", ORANGE),
        (replace(FORECAST, chance=None), "Likely $300, target $400", ORANGE),
        (replace(FORECAST, target=Money(300, "USD"), chance=0.5), "Likely $300, target $300: 50% chance", GREEN),
        (replace(FORECAST, target=Money(90, "USD"), chance=1), "Target $90 reached, likely $300 in the end", GREEN),
        (replace(FORECAST, target=None, chance=None), "Likely $300", INK),
        (replace(FORECAST, range=None, chance=None), "$100 won so far, target $400", ORANGE),
        (replace(FORECAST, range=None, target=None, chance=None), "$100 won so far", INK),
    ],
)
def test_a_line_says_what_it_comes_to_against_the_target(forecast: Forecast, head: str, colour: str) -> None:
    (written,) = [each for each in forecast_figure(ASKED, forecast, SAY).axes[0].texts if each.get_text() == head]

    assert written.get_color() == colour
    assert head in forecast_alt_text(ASKED, forecast, SAY)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_picture_in_words_tells_each_end_of_the_range_and_its_middle_once(language: str) -> None:
    found = replace(FORECAST, range=Range(Decimal(210), Decimal(320), Decimal(530)), outcomes=())

    told = forecast_alt_text(ASKED, found, Say(language))

    assert [told.count(each) for each in ("210", "320", "530")] == [1, 1, 1]


def test_the_target_is_a_line_through_range_and_categories_at_the_same_scale() -> None:
    axes = forecast_figure(ASKED, FORECAST, SAY).axes[0]
    bars = [bar for bar in axes.patches if isinstance(bar, Rectangle) and bar.get_gid()]
    won = next(bar for bar in bars if bar.get_gid() == "In the end:won")

    over, below = (line.get_path().get_extents() for line in axes.lines if str(line.get_gid()).startswith("target"))

    assert over.x0 == over.x1 == below.x0 == below.x1 == pytest.approx(won.get_x() + 4 * won.get_width())
    crossed = [
        {str(bar.get_gid()) for bar in bars if line.y0 < bar.get_y() and bar.get_y() + bar.get_height() < line.y1}
        for line in (over, below)
    ]
    assert crossed == [
        {"In the end:range", "In the end:won"},
        {"called:commit", "called:best_case", "called:pipeline"},
    ]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("target", [180_000, 620_000, 800_000, 950_000])
def test_what_colours_mean_stands_within_the_bar_and_off_the_target_line(language: str, target: int) -> None:
    found = Range(Decimal(502_100), Decimal(690_400), Decimal(905_800))
    forecast = replace(FORECAST, won=Step(9, Decimal(312_400)), range=found, target=Money(target, "USD"))
    axes = forecast_figure(ASKED, forecast, Say(language)).axes[0]
    keys = [text.get_window_extent() for text in axes.texts if 0.38 < text.get_position()[1] < 0.56]
    keys = [key for key in keys if key.x0 > 0.25 * WIDTH]

    assert len(keys) == 6
    assert max(key.x1 for key in keys) <= 0.95 * WIDTH + 1
    assert all(one.x1 + 20 < other.x0 for one, other in pairwise(keys) if one.y0 == pytest.approx(other.y0, abs=5))
    lines = [line.get_window_extent() for line in axes.lines if str(line.get_gid()).startswith("target")]
    assert not [key for key in keys for line in lines if key.overlaps(line)]


def test_no_score_is_told_of_where_no_deal_has_one() -> None:
    unscored = replace(FORECAST, scored=0)

    assert "they have no scores of their own yet" in words_in(forecast_report(ASKED, unscored, {}, SAY))
    assert "by their scores" in words_in(forecast_report(ASKED, FORECAST, {}, SAY))


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        (
            Slip(2, 4, 9, 5),
            "Deals are won 4 days after their first close date (median of 5; half of them 2 to 9 days after it)",
        ),
        (
            Slip(-2, 4, 9, 5),
            "after their first close date (median of 5; half of them from 2 days before to 9 days after it)",
        ),
        (
            Slip(-9, -4, 3, 5),
            "before their first close date (median of 5; half of them from 9 days before to 3 days after it)",
        ),
        (Slip(-9, -6, -4, 5), "before their first close date (median of 5; half of them 4 to 9 days before it)"),
        (Slip(-4, -4, -4, 1), "Deals are won 4 days before their first close date (median of 1); dates"),
    ],
)
def test_the_usual_slip_is_told_without_negative_days_and_its_quartiles_not_of_few_deals(slip: Slip, told: str) -> None:
    assert told in words_in(forecast_report(ASKED, replace(FORECAST, slip=slip), {}, SAY))


def test_what_is_missing_from_the_target_is_told_until_it_is_reached() -> None:
    reached, young = replace(FORECAST, target=Money(100, "USD")), replace(FORECAST, chance=None)

    told = [words_in(forecast_report(ASKED, each, {}, SAY)) for each in (FORECAST, young, reached)]

    assert "*Target:* $400, $300 to go · reached with a chance of 25%\n" in told[0]
    assert "*Target:* $400, $300 to go\n" in told[1]
    assert "*Target:* $100, reached\n" in told[2]


def test_how_earlier_forecasts_did_is_counted() -> None:
    told = track_told(FORECAST, SAY)

    assert "of the last 2 periods, the range had the outcome in it 1 times" in told
    assert "the latest said $200, and $250 was won" in told


def test_the_alt_text_tells_range_and_target() -> None:
    committed = {**FORECAST.categories, ForecastCategory.COMMIT: Promise(1, Decimal(60), due=Decimal(50))}
    told = forecast_alt_text(ASKED, replace(FORECAST, categories=committed), SAY)

    assert "most likely $200 to $500. Likely $300" in told
    assert "Likely $300, target $400: 25% chance. Won so far: $100. With what is committed: $150, with best" in told
    assert "All open deals, weighted by stage $300, by score $310. Before: from Jan 1, 2026 $100 to $300, $250" in told
    assert "1 of 2 ranges held" in told


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("name", ["Sales", "W" * 150, "报价" * 70, "$x_1^2$ <!channel>", "🚀"])
@pytest.mark.parametrize("forecast", [FORECAST, replace(FORECAST, range=None, target=None, chance=None, outcomes=())])
def test_pictures_are_made_whatever_is_written_on_them(name: str, locale: str, forecast: Forecast) -> None:
    picture = forecast_picture(Asked(name), forecast, Say(locale))

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (1600, 900)
