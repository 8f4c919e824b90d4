"""`/deal undo Acme` takes a deal's latest move back."""

from bot.cards import card
from bot.grammar import unquoted
from bot.reply import Place, Reply
from bot.services import Turn
from models.history import Via


def run(words: str, turn: Turn) -> Reply:
    """The channel was told of a deal that was closed, so it is told of one that is not closed after all."""
    deal = turn.deals.named(unquoted(words))
    was_open = deal.is_open
    turn.deals.undo(deal, by=turn.member, at=turn.now, via=Via.COMMAND)
    said = turn.say("done.undone", by=turn.member.name, name=deal.name, stage=deal.stage.name)
    return card(deal, turn, said=said, place=Place.PRIVATE if was_open == deal.is_open else Place.CHANNEL)
