"""On Monday mornings managers and admins hear, once, of stages that lose more deals, or are slower, than usual."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.reply import Reply
from bot.schedules.occasion import Occasion
from bot.views.leaks import stage_alert
from models.known_deals import Selection, known_before
from models.period import Unit, whole_unit
from models.pipelines import Pipelines
from scoring.funnel_reports import funnel_past
from scoring.stage_watch import StageWatch


def compose(occasion: Occasion) -> Reply | None:
    """Of the stages that are out of line by the end of last week, if one went so after this person last heard of such;
    which that was follows from the history."""
    until, told_until = _monday(occasion), occasion.since
    found, is_news = [], False
    for pipeline in Pipelines(occasion.session, occasion.workspace).all():
        past = funnel_past(occasion.session, occasion.workspace, pipeline.id, at=occasion.now)
        watch = StageWatch(known_before(past.histories, until, Selection()), past.stages, until=until)
        for verdict, since in watch.alarms(until):
            found.append((pipeline.name, verdict))
            is_news = is_news or told_until is None or since > told_until
    return stage_alert(found, occasion.say) if is_news else None


def _monday(occasion: Occasion) -> datetime:
    """The first moment of this week by the workspace's clock."""
    zone = occasion.workspace.time_zone
    today = occasion.now.astimezone(ZoneInfo(zone)).date()
    return whole_unit(Unit.WEEK, today, zone).start
