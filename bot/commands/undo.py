"""`/deal undo Acme` takes a deal's latest move back."""

from bot.cards import card
from bot.grammar import unquoted
from bot.reply import Reply
from bot.services import Turn
from models.history import Via


def run(words: str, turn: Turn) -> Reply:
    deal = turn.deals.named(unquoted(words))
    deal.undo(by=turn.member, at=turn.now, via=Via.COMMAND)
    return card(deal, turn, said=turn.say("done.undone", name=deal.name, stage=deal.stage.name))
