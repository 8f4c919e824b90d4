"""The picture of leaks shows the costliest stage first, as long as it costs; words tell what it leaves to them."""

import struct

import pytest

from bot.leaks_chart import leaks_alt_text, leaks_figure, leaks_picture
from bot.say import Say
from bot.views.leaks import leaks_report
from models.leaks import Leaks
from models.pipeline import StageKind, StagePlan
from scoring.funnel_reports import FunnelPast
from scoring.leaks import leaks
from tests.bot.test_report_charts import ASKED, SAY, texts, widths
from tests.factories import a_pipeline
from tests.models.test_stage_flow import EVERYBODY, MARCH, PIPELINE
from tests.pasts import IN_DOLLARS, a_past, facts_of
from tests.scoring.test_leaks import NO_RATES, of


def found(amount: int | None = 900) -> Leaks:
    return of(
        [
            a_past(PIPELINE, ("Lead", 0), ("Demo", 2), ("Lost", 5), amount=amount),
            a_past(PIPELINE, ("Lead", 0), ("Demo", 2), ("Won", 5)),
            a_past(PIPELINE, ("Lead", 0), ("Lost", 5), amount=300 if amount else None),
        ]
    )


def test_bars_are_as_long_as_the_value_that_was_lost() -> None:
    figure = leaks_figure(ASKED, found(), SAY)

    assert widths(figure)["Demo"] == pytest.approx(4.5 * widths(figure)["Lead"])
    assert widths(figure)["time:Demo"] == pytest.approx(2 / 3 * widths(figure)["time:Lead"])
    shown = texts(figure)
    assert shown.index("Demo") < shown.index("Lead")
    assert {"82%", "running total"} <= set(shown)


def test_without_amounts_it_counts_deals() -> None:
    figure = leaks_figure(ASKED, found(None), SAY)

    assert widths(figure)["Demo"] == widths(figure)["Lead"]
    assert "Sales: deals lost" in texts(figure)


def test_lost_deals_without_an_amount_are_told_where_they_were_lost() -> None:
    pasts = [
        a_past(PIPELINE, ("Lead", 0), ("Demo", 2), ("Lost", 5), amount=900),
        a_past(PIPELINE, ("Lead", 0), ("Demo", 2), ("Lost", 5), amount=None),
        a_past(PIPELINE, ("Lead", 0), ("Demo", 2), ("Won", 5)),
        *[a_past(PIPELINE, ("Lead", 0), ("Lost", 5), amount=None)] * 3,
    ]
    told, shown = str(leaks_report(ASKED, of(pasts), {}, SAY)), texts(leaks_figure(ASKED, of(pasts), SAY))

    assert "*Lead*: expected value lost not known, 3 deals without an amount · lost 3" in told
    assert "*Demo*: expected value lost $300, 1 deal without an amount · lost 2" in told
    assert "4 lost deals have no amount and add nothing to the value by which stages and owners are ranked" in told
    assert {"3 unknown", "$300 + 1 unknown"} <= set(shown)
    assert "have no amount and add" not in str(leaks_report(ASKED, found(None), {}, SAY)), "ranked by number"
    assert "without" not in str(leaks_report(ASKED, found(), {}, SAY))


def test_of_very_many_stages_the_others_are_counted_and_are_part_of_the_whole() -> None:
    names = [f"Stage {number}" for number in range(16)]
    pipeline = a_pipeline(*map(StagePlan, names), StagePlan("Won", StageKind.WON), StagePlan("Lost", StageKind.LOST))
    lost = FunnelPast([a_past(pipeline, (name, 0), ("Lost", 5)) for name in names], facts_of(pipeline), IN_DOLLARS)
    many = leaks(lost, MARCH, EVERYBODY, NO_RATES)

    shown = texts(leaks_figure(ASKED, many, SAY))

    assert shown[-1].endswith("4 more stages stand in the message only.")
    assert shown[-2] == "75%"
    assert "normal in Stage 0, Stage 1, Stage 2, and 13 more: that takes" in str(leaks_report(ASKED, many, {}, SAY))
    assert "more stages" not in str(texts(leaks_figure(ASKED, found(), SAY)))


def test_a_single_day_is_one() -> None:
    told = str(leaks_report(ASKED, of([a_past(PIPELINE, ("Lead", 0), ("Demo", 1), ("Lost", 3))]), {}, SAY))

    assert "1 deal-day, 33%" in told
    assert "2 deal-days, 67%" in told


def test_the_picture_is_told_in_words_and_has_its_size() -> None:
    assert "Demo: lost $450, 40% of the time" in leaks_alt_text(ASKED, found(), SAY)
    assert struct.unpack(">II", leaks_picture(ASKED, found(), Say("zh-CN"))[16:24]) == (1600, 900)


def test_losses_that_were_reopened_are_told_where_there_are_some() -> None:
    reopened = of([a_past(PIPELINE, ("Lead", 0), ("Lost", 5), ("Demo", 7)), a_past(PIPELINE, ("Lead", 0), ("Lost", 5))])

    assert "*Lost*: 2, of which 1 was reopened since" in str(leaks_report(ASKED, reopened, {}, SAY))
    assert "reopened" not in str(leaks_report(ASKED, found(), {}, SAY))
