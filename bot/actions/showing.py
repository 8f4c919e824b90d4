"""The buttons that show a deal out of a list, and why its score is what it is."""

from bot.actions.origin import Click
from bot.cards import card, why
from bot.reply import Reply
from bot.services import Turn


def show(click: Click, turn: Turn) -> Reply:
    return card(turn.deals.get(click.origin.deal_id), turn)


def explain(click: Click, turn: Turn) -> Reply:
    return why(turn.deals.get(click.origin.deal_id), turn)
