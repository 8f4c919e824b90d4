"""Which deal is meant, and what else was said, where nothing but words tell the two apart."""

from collections.abc import Callable

from bot.grammar import Split
from bot.services import Turn
from models.deal import Deal
from models.errors import DealNotFound


def deal_and_rest(words: str, turn: Turn, *, split: Callable[[str], Split]) -> tuple[Deal, str]:
    """The deal, and the words behind its name and their joint.

    What looks like a joint may be part of a name (`Path to Victory`) or of what follows it, so names that exist
    decide. Raises NameMissing, DealNotFound, SeveralDealsFit.
    """
    parted = split(words)
    if parted.name is not None and not turn.deals.has_name(words):
        try:
            return turn.deals.named(parted.name), parted.rest
        except DealNotFound:
            if not parted.rest:
                raise
    return turn.deals.named_at_start(words)
