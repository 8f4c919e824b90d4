"""The button that moves a deal one stage ahead."""

from bot.actions.origin import Click
from bot.cards import instead
from bot.reply import Reply
from bot.services import Turn
from models.history import Via


def advance(click: Click, turn: Turn) -> Reply:
    """Raises DealMoved when somebody was faster, also the same person with an earlier click."""
    deal = click.origin.deal(turn)
    deal.advance(by=turn.member, at=turn.now, via=Via.BUTTON)
    said = turn.say("settled.moved", by=turn.member.name, name=deal.name, stage=deal.stage.name)
    return instead(deal, turn, said=said, block_id=click.origin.block_id)
