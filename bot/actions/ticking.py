"""The button that ticks a task."""

from bot.actions.origin import Click
from bot.cards import card, instead
from bot.reply import Reply
from bot.services import Turn


def tick(click: Click, turn: Turn) -> Reply:
    """A task can be done in any stage; its number travels behind the deal and its stage."""
    deal = turn.deals.get(click.origin.deal_id)
    task = deal.finish_numbered(int(click.value), at=turn.now)
    said, block_id = turn.say("done.task", by=turn.member.name, task=task.text, name=deal.name), click.origin.block_id
    return instead(deal, turn, said=said, block_id=block_id) if block_id else card(deal, turn, said=said)
