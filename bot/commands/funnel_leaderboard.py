"""`/funnel leaderboard last quarter` tells how the team's people do beside each other."""

from datetime import datetime

from bot.faults import LeaderboardOff
from bot.leaderboard_chart import leaderboard_alt_text, leaderboard_picture
from bot.outlook import Outlook
from bot.period_words import period_wanted
from bot.reply import Labour, Place, Reply, picture_of
from bot.say import Say, escaped
from bot.services import Turn
from bot.views.headlines import headed, leaderboard_headline
from bot.views.leaderboard import leaderboard_table, leaderboard_title, leaderboard_view
from models.attainment import read_record
from models.database import Database
from models.leaderboard import leaderboard
from models.members import Members
from models.open_deals import OpenDeals
from models.period import Period, Unit
from models.workspace import Workspace
from scoring.people import shrinkage
from scoring.scorer import Scorers

EXAMPLE = "/funnel leaderboard last quarter"


def run(words: str, turn: Turn) -> Reply:
    """In the channel, after a while. Raises LeaderboardOff, PeriodNotUnderstood."""
    if not turn.workspace.leaderboard:
        raise LeaderboardOff
    period = period_wanted(words, turn, usual=Unit.MONTH, example=EXAMPLE)
    team_id, at, say, scorers = turn.workspace.id, turn.now, turn.say, turn.scorers
    labour = Labour(
        do=lambda database: _now(database, team_id, period, scorers, at=at, say=say), sorry=say("leaderboard.failed")
    )
    return Reply(say("targets.begun"), labour=labour)


def _now(database: Database, team_id: str, period: Period, scorers: Scorers, *, at: datetime, say: Say) -> Reply:
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        record = read_record(session, workspace, since=period.start, at=at)
        open_deals = OpenDeals(session, workspace).all()
        prospects = Outlook(session, workspace, scorers, at).prospects(open_deals)
        found = leaderboard(record, period, Members(session, workspace).all(), open_deals, prospects=prospects)
        currency = workspace.currency
    title = leaderboard_title(period, say)
    if not found:
        return Reply(say("leaderboard.nobody", title=title))
    rates = shrinkage([(each.won, each.closed) for each in found if each.member])
    adjusted = [rates.of(each.won, each.closed) if rates and each.member else None for each in found]
    picture = picture_of(
        draw=lambda: leaderboard_picture(found, title, say),
        title=title,
        alt=leaderboard_alt_text(found, title, say),
        say=say,
        filename="leaderboard.png",
    )
    return Reply(
        escaped(headed(title, leaderboard_headline(found, say), say)),
        leaderboard_table(found, adjusted, title=title, currency=currency, say=say),
        Place.CHANNEL,
        picture=picture,
        plain=leaderboard_view(found, adjusted, title=title, currency=currency, say=say),
    )
