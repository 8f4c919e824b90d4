"""The menu that keeps a quiet deal from being named again for some days."""

from datetime import timedelta

from bot.actions.origin import Click
from bot.cards import instead
from bot.reply import Reply
from bot.services import Turn


def snooze(click: Click, turn: Turn) -> Reply:
    """The chosen number of days travels behind the deal and its stage."""
    deal = click.origin.deal(turn)
    until = turn.now + timedelta(days=int(click.value))
    deal.snooze(until)
    said = turn.say("settled.snoozed", name=deal.name, until=until)
    return instead(deal, turn, said=said, block_id=click.origin.block_id)
