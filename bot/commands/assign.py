"""`/deal assign Acme to @bob` gives a deal to somebody."""

from bot.cards import card
from bot.commands.naming import deal_and_rest
from bot.faults import WordsMissing
from bot.grammar import at_to, is_nothing, without_joint
from bot.reply import Reply
from bot.services import Turn


def run(words: str, turn: Turn) -> Reply:
    deal, rest = deal_and_rest(words, turn, split=at_to)
    whom = without_joint(rest)
    if not whom:
        raise WordsMissing("/deal assign Acme to @bob")
    owner = None if is_nothing(whom) else turn.person(whom)
    deal.assign(owner, by=turn.member, at=turn.now)
    if owner is None:
        return card(deal, turn, said=turn.say("done.unassigned", name=deal.name))
    return card(deal, turn, said=turn.say("done.assigned", name=deal.name, owner=owner.name))
