"""`/funnel trend this year for @bob` shows how the open pipeline has grown and shrunk."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.reply import Labour, Reply
from bot.report_words import deals_wanted
from bot.services import Turn
from bot.trend_now import trend_now
from models.period import Period, Unit, as_far_as

EXAMPLE = "/funnel trend this year for @ann"

_USUAL = timedelta(weeks=26)


def run(words: str, turn: Turn) -> Reply:
    """In the channel, and after a while: the whole past is read for it. Without a time it is that of half a year."""
    zone = turn.workspace.time_zone
    today = turn.now.astimezone(ZoneInfo(zone)).date()
    usual = as_far_as(Period(Unit.DAYS, today - _USUAL, today, zone), turn.now)
    wanted = deals_wanted(words, turn, usual=usual, example=EXAMPLE)
    team_id, at, say = turn.workspace.id, turn.now, turn.say
    labour = Labour(do=lambda database: trend_now(database, team_id, wanted, at=at, say=say), sorry=say("trend.failed"))
    return Reply(say("trend.begun"), labour=labour)
