"""Makes the trend of a pipeline that a person asked for, with its picture."""

from datetime import datetime

from bot.reply import Place, Reply, picture_of
from bot.report_words import ReportWanted
from bot.say import Say
from bot.trend_chart import trend_alt_text, trend_picture
from bot.views.trend import trend_charts, trend_text, trend_view
from models.course import spans_of
from models.database import Database
from models.exchange import ExchangeRates
from models.timelines import Timelines
from models.trend import moments_of, trend_of
from models.workspace import Workspace
from scoring.forecast_spans import worth_of


def trend_now(database: Database, team_id: str, wanted: ReportWanted, *, at: datetime, say: Say) -> Reply:
    """No transaction is open while figures are made."""
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        timelines = Timelines(session, workspace)
        _, (since, *_) = moments_of(wanted.period)
        deals = [list(spans_of(history)) for history in timelines.in_pipeline_since(wanted.pipeline_id, since)]
        kinds = {stage_id: stage.kind for stage_id, stage in timelines.stages().items()}
        pricing = ExchangeRates(session, workspace).pricing(at=at, since=at.date())
    trend = trend_of(
        deals,
        kinds,
        wanted.selection,
        wanted.period,
        worth=lambda span: worth_of(span, pricing, is_closed=False),
        currency=pricing.currency,
    )
    title = trend_text(wanted.asked, trend, say)
    picture = picture_of(
        draw=lambda: trend_picture(wanted.asked, trend, say),
        title=title,
        alt=trend_alt_text(wanted.asked, trend, say),
        say=say,
        filename="trend.png",
        is_instead=True,
    )
    told = trend_view(wanted.asked, trend, say)
    return Reply(
        say("trend.text", title=title),
        (*told, *trend_charts(trend, say)),
        Place.CHANNEL,
        picture=picture,
        plain=told,
    )
