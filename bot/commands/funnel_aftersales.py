"""`/funnel aftersales last quarter` tells whether customers are satisfied, stay, buy again and send others."""

from datetime import date, timedelta

from bot.aftersales_chart import aftersales_alt_text, aftersales_picture
from bot.reply import Labour, Place, Reply, picture_of
from bot.report_words import ReportWanted, deals_wanted
from bot.say import Say, escaped
from bot.services import Turn
from bot.views.aftersales import aftersales_title, aftersales_view, coming_told
from bot.views.blocks import cut
from bot.views.funnel_report import NAME, only_told
from bot.views.headlines import aftersales_headline, headed
from models.aftercare import Aftercare
from models.database import Database
from models.period import Unit, as_far_as, whole_unit
from models.workspace import Workspace, day_in
from scoring.aftersales_reports import aftersales_report

EXAMPLE = "/funnel aftersales last quarter for @ann"
AHEAD = timedelta(days=180)
"""So far ahead that the next quarter is always in it."""


def run(words: str, turn: Turn) -> Reply:
    """In the channel, as Slack shares pictures with all or nobody. Raises what reading a report's words
    raises."""
    zone = turn.workspace.time_zone
    quarter = as_far_as(whole_unit(Unit.QUARTER, day_in(zone, turn.now), zone), turn.now)
    wanted = deals_wanted(words, turn, usual=quarter, example=EXAMPLE)
    team_id, say, until = turn.workspace.id, turn.say, day_in(zone, turn.now) + AHEAD
    labour = Labour(do=lambda database: _now(database, team_id, wanted, until, say=say), sorry=say("aftersales.failed"))
    return Reply(say("funnel.report.begun"), labour=labour)


def _now(database: Database, team_id: str, wanted: ReportWanted, until: date, *, say: Say) -> Reply:
    """Renewals that are to come are told up to `until`, whatever time is asked for."""
    pipeline_id = wanted.pipeline_id if wanted.names_pipeline else None
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        found = aftersales_report(session, workspace, wanted.period, wanted.selection, pipeline_id)
        coming = Aftercare(session, workspace).of(wanted.selection, pipeline_id).renewals_coming(until)
    title = aftersales_title(wanted.period, say)
    if pipeline_id is not None:
        title += f" · {cut(wanted.asked.pipeline, NAME)}"
    if wanted.asked.only:
        title += f" · {only_told(wanted.asked, say)}"
    if found.is_empty:
        ahead = f"\n{coming_told(coming, until, say)}" if coming else ""
        return Reply(f"{say('aftersales.nothing', title=title)}{ahead}")
    picture = picture_of(
        draw=lambda: aftersales_picture(found, title, say),
        title=title,
        alt=aftersales_alt_text(found, title, say),
        say=say,
        filename="aftersales.png",
    )
    blocks = aftersales_view(found, coming, until, title=title, say=say)
    told = escaped(headed(title, aftersales_headline(found, say), say))
    return Reply(told, blocks, Place.CHANNEL, picture=picture)
