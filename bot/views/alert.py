"""What a manager or a channel sees of deals worth a lot that are at risk: which ones, whose they are, and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.reply import Reply
from bot.say import Say, mention
from bot.views.blocks import Block, actions, context, fit, header, section
from bot.views.buttons import show_button, take_button
from bot.views.stalled import deal_lines, waited
from models.alarm import Alarm, Cause
from models.deal import Deal
from models.pricing import Unpriced
from models.score import Estimate

MOST = 10


def high_value_alert(
    alarms: Sequence[Alarm],
    estimates: Mapping[int, Estimate],
    unpriced: Sequence[Unpriced] = (),
    *,
    now: datetime,
    say: Say,
    beside: Sequence[Block] = (),
) -> Reply:
    """The deals in the order given, ten at the most, each with what is the matter and a button for who is on it; what
    is left out is said, and what has no rate. `beside` are blocks that stand in the same message, where more follow."""
    deals = list({each.deal.id: each.deal for each in alarms}.values())
    title = say.plain("alert.title", count=len(deals))
    groups = [_row(deal, alarms, estimates.get(deal.id), now, say) for deal in deals[:MOST]]
    shown = max(0, fit([beside, *groups], reserve=8) - 1)
    notes = [say("list.and_more", count=len(deals) - shown)] if shown < len(deals) else []
    if unpriced:
        amounts = [each.money for each in unpriced]
        notes.append(say("alert.unpriced", count=sum(each.count for each in unpriced), amounts=amounts))
    blocks = [header(title), *(block for group in groups[:shown] for block in group)]
    return Reply(
        "\n".join((title, *(group[0]["text"]["text"] for group in groups[:shown]), *notes)),
        (*blocks, *map(context, notes)),
    )


def _row(deal: Deal, alarms: Sequence[Alarm], estimate: Estimate | None, now: datetime, say: Say) -> list[Block]:
    told = [line for each in alarms if each.deal.id == deal.id for line in _told(each, now, say)]
    return [
        section(deal_lines(deal, told, estimate, say=say, owner=_owner(deal, say))),
        actions(take_button(deal, say), show_button(deal, say), block_id=f"deal-{deal.id}"),
    ]


def _told(alarm: Alarm, now: datetime, say: Say) -> list[str]:
    deal = alarm.deal
    if alarm.cause is Cause.CLOSE_DATE_PASSED:
        return [say("look.close_date_passed", date=deal.close_date)]
    if alarm.cause is Cause.SCORE_FELL:
        return [say("look.score_fallen", count=round(alarm.by * 100))]
    wait = deal.wait(now)
    return waited(wait, deal.stage.name, say) if wait else []


def _owner(deal: Deal, say: Say) -> str:
    if deal.owner is None:
        return say("alert.no_owner")
    return mention(deal.owner.user_id) if deal.owner.user_id else say("alert.owner", name=deal.owner.name)
