"""The picture of the funnel shows what the report says, whatever the stages are called."""

import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from moneyed import Money

from bot.charts import funnel_alt_text, funnel_figure, funnel_picture
from bot.say import Say
from models.changes import Changes
from models.funnel import FunnelReport, StageRow
from models.pipeline import StageKind
from models.pricing import Basis, Unpriced, Worth
from models.tally import Tally

NOW = datetime(2026, 3, 2, 20, tzinfo=UTC)
NOTHING = Tally(0, (), 0)
SAY = Say("en")


def a_row(
    name: str = "Demo",
    count: int = 3,
    *amounts: Money,
    kind: StageKind = StageKind.OPEN,
    conversion: float | None = None,
) -> StageRow:
    return StageRow(
        stage_id=1,
        name=name,
        kind=kind,
        count=count,
        amounts=amounts,
        unpriced=0,
        conversion=conversion,
        decided=45,
        median_days=None,
    )


def a_report(
    *rows: StageRow, pipeline: str = "Sales", total: Tally = NOTHING, won: Tally = NOTHING, lost: Tally = NOTHING
) -> FunnelReport:
    return FunnelReport(
        pipeline=pipeline,
        at=NOW,
        currency="EUR",
        rows=rows,
        open=total,
        won=won,
        lost=lost,
        since=NOW,
        changes=Changes(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
        before=Changes(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING),
    )


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def bar(figure: Figure, stage: str) -> Rectangle:
    found = [patch for patch in figure.axes[0].patches if patch.get_gid() == stage]
    assert len(found) == 1
    assert isinstance(found[0], Rectangle)
    return found[0]


SEVEN = [
    a_row("Lead", 42, Money(1_240_000, "EUR"), conversion=0.62),
    a_row("Demo", 31, Money(640_000, "EUR"), Money(300_000, "USD"), conversion=1.0),
    a_row("Offer", 0),
    a_row("Signed", 9, kind=StageKind.WON),
    a_row("Care", 14, kind=StageKind.AFTER_SALES),
]
STRANGE = [
    a_row(name, 7, Money(99_999_999_999, "EUR"), Money(88_888_888_888, "CHF"), Money(1, "USD"), conversion=0.5)
    for name in (
        "W" * 150,
        "报价与谈判" * 30,
        "🚀🚀 Launch 👩‍👩‍👧",
        "مرحلة العرض",
        "עברית and English",
        "$x_1^2$ \\frac{1}{2} $",
        "e\u0301\u0301\u0301 Zalgo",
        "\U00013000\U00013001",
        "%s {name} <!channel>",
    )
]


def test_the_picture_is_a_png_made_for_a_slide() -> None:
    picture = funnel_picture(a_report(*SEVEN), SAY)

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (1600, 900)


def test_a_bar_is_as_long_as_its_stage_has_deals() -> None:
    figure = funnel_figure(a_report(*SEVEN), SAY)

    lengths = {row.name: bar(figure, row.name).get_width() for row in SEVEN}
    assert lengths["Demo"] / lengths["Lead"] == pytest.approx(31 / 42)
    assert lengths["Care"] / lengths["Signed"] == pytest.approx(14 / 9)
    assert lengths["Offer"] == 0


def test_one_deal_among_thousands_can_still_be_seen() -> None:
    figure = funnel_figure(a_report(a_row("Lead", 10_000), a_row("Demo", 1)), SAY)

    assert bar(figure, "Demo").get_width() * 1600 > 3


def test_the_stages_stand_below_each_other_in_their_order() -> None:
    figure = funnel_figure(a_report(*SEVEN), SAY)

    heights = [bar(figure, row.name).get_y() for row in SEVEN]
    assert heights == sorted(heights, reverse=True)


def test_it_says_how_many_what_they_are_worth_and_how_many_move_on() -> None:
    total = Tally(73, (Money(1_880_000, "EUR"),), 0)

    shown = texts(
        funnel_figure(a_report(*SEVEN, total=total, won=Tally(23, (), 0), lost=Tally(11, (), 0)), SAY),
    )

    assert {"Funnel: Sales", "73 open deals · €1.9M", "Mar 2, 2026"} <= set(shown)
    assert {"Lead", "42", "€1.2M", "↓ 62% of 45"} <= set(shown)
    assert {"Demo", "31", "€640K + $300K", "↓ 100% of 45"} <= set(shown)
    assert "Last 90 days: 23 won, 11 lost" in shown
    assert sum(text.startswith("↓ ") and "%" in text for text in shown) == 2


def test_it_says_of_which_day_the_rates_are_that_amounts_were_converted_at() -> None:
    basis = Basis("EUR", ("USD",), date(2026, 2, 27), date(2026, 2, 27), False, ())
    worth = Worth(Money(2_160_000, "EUR"), (Unpriced(1, Money(5_000, "GBP")),))
    total = Tally(73, (Money(1_880_000, "EUR"), Money(300_000, "USD"), Money(5_000, "GBP")), 0, worth)

    shown = texts(funnel_figure(replace(a_report(*SEVEN, total=total), basis=basis), SAY))

    assert "73 open deals · €2.2M + £5K · in EUR at rates of Feb 27, 2026" in shown


def test_the_date_is_that_of_the_readers_zone() -> None:
    assert "Mar 3, 2026" in texts(funnel_figure(a_report(*SEVEN), Say("en", "Asia/Shanghai")))


def test_an_empty_pipeline_is_drawn_without_bars_and_without_a_legend() -> None:
    rows = [a_row("Lead", 0), a_row("Signed", 0, kind=StageKind.WON)]

    figure = funnel_figure(a_report(*rows), SAY)

    assert [bar(figure, row.name).get_width() for row in rows] == [0, 0]
    assert texts(figure).count("0") == 2
    assert not any("↓" in text for text in texts(figure))


def test_a_long_name_is_cut_and_says_so() -> None:
    figure = funnel_figure(a_report(a_row("A stage with a very long name indeed")), SAY)

    assert "A stage with a very lon…" in texts(figure)


def test_a_dollar_sign_is_no_formula() -> None:
    figure = funnel_figure(a_report(a_row("$x_1^2$")), SAY)

    (name,) = [text for text in figure.axes[0].texts if text.get_text() == "$x_1^2$"]
    assert not name.get_parse_math()


def test_what_no_font_can_draw_leaves_no_boxes() -> None:
    shown = texts(funnel_figure(a_report(a_row("Deal \U00013000"), a_row("Launch \U0001fac8")), SAY))

    assert {"Deal ?", "Launch"} <= set(shown)


@pytest.mark.parametrize("rows", [SEVEN, STRANGE, [a_row(f"STAGE NUMBER {n} OF MANY", n) for n in range(15)]])
def test_nothing_runs_out_of_the_picture_or_into_its_neighbour(rows: Sequence[StageRow]) -> None:
    figure = funnel_figure(a_report(*rows, pipeline="W" * 150), SAY)

    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    assert all(box.x0 >= 0 and box.x1 <= 1600 and box.y0 >= 0 and box.y1 <= 900 for box in boxes)
    overlapping = [(one, other) for place, one in enumerate(boxes) for other in boxes[:place] if one.overlaps(other)]
    assert not overlapping


@pytest.mark.parametrize(("stages", "is_between"), [(9, True), (15, False)])
def test_conversions_stand_between_the_bars_or_where_there_are_many_before_them(stages: int, is_between: bool) -> None:
    rows = [a_row(f"Stage {n}", 15 - n, conversion=0.5) for n in range(stages)]
    figure = funnel_figure(a_report(*rows), SAY)

    conversions = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text().startswith("↓ 50%")]
    bars = [bar(figure, row.name).get_window_extent() for row in rows]
    assert len(conversions) == stages - 1
    for (upper, lower), conversion in zip(pairwise(bars), conversions, strict=True):
        assert (upper.y0 + 1 > conversion.y1 > conversion.y0 > lower.y1 - 1) == is_between
        assert (conversion.x1 < upper.x0) != is_between


@pytest.mark.parametrize("rows", [SEVEN, STRANGE])
@pytest.mark.parametrize("locale", ["en", "zh-CN", "de", "ar"])
def test_every_name_in_every_language_can_be_drawn(rows: Sequence[StageRow], locale: str) -> None:
    assert len(funnel_picture(a_report(*rows), Say(locale))) > 10_000


def test_chinese_words_are_drawn_on_a_machine_without_a_chinese_font_of_its_own() -> None:
    shown = texts(funnel_figure(a_report(*SEVEN, a_row("线索确认")), Say("zh-CN")))

    assert "线索确认" in shown
    assert [text for text in shown if "?" in text] == []


@pytest.mark.parametrize(
    "name", ["東京サクラ", "삼성전자", "टाटा", "ไทยเบฟ", "Газпром", "Ελλάδα", "שלום", "Điện", "საქართველო"]
)
def test_names_in_many_scripts_are_drawn_in_their_letters(name: str) -> None:
    assert name in texts(funnel_figure(a_report(a_row(name)), SAY))


def test_arabic_letters_join_and_run_from_right_to_left() -> None:
    apart, joined = (funnel_figure(a_report(a_row(name)), SAY) for name in ("ن\u200cو\u200cر\u200cا\u200cل", "نورال"))
    apart.draw_without_rendering()
    joined.draw_without_rendering()
    widths = [
        next(text for text in each.axes[0].texts if text.get_text().startswith("ن")).get_window_extent().width
        for each in (apart, joined)
    ]

    assert widths[1] < widths[0]


def test_pictures_drawn_at_the_same_time_do_not_mix() -> None:
    reports = [a_report(*SEVEN), a_report(*STRANGE)] * 3
    one_by_one = [funnel_picture(report, SAY) for report in reports[:2]] * 3

    with ThreadPoolExecutor(4) as threads:
        at_once = list(threads.map(lambda report: funnel_picture(report, SAY), reports))

    assert at_once == one_by_one


def test_whoever_cannot_see_it_hears_what_it_shows() -> None:
    assert funnel_alt_text(a_report(*SEVEN[:3]), SAY) == (
        "Bar chart of the funnel Sales: Lead 42 deals, Demo 31 deals, and Offer 0 deals."
    )
    assert funnel_alt_text(a_report(*SEVEN), SAY).endswith(
        "and Care 14 deals. Of stages that end the funnel only deals closed in the last 90 days are shown."
    )


def test_the_words_for_it_fit_slacks_limit_for_alternative_texts() -> None:
    rows = [a_row("W" * 150, 100_000) for _ in range(15)]

    assert len(funnel_alt_text(a_report(*rows, pipeline="W" * 150), SAY)) <= 1_000


def test_the_bot_starts_without_the_plotting_library() -> None:
    check = "import sys, bot.charts; sys.exit('matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
