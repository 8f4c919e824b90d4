"""`/deal note Acme: they called back` remembers what happened with a customer."""

from collections.abc import Callable

from bot.actions import noting
from bot.cards import card
from bot.commands.naming import deal_and_rest
from bot.grammar import at_colon
from bot.reply import Reply
from bot.services import Turn
from models.activity import ActivityKind


def of(kind: ActivityKind) -> Callable[[str, Turn], Reply]:
    """A verb for each kind: `/deal note …`, `/deal call …`, `/deal email …`, `/deal meeting …`."""

    def run(words: str, turn: Turn) -> Reply:
        deal, text = deal_and_rest(words, turn, split=at_colon, is_whole=True)
        if not text and turn.can_ask:
            return noting.asked(deal, kind, turn)
        deal.log(kind, text, by=turn.member, at=turn.now)
        return card(deal, turn, said=turn.say("done.noted", name=deal.name))

    return run
