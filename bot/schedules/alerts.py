"""The alert: a manager hears of the team's stalled deals that are worth a lot, before it is too late for them."""

from collections.abc import Sequence

from bot.reply import Reply
from bot.schedules.occasion import Occasion
from bot.views.alert import MOST, high_value_alert
from models.attention import is_high_value
from models.deal import Deal
from models.member import Member
from models.pricing import Lot


def compose(occasion: Occasion) -> Reply | None:
    """Stalled deals from the workspace's high-value amount on, in whatever currency that there is a rate for, whose
    owners report to this person, the most valuable first; None when there are none.

    Their own deals are not among them: of those the nudge tells. Stalled deals that cannot be compared, as there is no
    rate for their currency, are counted below.
    """
    manager = occasion.member
    if manager is None:
        return None
    pricing = occasion.outlook.pricing
    stalled = occasion.deals.stalled(occasion.now)
    big = [deal for deal in stalled if is_high_value(deal, occasion.workspace, pricing)]
    deals = sorted(_answered_for(manager, big, occasion), key=lambda deal: (-(pricing.worth_of(deal) or 0), deal.id))
    if not deals:
        return None
    foreign = [Lot(1, deal.currency, deal.amount) for deal in _answered_for(manager, stalled, occasion) if deal.amount]
    return high_value_alert(
        deals,
        occasion.outlook.estimates(deals[:MOST]),
        pricing.unpriced(foreign),
        now=occasion.now,
        say=occasion.say,
    )


def _answered_for(manager: Member, deals: Sequence[Deal], occasion: Occasion) -> list[Deal]:
    owners = {deal.owner_id: deal.owner for deal in deals if deal.owner_id != manager.id}
    theirs = {owner_id for owner_id, owner in owners.items() if manager in occasion.members.managers_of(owner)}
    return [deal for deal in deals if deal.owner_id in theirs]
