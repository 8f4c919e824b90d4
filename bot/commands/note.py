"""`/deal note Acme: they called back` remembers what happened with a customer."""

from collections.abc import Callable

from bot.actions import noting
from bot.cards import card
from bot.commands.naming import deal_and_rest, names_whole
from bot.grammar import at_colon
from bot.reply import Reply
from bot.services import Turn
from models.activity import ActivityKind
from models.deal import Deal
from models.errors import DealNotFound


def of(kind: ActivityKind) -> Callable[[str, Turn], Reply]:
    """A verb for each kind: `/deal note …`, `/deal call …`, `/deal email …`, `/deal meeting …`."""

    def run(words: str, turn: Turn) -> Reply:
        deal, text = _deal_and_text(words, turn)
        if not text and turn.can_ask:
            return noting.asked(deal, kind, turn)
        deal.log(kind, text, by=turn.member, at=turn.now)
        return card(deal, turn, said=turn.say("done.noted", name=deal.name))

    return run


def _deal_and_text(words: str, turn: Turn) -> tuple[Deal, str]:
    """The colon may as well be part of what happened, behind a deal's whole name: `Acme they asked re: prices`. With a
    capital letter there, as in `Acme Beta: hello`, it is rather another name."""
    try:
        return deal_and_rest(words, turn, split=at_colon, is_whole=True)
    except DealNotFound as missing:
        try:
            deal, text = turn.deals.named_at_start(words)
        except DealNotFound:
            raise missing from None
        if text[:1].isupper() or not names_whole(words.strip().removesuffix(text), deal):
            raise
        return deal, text
