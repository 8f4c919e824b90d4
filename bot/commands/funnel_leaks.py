"""`/funnel leaks last quarter for @bob` tells what is lost in which stage, where time goes, and what is out of line."""

from bot.faults import SettingNotUnderstood
from bot.leaks_now import leaks_now
from bot.reply import Labour, Reply
from bot.report_words import report_wanted
from bot.services import Turn

EXAMPLE = "/funnel leaks last quarter for @ann"


def run(words: str, turn: Turn) -> Reply:
    """In the channel and after a while, as the report is. Raises what reading a report's words raises."""
    wanted = report_wanted(words, turn)
    if wanted.by_cohort:
        raise SettingNotUnderstood(words, EXAMPLE)
    team_id, at, say = turn.workspace.id, turn.now, turn.say
    labour = Labour(
        do=lambda database: leaks_now(database, team_id, wanted, at=at, say=say), sorry=say("funnel.report.failed")
    )
    return Reply(say("funnel.report.begun"), labour=labour)
