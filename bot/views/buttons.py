"""The buttons that stand beside a deal, wherever it is shown, and what they carry."""

from datetime import timedelta

from bot.say import Say
from bot.views.blocks import Block, Element, actions, button, option, select
from models.activity import Task
from models.deal import Deal

NO_DEAL = "0:0"
"""What a button carries that is about no deal yet, or about all."""

SNOOZES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
UNTIL = "until"
"""What the menu of a snooze carries instead of days where a form asks for a date."""


def button_value(deal: Deal, *rest: str) -> str:
    """What a button about a deal carries: its number, the stage that it is seen in, and what else the button means."""
    return ":".join((str(deal.id), str(deal.stage_id), *rest))


def read_value(value: str) -> tuple[int, int, str]:
    """The deal's number, the stage's, and the rest. Raises ValueError for what no button of ours carries."""
    deal_id, stage_id, *rest = value.split(":")
    return int(deal_id), int(stage_id), ":".join(rest)


def advance_button(deal: Deal, say: Say) -> Element | None:
    """One stage ahead; None where no stage lies ahead."""
    ahead = deal.pipeline.stage_after(deal.stage)
    if ahead is None:
        return None
    return button(
        say.plain("button.advance", stage=ahead.name),
        "deal.advance",
        button_value(deal),
        style="primary",
        label=say.plain("button.advance_label", stage=ahead.name, name=deal.name),
    )


def _of_deal(what: str, deal: Deal, say: Say, *, style: str = "") -> Element:
    label = say.plain(f"button.{what}_label", name=deal.name)
    return button(say.plain(f"button.{what}"), f"deal.{what}", button_value(deal), style=style, label=label)


def note_button(deal: Deal, say: Say) -> Element:
    return _of_deal("note", deal, say)


def lost_button(deal: Deal, say: Say) -> Element:
    return _of_deal("lost", deal, say, style="danger")


def step_button(deal: Deal, say: Say) -> Element:
    return _of_deal("step", deal, say)


def done_button(deal: Deal, task: Task, say: Say) -> Element:
    label = say.plain("button.done_label", task=task.text)
    return button(say.plain("button.done"), "deal.done", button_value(deal, str(task.id)), label=label)


def why_button(deal: Deal, say: Say) -> Element:
    return _of_deal("why", deal, say)


def add_button(say: Say) -> Element:
    """Opens the form for a new deal, which is of no deal and no stage yet."""
    return button(say.plain("button.add"), "deal.add", NO_DEAL, style="primary")


def notifications_button(say: Say) -> Element:
    return button(say.plain("button.notifications"), "notifications.change", NO_DEAL)


def deal_buttons(deal: Deal, say: Say, *rest: Element) -> Block:
    """What gets a deal going, below what is said of it; acting on one of them puts a line in the place of all."""
    ahead = [each for each in (advance_button(deal, say),) if each is not None]
    lost = [lost_button(deal, say)] if deal.is_open else []
    return actions(*ahead, note_button(deal, say), step_button(deal, say), *rest, *lost, block_id=f"deal-{deal.id}")


def snooze_menu(deal: Deal, say: Say) -> Element:
    """For how long the deal shall not be named again."""
    spans = [option(say.days(span), button_value(deal, str(span.days))) for span in SNOOZES]
    until = option(say.plain("button.snooze_until"), button_value(deal, UNTIL))
    return select(say.plain("button.snooze"), "deal.snooze", [*spans, until])


def show_button(deal: Deal, say: Say) -> Element:
    return _of_deal("show", deal, say)


def take_button(deal: Deal, say: Say) -> Element:
    return _of_deal("take", deal, say, style="primary")


def more_menu(deal: Deal, say: Say) -> Element:
    """What is done less often: for an open deal, and what a closed one allows."""
    if deal.is_open:
        kept = ["edit", "step", "move", "won"]
    else:
        kept = ["edit", "move", *(["satisfaction", "renewal"] if deal.is_won else [])]
    if deal.has_move_to_undo:
        kept.append("undo")
    options = [option(say.plain(f"more.{each}"), button_value(deal, each)) for each in kept]
    return select(say.plain("more.placeholder"), "deal.more", options)
