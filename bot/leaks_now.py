"""Makes the report of what a funnel loses that a person asked for, with its picture."""

from datetime import datetime

from bot.leaks_chart import leaks_alt_text, leaks_picture
from bot.reply import Place, Reply, picture_of
from bot.report_words import ReportWanted
from bot.say import Say, escaped
from bot.views.funnel_report import only_told
from bot.views.headlines import headed, leaks_headline
from bot.views.leaks import leaks_report, leaks_text
from models.database import Database
from models.members import Members
from models.workspace import Workspace
from scoring.funnel_reports import funnel_past_since
from scoring.leaks import leaks, looked_back_on


def leaks_now(database: Database, team_id: str, wanted: ReportWanted, *, at: datetime, say: Say) -> Reply:
    """No transaction is open while figures are made."""
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        past = funnel_past_since(session, workspace, wanted.pipeline_id, looked_back_on(wanted.period), at=at)
        names = {member.id: member.name for member in Members(session, workspace).all()}
    found = leaks(past, wanted.period, wanted.selection, past.pricing)
    asked, text = wanted.asked, leaks_text(wanted.asked, wanted.period, say)
    if found.is_empty:
        return Reply(say("funnel.report.none", title=text, only=only_told(asked, say)))
    picture = picture_of(
        draw=lambda: leaks_picture(asked, found, say),
        title=text,
        alt=leaks_alt_text(asked, found, say),
        say=say,
        filename="leaks.png",
    )
    headline = leaks_headline(found, say)
    blocks = leaks_report(asked, found, names, say, headline=headline)
    return Reply(escaped(headed(text, headline, say)), blocks, Place.CHANNEL, picture=picture)
