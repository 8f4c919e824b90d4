"""`/deal won Acme`, `/deal lost Acme because price`, and `/deal reopen Acme` when a closed deal comes back."""

from bot.cards import card
from bot.commands.naming import deal_and_rest
from bot.grammar import at_reason, unquoted, without_joint
from bot.reply import Place, Reply
from bot.services import Turn
from models.deal import Deal
from models.history import Via


def won(words: str, turn: Turn) -> Reply:
    deal = turn.deals.named(unquoted(words))
    deal.win(by=turn.member, at=turn.now, via=Via.COMMAND)
    return card(deal, turn, said=_celebration(deal, turn), place=Place.CHANNEL)


def lost(words: str, turn: Turn) -> Reply:
    deal, rest = deal_and_rest(words, turn, split=at_reason)
    deal.lose(without_joint(rest), by=turn.member, at=turn.now, via=Via.COMMAND)
    said = turn.say("done.lost", by=turn.member.name, name=deal.name, reason=deal.loss_reason)
    return card(deal, turn, said=said, place=Place.CHANNEL)


def reopen(words: str, turn: Turn) -> Reply:
    deal = turn.deals.named(unquoted(words), closed_first=True)
    deal.reopen(by=turn.member, at=turn.now, via=Via.COMMAND)
    return card(deal, turn, said=turn.say("done.reopened", name=deal.name, stage=deal.stage.name))


def _celebration(deal: Deal, turn: Turn) -> str:
    if deal.money is None:
        return turn.say("done.won", by=turn.member.name, name=deal.name)
    return turn.say("done.won_amount", by=turn.member.name, name=deal.name, amount=deal.money)
