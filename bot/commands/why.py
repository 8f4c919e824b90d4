"""`/deal why Acme` tells why a deal is as likely as it is, how that has changed, and what may raise it."""

from bot.cards import why
from bot.grammar import unquoted
from bot.reply import Reply
from bot.services import Turn


def run(words: str, turn: Turn) -> Reply:
    return why(turn.deals.named(unquoted(words)), turn)
