"""`/deal add Acme Corp 12k USD close 15 March` begins a deal in the first stage."""

from bot.cards import card
from bot.faults import WordsMissing
from bot.grammar import addition
from bot.reply import Place, Reply
from bot.services import Turn
from models.history import Via


def run(words: str, turn: Turn) -> Reply:
    said = addition(words, currency=turn.workspace.currency, today=turn.today, locale=turn.say.locale)
    if not said.name:
        raise WordsMissing("/deal add Acme Corp 12k")
    owner = turn.person(f"<@{said.owner_id}>") if said.owner_id else turn.member
    deal = turn.deals.add(
        said.name,
        stage=turn.pipeline.first,
        owner=owner,
        at=turn.now,
        via=Via.COMMAND,
        money=said.money,
        close_date=said.close_date,
    )
    return card(deal, turn, said=turn.say("done.added", by=turn.member.name, name=deal.name), place=Place.CHANNEL)
