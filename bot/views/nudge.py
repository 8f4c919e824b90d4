"""What an owner sees in the morning: which of their deals need them, why, and buttons to get them going."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.reply import Reply
from bot.say import Markup, Say
from bot.views.blocks import Block, context, fit, header, section
from bot.views.buttons import deal_buttons, done_button, snooze_menu
from bot.views.playbook import task_line
from bot.views.stalled import deal_lines, waited
from models.alarm import Taking
from models.reminders import Reminder
from models.score import Estimate

MOST = 10
TASKS = 3
"""So many tasks of one deal are shown; the rest is counted."""


def morning_nudge(
    found: Sequence[Reminder],
    estimates: Mapping[int, Estimate],
    *,
    now: datetime,
    today: date,
    say: Say,
    takings: Mapping[int, Taking] | None = None,
    beside: Sequence[Block] = (),
) -> Reply:
    """The deals in the order given; each with its own buttons, which acting on it settles. `takings` tells who is on
    which of them; `beside` are blocks that stand in the same message."""
    title = say.plain("nudge.title", count=len(found))
    on_it = {deal_id: [say("card.taken", by=each.by.name, at=each.at)] for deal_id, each in (takings or {}).items()}
    rows = [
        _row(
            each,
            [*_causes(each, now, say), *on_it.get(each.deal.id, ())],
            estimates.get(each.deal.id),
            today,
            say,
        )
        for each in found[:MOST]
    ]
    shown = max(0, fit([beside, *rows]) - 1)
    more = say("list.and_more", count=len(found) - shown) if shown < len(found) else ""
    blocks = [header(title), *(block for row in rows[:shown] for block in row)]
    told = (block["text"]["text"] for block in blocks[1:] if "text" in block)
    return Reply(
        "\n".join(filter(None, (title, *told, more))),
        (*blocks, context(more)) if more else tuple(blocks),
    )


def _row(each: Reminder, causes: Sequence[str], estimate: Estimate | None, today: date, say: Say) -> list[Block]:
    deal = each.deal
    return [
        section(deal_lines(deal, causes, estimate, say=say)),
        *(
            section(
                task_line(task, today, say),
                accessory=done_button(deal, task, say),
                block_id=f"deal-{deal.id}-task-{task.id}",
            )
            for task in each.due[:TASKS]
        ),
        deal_buttons(deal, say, *([snooze_menu(deal, say)] if deal.is_open else [])),
    ]


def _causes(each: Reminder, now: datetime, say: Say) -> list[str]:
    deal, told = each.deal, []
    if each.is_renewal:
        told.append(say("nudge.renewal", date=deal.close_date) if deal.close_date else say("nudge.renewal_undated"))
    if each.should_have_closed:
        told.append(say("look.close_date_passed", date=deal.close_date))
    if each.fell_by:
        told.append(say("look.score_fallen", count=round(each.fell_by * 100)))
    wait = deal.wait(now) if each.is_stalled else None
    if wait:
        told += waited(wait, deal.stage.name, say)
    if (more := len(each.due) - TASKS) > 0:
        told.append(say("nudge.more_tasks", count=more, number=Markup(deal.id)))
    return told
