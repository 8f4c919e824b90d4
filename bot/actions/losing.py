"""The button that asks why a deal was lost, and the form that tells."""

from bot.actions.origin import Click, Origin, Submission
from bot.reply import Reply
from bot.services import Turn
from bot.views.forms import lost_form
from models.deal import Deal
from models.history import Via


def ask(click: Click, turn: Turn) -> Reply:
    """Raises DealMoved before anybody writes in vain."""
    return asked(click.origin.deal(turn), turn, click.origin)


def asked(deal: Deal, turn: Turn, origin: Origin | None = None, *, typed: str = "") -> Reply:
    """`typed` is what may be the reason."""
    private = (origin or Origin.of(turn, deal)).model_dump_json()
    return Reply(form=lost_form(deal, turn.workspace.loss_reasons, typed, private=private, say=turn.say))


def lose(submission: Submission, turn: Turn) -> Reply:
    """The card or the list changes, and the channel hears of it."""
    origin = submission.origin
    deal = origin.deal(turn)
    reason, note = submission.entered("reason"), submission.entered("note")
    deal.lose(reason, by=turn.member, at=turn.now, via=Via.FORM, note=note)
    said = turn.say("done.lost", by=turn.member.name, name=deal.name, reason=deal.loss_reason)
    return origin.settled(deal, turn, said).followed_by(origin.told_to_channel(said))
