"""The button that asks what happened with a customer, and the form that tells."""

from bot.actions.origin import Click, Submission
from bot.cards import card
from bot.reply import Place, Reply
from bot.services import Turn
from bot.views.forms import note_form
from models.activity import ActivityKind


def ask(click: Click, turn: Turn) -> Reply:
    deal = turn.deals.get(click.origin.deal_id)
    return Reply(form=note_form(deal, private=click.origin.model_dump_json(), say=turn.say))


def note(submission: Submission, turn: Turn) -> Reply:
    """A note fits a deal in any stage. It settles nothing in a list, where the deal still waits."""
    origin = submission.origin
    deal = turn.deals.get(origin.deal_id)
    kind = ActivityKind(submission.values["kind"] or ActivityKind.NOTE)
    deal.log(kind, submission.values["note"], by=turn.member, at=turn.now)
    said = turn.say("done.noted", name=deal.name)
    return card(deal, turn, said=said, place=Place.PRIVATE if origin.block_id else Place.INSTEAD)
