"""The funnel in words: a line for each stage, what came out lately, and what has changed."""

from collections.abc import Sequence

from bot.say import Percent, Say
from bot.views.blocks import Block, context, header, paragraphs
from bot.views.changes import changes_told, delays_told
from bot.views.exchange import basis_note, together
from models.delays import Delay
from models.funnel import CLOSED_WINDOW, FunnelReport, StageRow
from models.pipeline import StageKind
from models.tally import Tally


def funnel_report(report: FunnelReport, say: Say, delays: Sequence[Delay] = ()) -> tuple[Block, ...]:
    """The whole report; open stages first, as they stand in the pipeline."""
    return (
        header(say.plain("funnel.title", pipeline=report.pipeline)),
        *paragraphs([stage_line(row, say) for row in report.rows]),
        context(closed_line(report, say)),
        context(changes_told(report, say)),
        *([context(delays_told(delays, say))] if delays else []),
        *(context(note) for note in notes_of(report, say)),
    )


def notes_of(report: FunnelReport, say: Say) -> list[str]:
    """Of whose deals the usual pace is, and by which rates amounts were added up, where that needs to be said."""
    is_paced = any(row.conversion is not None or row.median_days is not None for row in report.rows)
    everybodys = [say("funnel.pace_of_all")] if report.is_of_some and is_paced else []
    return [*everybodys, *([basis_note(report.basis, say)] if report.basis else [])]


def funnel_text(report: FunnelReport, say: Say) -> str:
    """The report in one line, for notifications and screen readers."""
    text = say("funnel.text", pipeline=report.pipeline, deals=counted(report.open, say))
    return f"{text} · {basis_note(report.basis, say)}" if report.basis else text


def stage_line(row: StageRow, say: Say) -> str:
    """`Proposal: 12 deals, $340,000 · 62% of 45 move on · usually 9 days`; of closed ones that only lately counts."""
    told = [counted(row.tally, say)]
    if row.conversion is not None:
        told.append(say.plain("funnel.moves_on", share=Percent(row.conversion), count=row.decided))
    if row.kind is StageKind.OPEN and row.median_days is not None:
        told.append(say.plain("funnel.days", count=round(row.median_days)))
    if row.kind is not StageKind.OPEN:
        told.append(say.plain("funnel.lately", count=CLOSED_WINDOW.days))
    return say("funnel.stage", stage=row.name, facts=" · ".join(told))


def closed_line(report: FunnelReport, say: Say) -> str:
    return say("funnel.closed", days=CLOSED_WINDOW.days, won=counted(report.won, say), lost=counted(report.lost, say))


def counted(tally: Tally, say: Say) -> str:
    """`12 deals, $340K`, and `+ €5K` of what there is no exchange rate for."""
    deals = say.plain("unit.deals", count=tally.count)
    return say.plain("funnel.worth", deals=deals, amount=together(tally.told, say)) if tally.told else deals
