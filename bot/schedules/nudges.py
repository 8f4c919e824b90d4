"""The nudge: on the mornings of their working days, owners hear which of their deals need them, in one message."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.reply import Reply
from bot.schedules.alerts import quiet_period
from bot.schedules.occasion import Occasion
from bot.views.blocks import Block
from bot.views.nudge import MOST, morning_nudge
from models.alarm import Alarms, Cause, Fall, alarms_of
from models.attention import high_value_from, is_high_value
from models.member import Member
from models.nudge import Nudges
from models.reminders import reminders
from models.to_do import ToDo
from models.workspace import Workspace, day_in

_DAY = timedelta(days=1)
_LONGEST_ABSENCE = timedelta(days=14)
"""From one working day to the next."""


def compose(occasion: Occasion, *, beside: Sequence[Block] = ()) -> Reply | None:
    """What is due, what is to be renewed, what should have closed, what has stalled and what big ones became unlikely
    of the person's deals; None when nothing is.
    `beside` are blocks that stand in the same message. A message without words notes which deals were held back."""
    member, now = occasion.member, occasion.now
    if member is None:
        return None
    today = day_in(occasion.time_zone, now)
    falls = _big_falls(member, occasion)
    deals = [
        *occasion.deals.some([*falls]),
        *ToDo(occasion.session, occasion.workspace).deals(owner=member),
        *occasion.open_deals.renewals(now - _LONGEST_ABSENCE, owner=member),
        *occasion.open_deals.closing(today - _DAY, owner=member),
        *occasion.open_deals.stalled(now, owner=member),
    ]
    found = reminders(deals, {deal_id: fall.by for deal_id, fall in falls.items()}, today=today, at=now)
    if not found:
        return None
    due = found
    stalled = [each.deal for each in due if each.only_stalls]
    held_back = Nudges(occasion.session, occasion.workspace).held_back(stalled)
    found = [each for each in due if each.deal.id not in held_back]
    deals = [each.deal for each in found[:MOST]]
    estimates = occasion.outlook.estimates(deals)
    takings = Alarms(occasion.session, occasion.workspace).takings(deals)
    nudge = (
        morning_nudge(found, estimates, now=now, today=today, say=occasion.say, takings=takings, beside=beside)
        if found
        else Reply("")
    )
    shown = {block.get("block_id") for block in nudge.blocks}
    alarms = alarms_of((each.deal for each in found if each.fell_by), falls, at=now)
    fell = [each for each in alarms if each.cause is Cause.SCORE_FELL and f"deal-{each.deal.id}" in shown]
    left_out = [each for each in found if f"deal-{each.deal.id}" not in shown]
    in_view = due[: due.index(left_out[0])] if left_out else due
    noted = [each.deal for each in in_view if each.only_stalls]

    def note(session: Session, workspace: Workspace) -> None:
        Nudges(session, workspace).note(noted, held_back, delivery_id=occasion.delivery_id, at=now)
        Alarms(session, workspace).note(fell, delivery_id=occasion.delivery_id, at=now)

    return replace(nudge, note=note)


def _big_falls(member: Member, occasion: Occasion) -> dict[int, Fall]:
    """Of the chances of the person's big deals: what they have not heard within the quiet period, and nobody is on."""
    falls = occasion.outlook.falls(member)
    if not falls:
        return {}
    alarms, pricing = Alarms(occasion.session, occasion.workspace), occasion.outlook.pricing
    least = high_value_from(occasion.workspace, occasion.deals.open_pieces(), pricing)
    big = [deal for deal in occasion.deals.some([*falls]) if is_high_value(deal, least, pricing)]
    told = alarms.told(occasion.target, since=occasion.now - quiet_period(occasion))
    found = [each for each in alarms_of(big, falls, at=occasion.now) if each.cause is Cause.SCORE_FELL]
    untaken = [each.deal.id for each in alarms.untaken(found, at=occasion.now)]
    return {deal_id: falls[deal_id] for deal_id in untaken if (deal_id, Cause.SCORE_FELL) not in told}
