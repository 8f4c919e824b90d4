"""Makes the report that tells pipelines side by side, with its picture."""

from datetime import datetime
from functools import partial

from bot.breakdown_chart import SideBySide, breakdown_alt_text, breakdown_picture
from bot.reply import Place, Reply, picture_of
from bot.report_words import ReportWanted
from bot.say import Say
from bot.views.funnel_report import only_told, report_text
from bot.views.headlines import headed, pipelines_headline
from bot.views.pipelines_report import PipelinesBeside, pipelines_report, pipelines_tables
from models.database import Database
from models.funnel_figures import Dimension
from models.pipelines import Pipelines
from models.workspace import Workspace
from scoring.funnel_reports import pipelines_past


def pipelines_now(database: Database, team_id: str, wanted: ReportWanted, *, at: datetime, say: Say) -> Reply:
    """Of all pipelines, or of the one that was named. No transaction is open while figures are made."""
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        every = Pipelines(session, workspace).all()
        names = {each.id: each.name for each in every if not wanted.names_pipeline or each.id == wanted.pipeline_id}
        whole, pasts = pipelines_past(session, workspace, [*names], at=at, of=wanted.period)
    asked, text, cohort_at = (
        wanted.asked,
        report_text(wanted.asked, wanted.period, say),
        at if wanted.by_cohort else None,
    )
    found = PipelinesBeside(
        {
            names[each]: past.in_short(wanted.period, wanted.selection, cohort_at=cohort_at)
            for each, past in pasts.items()
        },
        whole.in_short(wanted.period, wanted.selection, cohort_at=cohort_at),
    )
    if found.together.now.is_empty:
        return Reply(say("funnel.report.none", title=text, only=only_told(asked, say)))
    parts = [each.now.part(name) for name, each in found.pipelines.items()]
    shown = SideBySide(asked, wanted.period, Dimension.PIPELINE, parts, {})
    draw, alt = partial(breakdown_picture, shown, say), breakdown_alt_text(shown, say)
    picture = picture_of(draw=draw, title=text, alt=alt, say=say, filename="report.png")
    blocks, plain = pipelines_tables(asked, found, say), pipelines_report(asked, found, say)
    told = say("funnel.report.text", title=headed(text, pipelines_headline(found.together.now, say), say))
    return Reply(told, blocks, Place.CHANNEL, picture=picture, plain=plain)
