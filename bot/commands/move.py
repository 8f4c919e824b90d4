"""`/deal move Acme to Qualified` moves a deal into any stage, ahead or back."""

from bot.cards import card
from bot.commands.naming import deal_and_rest
from bot.faults import StageMissing
from bot.grammar import at_to, without_joint
from bot.reply import Reply
from bot.services import Turn
from models.history import Via


def run(words: str, turn: Turn) -> Reply:
    deal, rest = deal_and_rest(words, turn, split=at_to)
    stage = without_joint(rest)
    if not stage:
        raise StageMissing(deal.name, tuple(each.name for each in deal.pipeline.stages))
    deal.move(deal.pipeline.stage_named(stage), by=turn.member, at=turn.now, via=Via.COMMAND)
    return card(deal, turn, said=turn.say("done.moved", name=deal.name, stage=deal.stage.name))
