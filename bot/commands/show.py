"""`/deal show Acme` shows a deal: where it stands, how likely it is to move on, and why."""

from bot.cards import card
from bot.grammar import unquoted
from bot.reply import Reply
from bot.services import Turn


def run(words: str, turn: Turn) -> Reply:
    return card(turn.deals.named(unquoted(words)), turn)
