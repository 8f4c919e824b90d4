"""The button that asks why a deal was lost, and the form that tells."""

from bot.actions.origin import Click, Submission
from bot.cards import instead
from bot.reply import Reply
from bot.services import Turn
from bot.views.forms import lost_form
from models.history import Via


def ask(click: Click, turn: Turn) -> Reply:
    """Raises DealMoved before anybody writes in vain."""
    deal = click.origin.deal(turn)
    return Reply(form=lost_form(deal, private=click.origin.model_dump_json(), say=turn.say))


def lose(submission: Submission, turn: Turn) -> Reply:
    """The card or the list changes, and the channel hears of it."""
    origin = submission.origin
    deal = origin.deal(turn)
    deal.lose(submission.values["reason"], by=turn.member, at=turn.now, via=Via.FORM)
    said = turn.say("done.lost", by=turn.member.name, name=deal.name, reason=deal.loss_reason)
    return instead(deal, turn, said=said, block_id=origin.block_id).followed_by(origin.told_to_channel(said))
