"""The line of a card's menu that takes the latest move back."""

from bot.actions.origin import Click
from bot.cards import instead
from bot.reply import Reply
from bot.services import Turn
from models.history import Via


def undo(click: Click, turn: Turn) -> Reply:
    """The channel hears of a deal that is not closed after all. Raises DealMoved when somebody was faster."""
    deal = click.origin.deal(turn)
    was_open = deal.is_open
    turn.deals.undo(deal, by=turn.member, at=turn.now, via=Via.BUTTON)
    said = turn.say("done.undone", by=turn.member.name, name=deal.name, stage=deal.stage.name)
    told = click.origin.told_to_channel(said) if was_open != deal.is_open else None
    return instead(deal, turn, said=said, block_id=click.origin.block_id).followed_by(told)
