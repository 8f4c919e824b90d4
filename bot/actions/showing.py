"""The button that shows a deal out of a list."""

from bot.actions.origin import Click
from bot.cards import card
from bot.reply import Reply
from bot.services import Turn


def show(click: Click, turn: Turn) -> Reply:
    return card(turn.deals.get(click.origin.deal_id), turn)
