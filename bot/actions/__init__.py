"""Every button and every form, in one table each."""

from collections.abc import Callable

from bot.actions import (
    adding,
    advancing,
    editing,
    losing,
    more,
    moving,
    notifying,
    noting,
    paging,
    planning,
    renewing,
    satisfying,
    scheduling,
    settling,
    showing,
    snoozing,
    taking,
    ticking,
    winning,
)
from bot.actions.entries import AskAgain, FieldsRefused
from bot.actions.origin import Action, Click, Form, Submission
from bot.reply import Reply
from bot.services import Turn

ACTIONS: dict[str, Action] = {
    "deal.add": adding.ask,
    "deal.advance": advancing.advance,
    "deal.edit": editing.ask,
    "deal.lost": losing.ask,
    "deal.more": more.choose,
    "deal.move": moving.ask,
    "deal.note": noting.ask,
    "deal.show": showing.show,
    "deal.done": ticking.tick,
    "deal.snooze": snoozing.snooze,
    "deal.step": planning.ask,
    "find.next": paging.turn_found,
    "find.previous": paging.turn_found,
    "list.next": paging.turn_page,
    "list.previous": paging.turn_page,
    "deal.take": taking.take,
    "deal.why": showing.explain,
    "deal.won": winning.ask,
    "schedule.change": scheduling.ask,
    "schedule.delete": scheduling.delete,
    "schedule.pause": scheduling.pause,
    "schedule.resume": scheduling.resume,
    "schedule.send": scheduling.send,
    "schedule.weekly": scheduling.weekly,
    "schedules.next": scheduling.turn_page,
    "schedules.previous": scheduling.turn_page,
    "notifications.change": notifying.ask,
    "settings.change": settling.ask,
}
"""What each button does."""

ASKING = frozenset(
    {
        "deal.add",
        "deal.edit",
        "deal.lost",
        "deal.more",
        "deal.move",
        "deal.note",
        "deal.step",
        "deal.won",
        "notifications.change",
        "schedule.change",
        "settings.change",
    }
)
"""Those of them that open a form."""

SHOWING = frozenset({"deal.show", "deal.why"})
"""Those that open a view over the Home tab, where no message can be shown."""

FORMS: dict[str, Form] = {
    "form.add": Form(adding.add, field="name"),
    "form.edit": Form(editing.edit, field="name"),
    "form.lost": Form(losing.lose, field="reason"),
    "form.move": Form(moving.move, field="stage"),
    "form.note": Form(noting.note, field="note"),
    "form.notifications": Form(notifying.save, field="hour"),
    "form.renewal": Form(renewing.renew, field="on"),
    "form.satisfaction": Form(satisfying.rate, field="score"),
    "form.schedule": Form(scheduling.change, field="when"),
    "form.settings": Form(settling.settle, field="currency"),
    "form.snooze": Form(snoozing.snooze_until, field="until"),
    "form.step": Form(planning.plan, field="step"),
    "form.won": Form(winning.win, field="amount"),
}
"""What each form does when it is sent, and the field that a fault is shown beside which is of no other."""

SHORTCUTS: dict[str, Callable[[str, Turn], Reply]] = {
    "shortcut.add": lambda _said, turn: adding.asked(turn),
    "shortcut.deal": lambda said, turn: adding.asked(turn, note=said),
    "shortcut.note": noting.asked_of_any,
}
"""What each shortcut of the manifest opens; those in the menu of a message are given what it says and its address."""

__all__ = ["ACTIONS", "ASKING", "FORMS", "SHORTCUTS", "SHOWING", "AskAgain", "Click", "FieldsRefused", "Submission"]
