"""The alert: managers, and later a channel, hear of big deals that their owners alone do not get going.

The owner hears first, in the nudge; after some working days their manager, after some more the channel that the team
has set for it. Whoever says that they are on it ends that for what is the matter by then, and nothing is told twice
within the quiet period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.reply import Reply
from bot.schedules.occasion import Occasion
from bot.views.alert import MOST, high_value_alert
from bot.views.blocks import Block
from models.alarm import Alarm, Alarms, Fall, alarms_of
from models.attention import high_value_from, is_high_value
from models.deal import Deal
from models.member import Member
from models.pricing import Lot
from models.working_days import WorkingDays
from models.workspace import Workspace, day_in

_DAY = timedelta(days=1)


def compose(occasion: Occasion, *, beside: Sequence[Block] = ()) -> Reply | None:
    """What is the matter with big deals, in whatever currency that there is a rate for, of owners who report to this
    person, or of all for the channel, the most valuable first; None when there is no news.

    Their own deals are not among them: of those the nudge tells. Stalled deals that cannot be compared, as there is no
    rate for their currency, are counted below. `beside` are blocks that stand in the same message; what it does not
    hold is not told yet.
    """
    if occasion.member is None and occasion.target != occasion.workspace.alert_channel:
        return None
    stalled, alarms = occasion.open_deals.stalled(occasion.now), Alarms(occasion.session, occasion.workspace)
    falls = occasion.outlook.falls()
    found = _news(_due(_big(stalled, falls, occasion), falls, occasion), alarms, occasion)
    if not found:
        return None
    deals = list({each.deal.id: each.deal for each in found}.values())[:MOST]
    foreign = [Lot(1, deal.currency, deal.amount) for deal in _answered_for(stalled, occasion) if deal.amount]
    reply = high_value_alert(
        found,
        occasion.outlook.estimates(deals),
        occasion.outlook.pricing.unpriced(foreign),
        now=occasion.now,
        say=occasion.say,
        beside=beside,
    )

    shown = {block.get("block_id") for block in reply.blocks}
    told = [each for each in found if f"deal-{each.deal.id}" in shown]

    def note(session: Session, workspace: Workspace) -> None:
        Alarms(session, workspace).note(told, delivery_id=occasion.delivery_id, at=occasion.now)

    return replace(reply, note=note)


def _big(stalled: Sequence[Deal], falls: Mapping[int, Fall], occasion: Occasion) -> list[Deal]:
    """Those of high value that may be in trouble and that this person answers for, the most valuable first."""
    pricing, today = occasion.outlook.pricing, day_in(occasion.time_zone, occasion.now)
    candidates = [*stalled, *occasion.open_deals.closing(today - _DAY), *occasion.deals.some([*falls])]
    deals = list({deal.id: deal for deal in candidates}.values())
    least = high_value_from(occasion.workspace, occasion.deals.open_pieces(), pricing)
    big = [deal for deal in deals if is_high_value(deal, least, pricing)]
    return sorted(_answered_for(big, occasion), key=lambda deal: (-(pricing.worth_of(deal) or 0), deal.id))


def _due(deals: Sequence[Deal], falls: Mapping[int, Fall], occasion: Occasion) -> list[Alarm]:
    workspace = occasion.workspace
    found = alarms_of(deals, falls, at=occasion.now)
    if occasion.member is None:
        return [each for each in found if each.waited >= workspace.channel_after_days]
    return [each for each in found if each.is_a_manager_s(workspace.manager_after_days)]


def _news(found: Sequence[Alarm], alarms: Alarms, occasion: Occasion) -> list[Alarm]:
    """What nobody is on, and what this target has not heard within the quiet period."""
    told = alarms.told(occasion.target, since=occasion.now - quiet_period(occasion))
    return [each for each in alarms.untaken(found, at=occasion.now) if (each.deal.id, each.cause) not in told]


def quiet_period(occasion: Occasion) -> timedelta:
    """So many working days of whoever hears it, back from now."""
    today = day_in(occasion.time_zone, occasion.now)
    return today - _before(today, occasion.workspace.alert_quiet_days, occasion.working_days) - _DAY / 2


def _before(day: date, count: int, days: WorkingDays) -> date:
    while count:
        count -= days.has(day)
        day -= _DAY
    return day


def _answered_for(deals: Sequence[Deal], occasion: Occasion) -> list[Deal]:
    manager: Member | None = occasion.member
    if manager is None:
        return list(deals)
    owners = {deal.owner_id: deal.owner for deal in deals if deal.owner_id != manager.id}
    theirs = {owner_id for owner_id, owner in owners.items() if manager in occasion.members.managers_of(owner)}
    return [deal for deal in deals if deal.owner_id in theirs]
