"""What a stage asks for: its tasks with when they are due, its messages, and what a rep hears on the way through."""

from collections.abc import Sequence
from datetime import date

from bot.say import Markup, Say
from bot.views.blocks import Block, actions, context, cut, fit, link_button, preformatted, section
from bot.views.buttons import done_button
from bot.views.lines import as_many_as_fit
from models.activity import Task
from models.deal import Deal
from models.pipeline import Stage
from models.playbook import Message, PlannedTask

_LONGEST = 200
_MOST_OF_MESSAGE = 80
ON_A_CARD = 5
"""So many tasks stand on a card; the rest is counted."""


def playbook_view(stage: Stage, say: Say) -> tuple[Block, ...]:
    """The goal, when it is reached, the tasks and the beginnings of the messages, as many as a message holds."""
    title = section("\n".join([say("playbook.title", stage=stage.name), *aims_of(stage, say)]))
    tip = context(say("playbook.tip"))
    lines = [_planned(task, say) for task in stage.tasks]
    lines += [
        say("playbook.template", name=cut(each.name, _LONGEST), text=cut(" ".join(each.text.split()), _MOST_OF_MESSAGE))
        for each in stage.templates
    ]
    return (title, *as_many_as_fit(lines or [say("playbook.empty")], say, beside=(title, tip)), tip)


def aims_of(stage: Stage, say: Say) -> list[str]:
    """What a stage is there for, and when that is reached, where it is written down."""
    goal = [say("pipelines.goal", goal=cut(stage.goal, _LONGEST))] if stage.goal else []
    return goal + [say("pipelines.criteria", criteria=cut(each, _LONGEST)) for each in [stage.exit_criteria] if each]


def _planned(task: PlannedTask, say: Say) -> str:
    if task.days is None:
        return say("playbook.task", text=cut(task.text, _LONGEST))
    key = "playbook.working_days" if task.in_working_days else "playbook.days"
    return say("playbook.task_due", text=cut(task.text, _LONGEST), due=say.plain(key, count=task.days))


def task_line(task: Task, today: date, say: Say) -> str:
    if task.due is None:
        return say("task.line", text=cut(task.text, _LONGEST))
    key = "task.line_overdue" if task.due < today else "task.line_due"
    return say(key, text=cut(task.text, _LONGEST), due=task.due)


def card_tasks(deal: Deal, today: date, say: Say) -> tuple[Block, ...]:
    """What the playbook of its stage asks for, and how much is left of stages that the deal has gone through."""
    left = deal.left_behind
    here = [task for task in deal.to_do if not task.is_next_step and task not in left]
    told = []
    if here:
        shown = [task_line(task, today, say) for task in here[:ON_A_CARD]]
        more = len(here) - len(shown)
        told.append(
            context("\n".join([say("card.tasks"), *shown, *([say("list.and_more", count=more)] if more else [])]))
        )
    if left:
        told.append(context(say("card.tasks_left", count=len(left), name=deal.name)))
    return tuple(told)


def hints(left: Stage, entered: Stage, say: Say) -> tuple[Block, ...]:
    """When a deal moves on: what should be so by now, and what is to be reached next."""
    told = [line] if (line := asked_for(left, say)) else []
    if entered.goal:
        told.append(say("hint.goal", stage=entered.name, goal=cut(entered.goal, _LONGEST)))
    return (context("\n".join(told)),) if told else ()


def asked_for(left: Stage, say: Say) -> str:
    """What should be so by now, as one line; empty where the stage asks for nothing."""
    if not left.exit_criteria:
        return ""
    return say("hint.criteria", stage=left.name, criteria=cut(left.exit_criteria, _LONGEST))


def task_list(title: str, deals: Sequence[Deal], *, today: date, say: Say) -> tuple[Block, ...]:
    """The open tasks of deals under a title, which is markup, each with a button that ticks it; what is left out is
    said."""
    tasks = sorted(
        ((task, deal) for deal in deals for task in deal.to_do),
        key=lambda each: (each[0].due or date.max, each[0].id),
    )
    rows = [
        section(
            say("task.of_deal", name=deal.name, task=Markup(task_line(task, today, say))),
            accessory=done_button(deal, task, say),
        )
        for task, deal in tasks
    ]
    shown = rows[: fit([[row] for row in rows])]
    more = len(rows) - len(shown)
    return (section(title), *shown, *([context(say("list.and_more", count=more))] if more else []))


def written_message(deal: Deal, message: Message, link: str, *, has_text: bool, say: Say) -> tuple[Block, ...]:
    """A message as it is sent, to be copied or opened as a mail; `has_text` tells whether the mail has the text too."""
    mail = link_button(
        say.plain("button.mail"), "link.mail", link, label=say.plain("button.mail_label", name=deal.name)
    )
    return (
        section(say("template.title", name=message.name, deal=deal.name)),
        preformatted(message.text),
        actions(mail),
        context(say("template.tip" if has_text else "template.tip_too_long")),
    )


def template_choice(deal: Deal, names: Sequence[str], say: Say) -> tuple[Block, ...]:
    """The messages of the deal's stage by their names, as these read for the deal."""
    title, tip = section(say("template.which", name=deal.name)), context(say("template.which_tip"))
    lines = [say("template.name", name=cut(name, _LONGEST)) for name in names]
    return (title, *as_many_as_fit(lines, say, beside=(title, tip)), tip)
