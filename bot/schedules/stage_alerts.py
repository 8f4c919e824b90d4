"""In the morning managers and admins hear, once, of stages that lose more deals, or are slower, than usual."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.reply import Reply
from bot.schedules.occasion import Occasion
from bot.views.leaks import OutOfLine, stage_alert
from models.known_deals import Selection, known_before
from models.leaks import Abnormal
from models.period import Period, Unit
from models.pipelines import Pipelines
from scoring.funnel_reports import funnel_past_since
from scoring.leaks import clue_to, looked_back_on
from scoring.stage_watch import LOOKED_BACK_FOR_ALARMS, WINDOW, StageWatch


def compose(occasion: Occasion) -> Reply | None:
    """Of the stages that are out of line by the end of yesterday, and went so after this person last heard of such;
    which those are follows from the history."""
    last_weeks, told_until = _last_weeks(occasion), occasion.since
    until = last_weeks.end
    since = min(looked_back_on(last_weeks), until - LOOKED_BACK_FOR_ALARMS)
    news = []
    for pipeline in Pipelines(occasion.session, occasion.workspace).all():
        past = funnel_past_since(occasion.session, occasion.workspace, pipeline.id, since, at=occasion.now)
        watch = StageWatch(known_before(past.histories, until, Selection()), past.stages, until=until)
        for verdict, begun in watch.alarms(until):
            if told_until is None or begun > told_until:
                clue = clue_to(past, verdict.stage, last_weeks) if verdict.kind is Abnormal.ATTRITION else None
                news.append(OutOfLine(pipeline.name, verdict, clue))
    if not news:
        return None
    names = {member.id: member.name for member in occasion.members.all()}
    return stage_alert(news, names, occasion.say)


def _last_weeks(occasion: Occasion) -> Period:
    """What the watch looks at: the days up to yesterday, by the workspace's clock."""
    zone = occasion.workspace.time_zone
    yesterday = occasion.now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    return Period(Unit.DAYS, yesterday - timedelta(days=WINDOW - 1), yesterday, zone)
