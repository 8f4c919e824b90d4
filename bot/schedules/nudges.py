"""The nudge: on the mornings of their working days, owners hear which of their deals need them, in one message."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.reply import Reply
from bot.schedules.occasion import Occasion
from bot.views.blocks import Block
from bot.views.nudge import MOST, morning_nudge
from models.alarm import Alarms
from models.nudge import Nudges
from models.reminders import reminders
from models.workspace import Workspace, day_in

_DAY = timedelta(days=1)


def compose(occasion: Occasion, *, beside: Sequence[Block] = ()) -> Reply | None:
    """What is due, what should have closed and what has stalled of the person's deals; None when nothing is.
    `beside` are blocks that stand in the same message. A message without words notes which deals were held back."""
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
    stalled = [each.deal for each in found[:MOST] if each.only_stalls]
    held_back = Nudges(occasion.session, occasion.workspace).held_back(stalled)
    found = [each for each in found if each.deal.id not in held_back]
    deals = [each.deal for each in found[:MOST]]
    estimates = occasion.outlook.estimates(deals)
    takings = Alarms(occasion.session, occasion.workspace).takings(deals, at=now)
    nudge = (
        morning_nudge(found, estimates, now=now, today=today, say=occasion.say, takings=takings, beside=beside)
        if found
        else Reply("")
    )
    shown = {block.get("block_id") for block in nudge.blocks}
    noted = [deal for deal in stalled if deal.id in held_back or f"deal-{deal.id}" in shown]

    def note(session: Session, workspace: Workspace) -> None:
        Nudges(session, workspace).note(noted, held_back, at=now)

    return replace(nudge, note=note)
