"""`/funnel aftersales last quarter` tells whether customers are satisfied, stay, buy again and send others."""

from bot.aftersales_chart import aftersales_alt_text, aftersales_picture
from bot.period_words import period_wanted
from bot.reply import Labour, Picture, Place, Reply
from bot.say import Say
from bot.services import Turn
from bot.views.aftersales import aftersales_title, aftersales_view
from models.database import Database
from models.period import Period, Unit
from models.workspace import Workspace
from scoring.aftersales_reports import aftersales_report

EXAMPLE = "/funnel aftersales last quarter"


def run(words: str, turn: Turn) -> Reply:
    """In the channel, as Slack shares pictures with all or nobody. Raises PeriodNotUnderstood."""
    period = period_wanted(words, turn, usual=Unit.QUARTER, example=EXAMPLE)
    team_id, say = turn.workspace.id, turn.say
    labour = Labour(do=lambda database: _now(database, team_id, period, say=say), sorry=say("aftersales.failed"))
    return Reply(say("funnel.report.begun"), labour=labour)


def _now(database: Database, team_id: str, period: Period, *, say: Say) -> Reply:
    with database.reading() as session:
        found = aftersales_report(session, session.get_one(Workspace, team_id), period)
    title = aftersales_title(period, say)
    if found.is_empty:
        return Reply(say("aftersales.nothing", title=title))
    picture = Picture(
        draw=lambda: aftersales_picture(found, title, say),
        title=title,
        alt=aftersales_alt_text(found, title, say),
        sorry=say("funnel.picture_not_shared"),
        filename="aftersales.png",
    )
    blocks = aftersales_view(found, title=title, say=say)
    return Reply(say("aftersales.text", title=title), blocks, Place.CHANNEL, picture=picture if found.count else None)
