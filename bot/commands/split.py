"""`/deal split Acme @bob 30%` gives a helper a part of what a deal brings its owner."""

import re
from decimal import Decimal

from bot.cards import shares_of
from bot.faults import SplitNotUnderstood, WordsMissing
from bot.grammar import is_nothing, unquoted
from bot.reply import Reply
from bot.services import Turn
from bot.views.deal import shares_told
from models.member import Role

EXAMPLE = "/deal split Acme @bob 30%"

_SPLIT = re.compile(
    r"(?P<name>.+?)\s+(?:with\s+|to\s+|for\s+|给\s*|和\s*)?(?P<who><@[^>]*>|@\S.*?|me|我)"
    r"\s+(?:(?P<percent>\d{1,3}(?:[.,]\d{1,6})?)\s*[%％]?|(?P<nothing>\S+))",
    re.IGNORECASE,
)


def run(words: str, turn: Turn) -> Reply:
    """The deal's owner and managers say so. Raises NotAllowed, SplitNotUnderstood, SharesBeyondAll."""
    if not words:
        raise WordsMissing(EXAMPLE)
    said = _SPLIT.fullmatch(words.strip())
    if said is None or (said["nothing"] and not is_nothing(said["nothing"])):
        raise SplitNotUnderstood(words)
    deal = turn.deals.named(unquoted(said["name"]))
    if deal.owner is not turn.member:
        turn.member.require(Role.MANAGER)
    helper = turn.person(said["who"])
    if helper is deal.owner:
        raise SplitNotUnderstood(words)
    percent = Decimal((said["percent"] or "0").replace(",", "."))
    turn.commissions.split(deal, helper, percent, by=turn.member, at=turn.now)
    shares = shares_of(deal, turn)
    if not shares:
        return Reply(turn.say("split.none", deal=deal.name))
    return Reply(turn.say("split.done", deal=deal.name, parts=shares_told(shares, turn.say)))
