"""The pictures of a report show what it says, whatever the stages are called."""

import struct
from dataclasses import replace
from datetime import date, time

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bot.cohort_chart import cohort_alt_text, cohort_figure, cohort_picture
from bot.say import Say
from bot.snapshot_chart import snapshot_alt_text, snapshot_figure, snapshot_picture
from bot.views.cohort_report import cohort_tables
from bot.views.funnel_report import Asked, snapshot_report, snapshot_tables
from bot.views.report_parts import part_lines
from models.deal import DealField
from models.funnel_figures import CohortView, Compared, Dimension, Snapshot
from models.known_deals import Selection
from models.period import Period, Unit
from models.pipeline import StageKind, StagePlan
from scoring.funnel_reports import FunnelPast
from tests.factories import MONDAY, a_pipeline, days
from tests.pasts import IN_DOLLARS, a_past, facts_of

SAY = Say("en")
MARCH = Period(Unit.MONTH, date(2026, 3, 1), date(2026, 3, 31), "UTC")
SPRING = Period(Unit.QUARTER, date(2026, 1, 1), date(2026, 3, 31), "UTC")
ASKED = Asked("Sales", ((DealField.OWNER, "Bob"),))


def a_team_s_past(*names: str) -> FunnelPast:
    """Three deals in stages of these names, of which one is lost and one waits in the second stage."""
    first, second, third = names
    pipeline = a_pipeline(
        *(StagePlan(name) for name in names), StagePlan("Won", StageKind.WON), StagePlan("Lost", StageKind.LOST)
    )
    return FunnelPast(
        [
            a_past(pipeline, (first, -30), (third, 3), ("Won", 8)),
            a_past(pipeline, (first, 0), (second, 6), (first, 8), ("Lost", 12)),
            a_past(pipeline, (first, 1), (second, 4)),
        ],
        facts_of(pipeline),
        IN_DOLLARS,
    )


def snapshot(*names: str) -> Compared[Snapshot]:
    return a_team_s_past(*(names or ("Lead", "Demo", "Offer"))).snapshot(MARCH, Selection())


def cohorts(*names: str) -> Compared[CohortView]:
    past = a_team_s_past(*(names or ("Lead", "Demo", "Offer")))
    return past.cohorts(SPRING, Selection(), at=MONDAY + days(40))


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def widths(figure: Figure) -> dict[str, float]:
    return {
        str(patch.get_gid()): patch.get_width()
        for patch in figure.axes[0].patches
        if isinstance(patch, Rectangle) and patch.get_gid()
    }


def test_the_parts_of_a_bar_are_as_long_as_its_deals_are_many() -> None:
    parts = widths(snapshot_figure(ASKED, snapshot(), SAY))

    # Into Lead came one before March, two in it, and one came back; three moved forward, one was lost.
    assert parts["Lead:forward"] == pytest.approx(3 * parts["Lead:lost"])
    assert parts["Demo:still_there"] == pytest.approx(parts["Demo:back"])
    assert parts["Lead:still_there"] == 0
    assert parts["Demo:skipped"] == pytest.approx(parts["Demo:back"])
    assert parts["Lead:skipped"] == 0


def test_the_middle_half_of_the_days_in_a_stage_lies_around_its_mark_and_goes_on_where_it_is_not_known_yet() -> None:
    """A quarter, half and three quarters left Lead after 3, 4 and 6 days; Demo 2 and 2, and not yet three quarters."""
    found = {
        str(patch.get_gid()): (patch.get_x(), patch.get_x() + patch.get_width())
        for patch in snapshot_figure(ASKED, snapshot(), SAY).axes[0].patches
        if isinstance(patch, Rectangle)
    }

    low, high = found["Lead:days"]
    a_day = (high - low) / 3
    assert sum(found["Lead:median"]) / 2 == pytest.approx(low + a_day)
    assert sum(found["Demo:median"]) / 2 == pytest.approx(low - a_day)
    assert found["Demo:days"][0] == pytest.approx(low - a_day)
    assert found["Demo:days"][1] > high


def test_a_stage_that_nobody_left_has_no_days() -> None:
    pipeline = a_pipeline(StagePlan("Lead"), StagePlan("Demo"), StagePlan("Won", StageKind.WON))
    report = FunnelPast([a_past(pipeline, ("Lead", 0))], facts_of(pipeline), IN_DOLLARS).snapshot(MARCH, Selection())

    figure = snapshot_figure(ASKED, report, SAY)

    assert not [name for name in widths(figure) if name.endswith((":days", ":median"))]
    assert texts(figure).count("–") == 2
    assert snapshot_alt_text(ASKED, report, SAY).endswith("Demo 0 at the start, 0 entered, and 0 still there.")
    assert "days in stage –, 1 still counting" in str(snapshot_report(ASKED, report, SAY))
    assert "… –" not in str(snapshot_tables(ASKED, report, SAY))


def test_brackets_are_told_of_only_where_there_are_some() -> None:
    past = a_team_s_past("Lead", "Demo", "Offer")
    beside, alone = (
        texts(snapshot_figure(ASKED, past.snapshot(period, Selection()), SAY))
        for period in (MARCH, Period(Unit.MONTH, date(2026, 1, 1), date(2026, 1, 31), "UTC"))
    )

    assert any(text.startswith("Snapshot:") and "In brackets" in text for text in beside)
    assert any(text.startswith("Snapshot:") and "In brackets" not in text for text in alone)


def test_losses_that_were_reopened_are_told_beside_those_that_stand() -> None:
    """The stages' lost add up to both."""
    pipeline = a_pipeline(StagePlan("Lead"), StagePlan("Won", StageKind.WON), StagePlan("Lost", StageKind.LOST))
    stands = a_past(pipeline, ("Lead", 0), ("Lost", 4))
    twice = a_past(pipeline, ("Lead", 0), ("Lost", 4), ("Lead", 5), ("Lost", 6), ("Lead", 7))
    report = FunnelPast([stands, twice], facts_of(pipeline), IN_DOLLARS).snapshot(MARCH, Selection())
    earlier = FunnelPast([stands], facts_of(pipeline), IN_DOLLARS).snapshot(MARCH, Selection())

    told = str(snapshot_report(ASKED, report, SAY))

    assert (report.now.flows[0].lost, report.now.lost, report.now.reopened) == (3, 1, 2)
    assert "2 more losses were reopened since" in told
    assert "reopened" not in str(snapshot_report(ASKED, earlier, SAY))


def test_deals_without_a_date_of_creation_are_told_of_beside_the_cycle() -> None:
    pipeline = a_pipeline(StagePlan("Lead"), StagePlan("Won", StageKind.WON), StagePlan("Lost", StageKind.LOST))
    dated, undated = (a_past(pipeline, ("Lead", day), ("Won", 9), amount=100) for day in (5, 9))
    some, none = (
        str(snapshot_report(ASKED, FunnelPast(deals, facts_of(pipeline), IN_DOLLARS).snapshot(MARCH, Selection()), SAY))
        for deals in ([dated, undated], [undated])
    )

    assert "÷ 4 (cycle in days)" in some
    assert "1 deal was closed the moment it began, as files without the date" in some
    assert "every deal won in this time was closed the moment it began" in none


def test_of_a_running_period_alone_it_is_said_that_it_is_not_over() -> None:
    pipeline = a_pipeline(StagePlan("Lead"), StagePlan("Won", StageKind.WON), StagePlan("Lost", StageKind.LOST))
    past = FunnelPast([a_past(pipeline, ("Lead", -800))], facts_of(pipeline), IN_DOLLARS)
    running = Period(Unit.MONTH, date(2026, 3, 1), date(2026, 3, 14), "UTC", time(9))

    told = str(snapshot_report(ASKED, past.snapshot(running, Selection()), SAY))

    assert "Mar 1, 2026 to Mar 14, 2026, so far" in told
    before, last_year = "Feb 1, 2026 to Feb 14, 2026", "Mar 1, 2025 to Mar 14, 2025"
    assert f"In brackets: the period before ({before}) / the same of last year ({last_year})" in told


def test_of_a_year_the_one_before_is_told_once() -> None:
    """It is the period before and the same of last year."""
    pipeline = a_pipeline(StagePlan("Lead"), StagePlan("Won", StageKind.WON), StagePlan("Lost", StageKind.LOST))
    closed = [a_past(pipeline, ("Lead", day), (end, 8)) for day in (0, 1) for end in ("Won", "Lost")]
    past = FunnelPast([a_past(pipeline, ("Lead", -800)), *closed], facts_of(pipeline), IN_DOLLARS)
    year = Period(Unit.YEAR, date(2026, 1, 1), date(2026, 12, 31), "UTC")
    report = past.snapshot(year, Selection())
    parts = part_lines(Dimension.SOURCE, past.parts(year, Selection(), Dimension.SOURCE), {}, SAY)

    told = str(snapshot_report(ASKED, report, SAY, parts))

    assert "In brackets: the period before (Jan 1, 2025 to Dec 31, 2025)" in told
    assert "*Deals*: 4 (0) began, 2 (0) won, 2 (0) lost" in told
    assert any("In brackets: the period before." in text for text in texts(snapshot_figure(ASKED, report, SAY)))
    assert " / " not in told
    assert " / " not in str(cohort_tables(ASKED, past.cohorts(year, Selection(), at=MONDAY + days(40)), SAY))


@pytest.mark.parametrize("stages", [6, 20, 30])
def test_the_numbers_in_bars_are_no_higher_than_the_bars(stages: int) -> None:
    names = [f"Stage {number}" for number in range(stages)]
    pipeline = a_pipeline(*map(StagePlan, names), StagePlan("Won", StageKind.WON))
    past = FunnelPast([a_past(pipeline, (name, 0)) for name in names], facts_of(pipeline), IN_DOLLARS)

    axes = snapshot_figure(ASKED, past.snapshot(MARCH, Selection()), SAY).axes[0]

    (bar,) = (patch for patch in axes.patches if patch.get_gid() == "Stage 0:still_there")
    written = [text for text in axes.texts if text.get_text() == "1" and text.get_fontweight() == "bold"]
    assert len(written) == (stages if stages < 30 else 0)
    for text in written:
        assert text.get_window_extent().height < bar.get_window_extent().height


def test_a_bar_has_a_part_of_what_went_to_another_pipeline_where_something_did() -> None:
    past = a_team_s_past("Lead", "Demo", "Offer")
    gone = replace(past.histories[2], left_at=MONDAY + days(9))
    report = replace(past, histories=[*past.histories[:2], gone]).snapshot(MARCH, Selection())
    figure = snapshot_figure(ASKED, report, SAY)

    assert widths(figure)["Demo:elsewhere"] == pytest.approx(widths(figure)["Demo:back"])
    assert "elsewhere" in texts(figure)
    assert "elsewhere" not in texts(snapshot_figure(ASKED, snapshot(), SAY))
    told = "2 entered, 1 moved back, 1 skipped it, 1 went to another pipeline, and 0 still there"
    assert told in snapshot_alt_text(ASKED, report, SAY)


def test_pictures_say_which_view_they_are_and_of_what() -> None:
    shown = texts(snapshot_figure(ASKED, snapshot(), SAY))
    table = texts(cohort_figure(ASKED, cohorts(), SAY))

    assert "Mar 1, 2026 to Mar 31, 2026 · owner: Bob" in shown
    assert any(text.startswith("Snapshot:") for text in shown)
    assert any(text.startswith("Cohorts:") for text in table)
    assert any(text.startswith("1 won, 1 lost · win rate 50%") for text in shown)
    assert "Jan 2026" in table
    assert any(text.startswith("1 won, 1 lost · 50% of these won") for text in table)


def test_the_share_that_reached_a_stage_that_was_put_in_later_is_of_the_deals_that_began_since() -> None:
    past = a_team_s_past("Lead", "Demo", "Offer")

    def shown(day: int) -> tuple[list[str], str, str]:
        stages = [
            replace(each, inserted_at=MONDAY + days(day)) if each.name == "Demo" else each for each in past.stages
        ]
        report = replace(past, stages=stages).cohorts(SPRING, Selection(), at=MONDAY + days(40))
        told = str(cohort_tables(ASKED, report, SAY))
        return texts(cohort_figure(ASKED, report, SAY)), cohort_alt_text(ASKED, report, SAY), told

    (one, one_alt, _), (none, none_alt, told) = shown(1), shown(2)

    # Of three deals one began after it was put in, and stands in it: all of those, in March and together.
    assert one.count("100%") == none.count("100%") + 2
    assert one.count("–") < none.count("–")
    assert "Demo 1 deal" in one_alt
    assert "Demo" not in none_alt
    assert "*Demo*: – reached it" in told


def test_alt_texts_tell_the_figures() -> None:
    told = "Demo 0 at the start, 2 entered, 1 moved back, 1 skipped it, and 1 still there, days in stage 2 … 2 … –"
    assert told in snapshot_alt_text(ASKED, snapshot(), SAY)
    assert "of 3 deals reached Lead 3 deals, Demo 3 deals" in cohort_alt_text(ASKED, cohorts(), SAY)


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize(
    "names", [("Lead", "Demo", "Offer"), ("W" * 150, "报价" * 70, "$x_1^2$ <!channel>"), ("🚀", "مرحلة", "%s {name}")]
)
def test_pictures_are_made_for_a_slide_whatever_is_written_on_them(names: tuple[str, str, str], locale: str) -> None:
    for picture in (
        snapshot_picture(ASKED, snapshot(*names), Say(locale)),
        cohort_picture(ASKED, cohorts(*names), Say(locale)),
    ):
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", picture[16:24]) == (1600, 900)
