"""The button by which somebody says that they are on it."""

from bot.actions.origin import Click
from bot.cards import instead
from bot.reply import Reply
from bot.services import Turn


def take(click: Click, turn: Turn) -> Reply:
    """Whoever was first. Raises DealMoved where the deal has left the stage that was seen: that is settled by then."""
    deal = click.origin.deal(turn)
    taking = turn.alarms.take(deal, by=turn.member, at=turn.now)
    said = turn.say("settled.taken", by=taking.by.name, name=deal.name, at=taking.at)
    return instead(deal, turn, said=said, block_id=click.origin.block_id)
