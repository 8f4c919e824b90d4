"""The button that moves a deal one stage ahead."""

from bot.actions.origin import Click
from bot.cards import celebration, instead
from bot.reply import Reply
from bot.services import Turn
from models.history import Change, Via


def advance(click: Click, turn: Turn) -> Reply:
    """Of a win the channel hears. Raises DealMoved when somebody was faster, also the same person with an earlier
    click."""
    deal = click.origin.deal(turn)
    move = deal.advance(by=turn.member, at=turn.now, via=Via.BUTTON)
    said = turn.say("settled.moved", by=turn.member.name, name=deal.name, stage=deal.stage.name)
    told = click.origin.told_to_channel(celebration(deal, turn)) if move.change is Change.WON else None
    return instead(deal, turn, said=said, block_id=click.origin.block_id, move=move).followed_by(told)
