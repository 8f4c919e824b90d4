"""What a win was, in one glad line."""

from moneyed import Money

from bot.say import Say
from bot.views.blocks import cut
from models.records import Celebrated, Feat

NAME = 60


def cheer(feat: Celebrated, *, deal: str, owner: str, currency: str, say: Say) -> str:
    """`owner` is whose win it was, `deal` what was won."""
    amount = say.compact(Money(feat.amount, currency))
    match feat.feat:
        case Feat.BIGGEST:
            return say("cheer.biggest", deal=cut(deal, NAME), amount=amount)
        case Feat.QUARTER:
            return say("cheer.quarter", deal=cut(deal, NAME), amount=amount)
        case Feat.MONTH:
            return say("cheer.month", name=cut(owner, NAME), amount=amount)
    return say("cheer.streak", name=cut(owner, NAME), count=feat.weeks)
