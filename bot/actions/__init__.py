"""Every button and every form, in one table each."""

from bot.actions import adding, advancing, editing, losing, more, moving, noting, planning, showing, snoozing, winning
from bot.actions.entries import FieldsRefused
from bot.actions.origin import Action, Click, Form, Submission

ACTIONS: dict[str, Action] = {
    "deal.add": adding.ask,
    "deal.advance": advancing.advance,
    "deal.edit": editing.ask,
    "deal.lost": losing.ask,
    "deal.more": more.choose,
    "deal.move": moving.ask,
    "deal.note": noting.ask,
    "deal.show": showing.show,
    "deal.snooze": snoozing.snooze,
    "deal.step": planning.ask,
    "deal.why": showing.explain,
    "deal.won": winning.ask,
}
"""What each button does."""

FORMS: dict[str, Form] = {
    "form.add": Form(adding.add, field="name"),
    "form.edit": Form(editing.edit, field="name"),
    "form.lost": Form(losing.lose, field="reason"),
    "form.move": Form(moving.move, field="stage"),
    "form.note": Form(noting.note, field="note"),
    "form.step": Form(planning.plan, field="step"),
    "form.won": Form(winning.win, field="amount"),
}
"""What each form does when it is sent, and the field that a fault is shown beside which is of no other."""

__all__ = ["ACTIONS", "FORMS", "Click", "FieldsRefused", "Submission"]
