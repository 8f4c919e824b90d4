"""`/deal add Acme 12k source fair close 15 March` begins a deal in the first stage, `… in Retail` of that pipeline."""

from bot.actions import adding
from bot.cards import card
from bot.faults import WordsMissing
from bot.grammar import addition, is_amount
from bot.pipeline_words import without_pipeline
from bot.reply import Place, Reply
from bot.services import Turn
from models.errors import MemberNotFound
from models.history import Via


def run(words: str, turn: Turn) -> Reply:
    """Without words a form asks for them."""
    if not words.strip() and turn.can_ask:
        return adding.asked(turn)
    words, pipeline = without_pipeline(words, [each.name for each in turn.pipelines.all()])
    said = addition(words, currency=turn.workspace.currency, today=turn.today, locale=turn.say.locale)
    if not said.name:
        raise WordsMissing("/deal add Acme Corp 12k")
    if is_amount(words):  # a number in quotes is a name
        raise WordsMissing(f"/deal add Acme Corp {words.strip()}")
    first = (turn.pipelines.named(pipeline) if pipeline else turn.pipeline).first
    try:
        name, owner = said.name, turn.person(said.owner or "me")
    except MemberNotFound:
        if not said.whole_name:
            raise
        name, owner = said.whole_name, turn.member
    deal = turn.deals.add(
        name,
        stage=first,
        owner=owner,
        at=turn.now,
        via=Via.COMMAND,
        money=said.money,
        close_date=said.close_date,
        source=said.source,
    )
    return card(deal, turn, said=turn.say("done.added", by=turn.member.name, name=deal.name), place=Place.CHANNEL)
