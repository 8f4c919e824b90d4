"""Every button and every form, in one table each."""

from bot.actions import advancing, losing, noting, showing, snoozing
from bot.actions.origin import Action, Click, Form, Submission

ACTIONS: dict[str, Action] = {
    "deal.advance": advancing.advance,
    "deal.lost": losing.ask,
    "deal.note": noting.ask,
    "deal.show": showing.show,
    "deal.snooze": snoozing.snooze,
    "deal.why": showing.explain,
}
"""What each button does."""

FORMS: dict[str, Form] = {
    "form.lost": Form(losing.lose, field="reason"),
    "form.note": Form(noting.note, field="note"),
}
"""What each form does when it is sent, and the field that a fault is shown beside."""

__all__ = ["ACTIONS", "FORMS", "Click", "Submission"]
