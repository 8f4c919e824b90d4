"""`/deal help` and `/funnel help` say what one can type, and what may be sensible next."""

from bot.grammar import unquoted
from bot.reply import Reply
from bot.services import Turn
from bot.views.help import deal_help, funnel_help, next_action


def deal(_words: str, turn: Turn) -> Reply:
    open_deals = turn.open_deals.count(owner=turn.member)
    stalled = len(turn.open_deals.stalled(turn.now, owner=turn.member))
    return Reply(
        next_action(turn.say, open_deals=open_deals, stalled=stalled),
        deal_help(turn.say, open_deals=open_deals, stalled=stalled),
    )


def funnel(words: str, turn: Turn) -> Reply:
    """`/funnel help digests` tells all of a topic."""
    told = funnel_help(turn.say, unquoted(words).lower())
    return Reply(told[0]["text"]["text"], told)
