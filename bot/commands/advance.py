"""`/deal advance Acme` moves a deal one stage ahead, `/deal advance Acme to Proposal` several."""

from bot.cards import moved
from bot.commands.naming import deal_and_stage
from bot.reply import Reply
from bot.services import Turn
from models.history import Via


def run(words: str, turn: Turn) -> Reply:
    deal, stage = deal_and_stage(words, turn)
    move = deal.advance(stage, by=turn.member, at=turn.now, via=Via.COMMAND)
    return moved(move, deal, turn)
