"""The cohorts of a period: of the deals that began in each month, how many reached which stage."""

from collections.abc import Sequence

from bot.say import Say
from bot.views.blocks import Block, Element, cell, context, cut, fit, header, paragraphs, section
from bot.views.funnel_report import (
    NAME,
    Asked,
    beside,
    beside_told,
    deals_told,
    period_told,
    ratio_told,
    report_text,
)
from bot.views.lines import Table, as_many_as_fit, table_as_fits
from models.cohorts import Cohort
from models.funnel_figures import CohortView, Compared

MOST_MONTHS = 12
MOST_STAGES = 16
"""A table has twenty columns."""
STAGE = 20


def cohort_report(asked: Asked, report: Compared[CohortView], say: Say, parts: Sequence[str] = ()) -> tuple[Block, ...]:
    """A line for each stage, those of what it is broken down by, then one for each of the latest months, as many as a
    message holds."""
    now = report.now
    begin, below = _beginning(asked, report, say), _meanings(say)
    above = (*begin, *as_many_as_fit(parts, say, beside=[*begin, below]))
    lines = [_month_line(each, now, say) for each in now.months[-MOST_MONTHS:]]
    shown = max(0, fit([(*above, below), *([section(line)] for line in reversed(lines))]) - 1)
    left_out = len(now.months) - shown
    more = [context(say("funnel.report.more_months", count=left_out))] if left_out else []
    return (*above, *paragraphs(lines[len(lines) - shown :]), *more, below)


def cohort_tables(
    asked: Asked, report: Compared[CohortView], say: Say, parts: Table | None = None
) -> tuple[Block, ...]:
    """The same with tables of the parts and of the months, the latest first."""
    begin, below = _beginning(asked, report, say), _meanings(say)
    told = (*begin, *(table_as_fits(parts, say, beside=[*begin, below]) if parts else ()))
    return (*told, *table_as_fits(_months(asked, report.now, say), say, beside=[*told, below]), below)


def _beginning(asked: Asked, report: Compared[CohortView], say: Say) -> tuple[Block, ...]:
    period = period_told(report.now.period, say)
    return (
        header(say.plain("funnel.report.title", pipeline=asked.pipeline)),
        section(say("funnel.report.cohorts", period=period, only=deals_told(asked, say))),
        context(beside_told(report, say)),
        *paragraphs([*_stage_lines(report, say), _overall_line(report, say)]),
    )


def _meanings(say: Say) -> Block:
    meanings = ("cohort", "conversion", "followed", "interval")
    return context("\n".join(say(f"funnel.report.means.{each}") for each in meanings))


def _months(asked: Asked, view: CohortView, say: Say) -> Table:
    stages = [cut(each.name, STAGE) for each in view.stages[:MOST_STAGES]]
    first, *last = (say.plain(f"table.{each}") for each in ("deals", "lost", "open"))
    return Table(
        report_text(asked, view.period, say),
        [say.plain("table.month"), first, *stages, *last],
        [_month_row(each, len(stages), say) for each in reversed(view.months)],
    )


def _month_row(cohort: Cohort, stages: int, say: Say) -> list[Element]:
    figures = (cohort.deals, *map(cohort.reach, range(stages)), cohort.lost, cohort.open)
    month = cell(say.month(cohort.month), cohort.month.toordinal()) if cohort.month else cell("")
    return [month, *(cell(say.value(each), each) for each in figures)]


def _stage_lines(report: Compared[CohortView], say: Say) -> list[str]:
    lines = []
    for place, stage in enumerate(report.now.stages):
        told = [
            say.plain(
                "funnel.report.reached",
                figure=beside([each.whole.reach(place) if each else None for each in report.all], say),
            )
        ]
        if place < len(report.now.conversions):
            now, *earlier = [each.conversions[place] if each else None for each in report.all]
            if now is not None:
                told.append(say.plain("funnel.report.moved_on", ratio=ratio_told(now, earlier, say)))
        lines.append(say("funnel.report.stage", stage=cut(stage.name, NAME), figures=" · ".join(told)))
    return lines


def _overall_line(report: Compared[CohortView], say: Say) -> str:
    figures = {
        "deals": beside([each.whole.deals if each else None for each in report.all], say),
        "won": beside([each.whole.won if each else None for each in report.all], say),
        "lost": beside([each.whole.lost if each else None for each in report.all], say),
        "open": beside([each.whole.open if each else None for each in report.all], say),
    }
    now, *earlier = [each.overall if each else None for each in report.all]
    if now is None:
        return say("funnel.report.overall", **figures)
    return say("funnel.report.overall_with_rate", **figures, rate=ratio_told(now, earlier, say))


def _month_line(cohort: Cohort, view: CohortView, say: Say) -> str:
    reached = [
        say.plain("funnel.report.stage_reached", stage=cut(stage.name, STAGE), number=number)
        for place, stage in enumerate(view.stages)
        if (number := cohort.reach(place)) is not None
    ]
    return say(
        "funnel.report.month",
        month=say.month(cohort.month) if cohort.month else "",
        count=cohort.deals,
        stages=" · ".join(reached),
        lost=cohort.lost,
        open=cohort.open,
    )
