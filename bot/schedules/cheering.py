"""What wins were, held against all that were won before: for digests, and for the post of a win."""

from collections.abc import Callable
from datetime import datetime

from bot.digest_parts import Ground
from bot.views.cheers import cheer
from models.exchange import ExchangeRates
from models.past_wins import PastWins
from models.records import Records, Win, won_of
from models.schedule import ScheduleKind, Schedules
from models.workspace import day_in

MOST = 5


def cheers(ground: Ground, since: datetime, people: frozenset[int] | None, *, channel: str) -> list[str]:
    """What the wins of these people since then were, for a channel; one that hears of each win has heard of it."""
    gong = Schedules(ground.session, ground.workspace).find(ScheduleKind.WIN, channel)
    if ground.workspace.win_posts and gong and not gong.paused_because:
        return []
    if not ground.deals.won_pieces(since=since):
        return []
    return cheers_of(ground, since, lambda win: people is None or win.owner_id in people)[:MOST]


def cheers_of(ground: Ground, since: datetime, keep: Callable[[Win], bool]) -> list[str]:
    """Lines of markup on those wins since a moment that are kept; none where people are not told beside each other."""
    workspace = ground.workspace
    if not workspace.leaderboard:
        return []
    before = PastWins(ground.session, workspace).days(until=since)
    pieces = [each for each in ground.deals.won_pieces(since=since) if each.closed_at and each.closed_at > since]
    pricing = ExchangeRates(ground.session, workspace).pricing(
        at=ground.now, since=min((each.day for each in before), default=day_in(workspace.time_zone, since))
    )
    found = [each for each in Records(before, pricing).feats(won_of(pieces, pricing)) if keep(each.win)]
    deals = ground.deals.names_of(each.win.deal_id for each in found)
    names = {each.id: each.name for each in ground.members.all()}
    return [
        cheer(
            each,
            deal=deals[each.win.deal_id],
            owner=names.get(each.win.owner_id or 0, ""),
            currency=pricing.currency,
            say=ground.say,
        )
        for each in found
    ]
