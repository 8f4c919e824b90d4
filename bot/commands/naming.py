"""Which deal is meant, and what else was said, where nothing but words tell the two apart."""

import re
from collections.abc import Callable

from bot.faults import StageMissing
from bot.grammar import Split, at_quotes, at_to, without_joint
from bot.services import Turn
from models.deal import Deal
from models.errors import DealNotFound, NameMissing, StageNotFound
from models.pipeline import Stage
from models.texts import name_key

_LOOSE = " ,;:–—-"
_ONLY_WHERE_TO = re.compile(r"\s*(?:(?:in)?to(?:\s|$)|->|→|[到至给])", re.IGNORECASE)


def deal_and_stage(words: str, turn: Turn) -> tuple[Deal, Stage | None]:
    """`Acme to Proposal`, `Acme Proposal`, or a deal alone. Raises StageNotFound and StageMissing too."""
    deal, rest = deal_and_rest(words, turn, split=at_to)
    named = without_joint(rest)
    if rest and not named:  # a `to` and nothing behind it
        raise StageMissing(deal.name, tuple(stage.name for stage in deal.pipeline.stages))
    if not named:
        return deal, None
    try:
        return deal, deal.pipeline.stage_named(named)
    except StageNotFound as unknown:  # no stage then, but the end of a name that was misspelt there
        try:
            whole = turn.deals.named(words)
        except DealNotFound:
            raise unknown from None
        if whole is not deal:
            raise
        return deal, None


def deal_and_rest(words: str, turn: Turn, *, split: Callable[[str], Split], is_whole: bool = False) -> tuple[Deal, str]:
    """The deal, and the words behind its name and their joint.

    What looks like a joint may be part of a name (`Path to Victory`) or of what follows it, so names that exist
    decide. What is quoted is a name as a whole, and with `is_whole` all that stands before a joint, so that `Acme Beta
    because price` is not of Acme Corp. Raises NameMissing, DealNotFound, SeveralDealsFit.
    """
    parted = split(words)
    if parted.name is not None and not turn.deals.has_name(words):
        try:
            return turn.deals.named(parted.name), parted.rest
        except DealNotFound as missing:
            if is_whole or at_quotes(words).name is not None:
                raise
            try:
                return turn.deals.named_at_start(words)
            except DealNotFound:
                raise missing from None
    try:
        return turn.deals.named_at_start(words)
    except DealNotFound:
        if split is at_to and _ONLY_WHERE_TO.match(words):
            raise NameMissing from None
        raise


def names_whole(named: str, deal: Deal) -> bool:
    """Whether this is all of a deal's name, or its number, rather than its beginning."""
    return named.startswith("#") or name_key(named).strip(_LOOSE) == deal.name_key.strip(_LOOSE)
