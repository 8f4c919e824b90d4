"""`/deal won Acme`, `/deal lost Acme because price`, and `/deal reopen Acme` when a closed deal comes back."""

from bot.actions import losing
from bot.cards import card, moved
from bot.commands.naming import deal_and_rest
from bot.grammar import at_reason, unquoted, without_joint
from bot.reply import Place, Reply
from bot.services import Turn
from models.history import Via


def won(words: str, turn: Turn) -> Reply:
    deal = turn.deals.named(unquoted(words))
    move = deal.win(by=turn.member, at=turn.now, via=Via.COMMAND)
    return moved(move, deal, turn)


def lost(words: str, turn: Turn) -> Reply:
    deal, rest = deal_and_rest(words, turn, split=at_reason)
    if not rest and turn.can_ask:
        return losing.asked(deal, turn)
    deal.lose(without_joint(rest), by=turn.member, at=turn.now, via=Via.COMMAND)
    said = turn.say("done.lost", by=turn.member.name, name=deal.name, reason=deal.loss_reason)
    return card(deal, turn, said=said, place=Place.CHANNEL)


def reopen(words: str, turn: Turn) -> Reply:
    deal = turn.deals.named(unquoted(words), closed_first=True)
    deal.reopen(by=turn.member, at=turn.now, via=Via.COMMAND)
    said = turn.say("done.reopened", by=turn.member.name, name=deal.name, stage=deal.stage.name)
    return card(deal, turn, said=said, place=Place.CHANNEL)
