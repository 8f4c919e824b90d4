"""What wins were, held against all that were won before: for digests, and for the post of a win."""

from collections.abc import Callable
from datetime import datetime

from bot.schedules.occasion import Occasion
from bot.views.cheers import cheer
from models.exchange import ExchangeRates
from models.records import Win, feats, won_of
from models.workspace import day_in


def cheers(occasion: Occasion, since: datetime, keep: Callable[[Win], bool]) -> list[str]:
    """Lines of markup on those wins since a moment that are kept; none where people are not told beside each other."""
    workspace = occasion.workspace
    if not workspace.leaderboard:
        return []
    pieces = occasion.deals.won_pieces()
    first = min((each.closed_at for each in pieces if each.closed_at), default=None)
    pricing = ExchangeRates(occasion.session, workspace).pricing(
        at=occasion.now, since=first and day_in(workspace.time_zone, first)
    )
    found = feats(won_of(pieces, pricing), since=since)
    names = {each.id: each.name for each in occasion.members.all()}
    return [
        cheer(
            each,
            deal=occasion.deals.get(each.win.deal_id).name,
            owner=names.get(each.win.owner_id or 0, ""),
            currency=pricing.currency,
            say=occasion.say,
        )
        for each in found
        if keep(each.win)
    ]
