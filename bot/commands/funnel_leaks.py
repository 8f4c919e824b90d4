"""`/funnel leaks last quarter for @bob` tells what is lost in which stage, where time goes, and what is out of line."""

import re

from bot.leaks_now import leaks_now
from bot.reply import Labour, Reply
from bot.report_words import deals_wanted
from bot.services import Turn

EXAMPLE = "/funnel leaks last quarter for @ann"

_TOLD = re.compile(
    r"(?<!\S)by\s+(?:stage|owner|reason)(?:\s+and\s+(?:stage|owner|reason))?(?!\S)|按\s*(?:阶段|负责人|原因)",
    re.IGNORECASE,
)
"""What leaks are always told by."""


def run(words: str, turn: Turn) -> Reply:
    """In the channel and after a while, as the report is. Raises what reading a report's words raises."""
    wanted = deals_wanted(_TOLD.sub(" ", words), turn, example=EXAMPLE)
    team_id, at, say = turn.workspace.id, turn.now, turn.say
    labour = Labour(
        do=lambda database: leaks_now(database, team_id, wanted, at=at, say=say), sorry=say("funnel.report.failed")
    )
    return Reply(say("funnel.report.begun"), labour=labour)
