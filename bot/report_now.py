"""Makes the report of a funnel that a person asked for, with its picture."""

from datetime import datetime
from functools import partial

from bot.breakdown_chart import SideBySide, breakdown_alt_text, breakdown_picture
from bot.cohort_chart import cohort_alt_text, cohort_picture
from bot.reply import Place, Reply, picture_of
from bot.report_words import ReportWanted
from bot.say import Say
from bot.snapshot_chart import snapshot_alt_text, snapshot_picture
from bot.views.cohort_report import cohort_report, cohort_tables
from bot.views.funnel_report import only_told, report_text, snapshot_report, snapshot_tables
from bot.views.headlines import cohort_headline, headed, snapshot_headline
from bot.views.report_parts import part_lines, part_table
from models.database import Database
from models.funnel_figures import Compared, Part
from models.members import Members
from models.workspace import Workspace
from scoring.funnel_reports import funnel_past


def report_now(database: Database, team_id: str, wanted: ReportWanted, *, at: datetime, say: Say) -> Reply:
    """No transaction is open while figures are made."""
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        past = funnel_past(session, workspace, wanted.pipeline_id, at=at, of=wanted.period, selection=wanted.selection)
        names = {each.id: each.name for each in Members(session, workspace).all()}
    asked, text = wanted.asked, report_text(wanted.asked, wanted.period, say)
    nothing = Reply(say("funnel.report.none", title=text, only=only_told(asked, say)))
    parts, part_rows = [], None
    found: tuple[Compared[Part], ...] = ()
    if wanted.by:
        cohort_at = at if wanted.by_cohort else None
        found = past.parts(wanted.period, wanted.selection, wanted.by, cohort_at=cohort_at)
        parts, part_rows = part_lines(wanted.by, found, names, say), part_table(wanted.by, found, names, say)
    if wanted.by_cohort:
        cohorts = past.cohorts(wanted.period, wanted.selection, at=at)
        if cohorts.now.is_empty:
            return nothing
        blocks, plain = cohort_tables(asked, cohorts, say, part_rows), cohort_report(asked, cohorts, say, parts)
        draw, alt = partial(cohort_picture, asked, cohorts, say), cohort_alt_text(asked, cohorts, say)
        headline = cohort_headline(cohorts.now, say)
    else:
        snapshot = past.snapshot(wanted.period, wanted.selection)
        if snapshot.now.is_empty:
            return nothing
        blocks = snapshot_tables(asked, snapshot, say, part_rows)
        plain = snapshot_report(asked, snapshot, say, parts)
        draw, alt = partial(snapshot_picture, asked, snapshot, say), snapshot_alt_text(asked, snapshot, say)
        headline = snapshot_headline(snapshot.now, say)
    if wanted.by and found:
        shown = SideBySide(asked, wanted.period, wanted.by, [each.now for each in found], names)
        draw, alt = partial(breakdown_picture, shown, say), breakdown_alt_text(shown, say)
    picture = picture_of(draw=draw, title=text, alt=alt, say=say, filename="report.png")
    told = say("funnel.report.text", title=headed(text, headline, say))
    return Reply(told, blocks, Place.CHANNEL, picture=picture, plain=plain)
