"""`/deal add Acme 12k source fair close 15 March` begins a deal in the first stage, `… in Retail` of that pipeline."""

from dataclasses import dataclass

from bot.actions import adding
from bot.cards import card
from bot.faults import WordsMissing
from bot.grammar import Addition, addition, is_amount
from bot.pipeline_words import without_pipeline
from bot.reply import Place, Reply
from bot.services import Turn
from models.errors import MemberNotFound
from models.history import Via
from models.member import Member
from models.pipeline import Stage


@dataclass(frozen=True)
class NewDeal:
    """A deal as it was typed, with the stage that it begins in and whose it is to be."""

    said: Addition
    name: str
    owner: Member
    stage: Stage


def run(words: str, turn: Turn) -> Reply:
    """Without words a form asks for them."""
    if not words.strip() and turn.can_ask:
        return adding.asked(turn)
    new = new_deal(words, turn)
    deal = turn.deals.add(
        new.name,
        stage=new.stage,
        owner=new.owner,
        at=turn.now,
        via=Via.COMMAND,
        money=new.said.money,
        close_date=new.said.close_date,
        source=new.said.source,
    )
    return card(deal, turn, said=turn.say("done.added", by=turn.member.name, name=deal.name), place=Place.CHANNEL)


def new_deal(words: str, turn: Turn, *, example: str = "/deal add") -> NewDeal:
    """Raises WordsMissing with the command that the `example` begins, MemberNotFound, and what `addition` raises."""
    words, pipeline = without_pipeline(words, [each.name for each in turn.pipelines.all()])
    said = addition(words, currency=turn.workspace.currency, today=turn.today, locale=turn.say.locale)
    if not said.name:
        raise WordsMissing(f"{example} Acme Corp 12k")
    if is_amount(words):  # a number in quotes is a name
        raise WordsMissing(f"{example} Acme Corp {words.strip()}")
    first = (turn.pipelines.named(pipeline) if pipeline else turn.pipeline).first
    try:
        return NewDeal(said, said.name, turn.person(said.owner or "me"), first)
    except MemberNotFound:
        if not said.whole_name:
            raise
        return NewDeal(said, said.whole_name, turn.member, first)
