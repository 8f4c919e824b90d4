"""Makes the forecast that a person asked for, or tells how an earlier one turned out, with its picture."""

from datetime import datetime

from bot.forecast_chart import forecast_alt_text, forecast_picture
from bot.hindsight_chart import hindsight_alt_text, hindsight_picture
from bot.outlook import Outlook
from bot.reply import Place, Reply, picture_of
from bot.report_words import ReportWanted
from bot.say import Say, escaped
from bot.views.forecast import forecast_report, forecast_text
from bot.views.hindsight import hindsight_report, hindsight_text
from models.database import Database
from models.deals import Deals
from models.period import Period
from models.workspace import Workspace
from scoring.forecasting import forecast_past, target_of
from scoring.scorer import Scorers


def forecast_now(
    database: Database, scorers: Scorers, team_id: str, wanted: ReportWanted, period: Period, *, at: datetime, say: Say
) -> Reply:
    """No transaction is open while figures are made."""
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        chances = Outlook(session, workspace, scorers, at).chances_of_winning()
        past = forecast_past(session, workspace, wanted.pipeline_id, at=at, chances=chances)
        asked = (session, workspace, wanted.pipeline_id, period, wanted.selection)
        target = target_of(*asked, at=at)
        beyond = None if target else target_of(*asked, at=at, together=True)
    forecast = past.forecast(period, wanted.selection, at=at, target=target)
    with database.reading() as session:
        names = Deals(session, session.get_one(Workspace, team_id)).names_of(
            deal_id for step in forecast.changes.steps.values() for deal_id in step.largest
        )
    text = forecast_text(wanted.asked, forecast, say)
    picture = picture_of(
        draw=lambda: forecast_picture(wanted.asked, forecast, say),
        title=text,
        alt=forecast_alt_text(wanted.asked, forecast, say),
        say=say,
        filename="forecast.png",
    )
    report = forecast_report(wanted.asked, forecast, names, say, beyond=beyond)
    return Reply(say("forecast.text", title=text), report, Place.CHANNEL, picture=picture)


def hindsight_now(
    database: Database, team_id: str, wanted: ReportWanted, period: Period, *, at: datetime, say: Say
) -> Reply:
    """Of a period that is over."""
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        past = forecast_past(session, workspace, wanted.pipeline_id, at=at, chances={})
        asked = (session, workspace, wanted.pipeline_id, period, wanted.selection)
        target = target_of(*asked, at=at)
    found = past.hindsight(period, wanted.selection, target=target)
    text = hindsight_text(wanted.asked, found, say)
    if found.won is None:
        return Reply(escaped(text))
    picture = picture_of(
        draw=lambda: hindsight_picture(wanted.asked, found, say),
        title=text,
        alt=hindsight_alt_text(wanted.asked, found, say),
        say=say,
        filename="forecast.png",
    )
    return Reply(escaped(text), hindsight_report(wanted.asked, found, say), Place.CHANNEL, picture=picture)
