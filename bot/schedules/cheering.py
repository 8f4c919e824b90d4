"""What wins were, held against all that were won before: for digests, and for the post of a win."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.schedules.occasion import Occasion
from bot.views.cheers import cheer
from models.exchange import ExchangeRates
from models.known_deals import Selection, known_before
from models.records import Win, feats, won_of
from models.timeline import Timelines
from models.workspace import day_in

_INSTANT = timedelta(microseconds=1)


def cheers(occasion: Occasion, since: datetime, keep: Callable[[Win], bool]) -> list[str]:
    """Lines of markup on those wins since a moment that are kept; none where people are not told beside each other."""
    workspace, now, timelines = occasion.workspace, occasion.now, Timelines(occasion.session, occasion.workspace)
    if not workspace.leaderboard:
        return []
    known = known_before(timelines.ever_won(), now + _INSTANT, Selection())
    first = min((day_in(workspace.time_zone, each.closed_at) for each in known if each.closed_at), default=None)
    pricing = ExchangeRates(occasion.session, workspace).pricing(at=now, since=first)
    found = feats(won_of(known, timelines.stages(), pricing), since=since)
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
