"""The button that asks what happened with a customer, and the form that tells."""

from bot.actions.entries import Entries
from bot.actions.origin import Click, Origin, Submission
from bot.reply import Reply
from bot.services import Turn
from bot.views.forms import log_form, note_form
from models.activity import ActivityKind
from models.deal import Deal


def ask(click: Click, turn: Turn) -> Reply:
    return asked(turn.deals.get(click.origin.deal_id), ActivityKind.NOTE, turn, click.origin)


def asked(deal: Deal, kind: ActivityKind, turn: Turn, origin: Origin | None = None) -> Reply:
    private = (origin or Origin.of(turn, deal)).model_dump_json()
    return Reply(form=note_form(deal, kind, private=private, say=turn.say))


def asked_of_any(text: str, turn: Turn) -> Reply:
    """What was said in a channel, to be logged on a deal that is yet to be found."""
    return Reply(form=log_form(text, private=Origin.of(turn).model_dump_json(), say=turn.say))


def note(submission: Submission, turn: Turn) -> Reply:
    """A note fits a deal in any stage."""
    entries = Entries()
    with entries.beside("note" if submission.origin.deal_id else "deal"):
        deal = turn.deals.get(submission.origin.deal_id or int(submission.entered("deal")))
    entries.refuse_faults()
    kind = ActivityKind(submission.entered("kind") or ActivityKind.NOTE)
    deal.log(kind, submission.entered("note"), by=turn.member, at=turn.now)
    return submission.origin.settled(deal, turn, turn.say("done.noted", name=deal.name))
