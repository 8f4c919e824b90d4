"""The nudge: on the mornings of their working days, owners hear which of their deals need them, in one message."""

from collections.abc import Sequence
from datetime import timedelta

from bot.reply import Reply
from bot.schedules.occasion import Occasion
from bot.views.blocks import Block
from bot.views.nudge import MOST, morning_nudge
from models.alarm import Alarms
from models.reminders import reminders
from models.workspace import day_in

_DAY = timedelta(days=1)


def compose(occasion: Occasion, *, beside: Sequence[Block] = ()) -> Reply | None:
    """What is due, what should have closed and what has stalled of the person's deals; None when nothing is.
    `beside` are blocks that stand in the same message."""
    member, now = occasion.member, occasion.now
    if member is None:
        return None
    today = day_in(occasion.time_zone, now)
    deals = [
        *occasion.deals.with_tasks(owner=member),
        *occasion.deals.closing(today - _DAY, owner=member),
        *occasion.deals.stalled(now, owner=member),
    ]
    found = reminders(deals, today=today, at=now)
    if not found:
        return None
    deals = [each.deal for each in found[:MOST]]
    estimates = occasion.outlook.estimates(deals)
    takings = Alarms(occasion.session, occasion.workspace).takings(deals, at=now)
    return morning_nudge(found, estimates, now=now, today=today, say=occasion.say, takings=takings, beside=beside)
