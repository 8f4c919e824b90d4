"""`/funnel report last quarter for @bob` tells what moved in a time, `… cohort` how far the deals of that time got,
`… by pipeline` what is the same in all pipelines."""

from bot.pipelines_now import pipelines_now
from bot.reply import Labour, Reply
from bot.report_now import report_now
from bot.report_words import report_wanted
from bot.services import Turn
from models.funnel_figures import Dimension


def run(words: str, turn: Turn) -> Reply:
    """In the channel, as Slack shares pictures with all or nobody, and after a while: the whole past is read for it."""
    wanted = report_wanted(words, turn)
    team_id, at, say = turn.workspace.id, turn.now, turn.say
    make = pipelines_now if wanted.by is Dimension.PIPELINE else report_now
    labour = Labour(
        do=lambda database: make(database, team_id, wanted, at=at, say=say),
        sorry=say("funnel.report.failed"),
    )
    return Reply(say("funnel.report.begun"), labour=labour)
