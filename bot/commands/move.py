"""`/deal move Acme to Qualified` moves a deal into any stage, ahead or back."""

from bot.actions import moving
from bot.cards import moved
from bot.commands.naming import deal_and_stage
from bot.faults import StageMissing
from bot.reply import Reply
from bot.services import Turn
from models.history import Via


def run(words: str, turn: Turn) -> Reply:
    deal, stage = deal_and_stage(words, turn)
    if stage is None and turn.can_ask:
        return moving.asked(deal, turn)
    if stage is None:
        raise StageMissing(deal.name, tuple(each.name for each in deal.pipeline.stages))
    move = deal.move(stage, by=turn.member, at=turn.now, via=Via.COMMAND)
    return moved(move, deal, turn)
