"""The form that wins a deal: for how much, and what is worth remembering of it."""

from bot.actions.entries import Entries
from bot.actions.origin import Click, Origin, Submission
from bot.cards import celebration
from bot.reply import Reply
from bot.services import Turn
from bot.views.forms import won_form
from bot.writing import as_written, write
from models.deal import Deal
from models.history import Via


def ask(click: Click, turn: Turn) -> Reply:
    """Raises DealMoved before anybody writes in vain."""
    return asked(click.origin.deal(turn), turn, click.origin)


def asked(deal: Deal, turn: Turn, origin: Origin | None = None) -> Reply:
    private = (origin or Origin.of(turn, deal)).model_dump_json()
    return Reply(form=won_form(deal, as_written(deal)["amount"], private=private, say=turn.say))


def win(submission: Submission, turn: Turn) -> Reply:
    """No amount leaves it as it was: what is won is worth something."""
    origin, entries = submission.origin, Entries()
    deal = origin.deal(turn)
    amount = submission.entered("amount")
    if amount and amount != as_written(deal)["amount"]:
        with entries.beside("amount"):
            write(deal, "amount", amount, turn)
    entries.refuse_faults()
    deal.win(by=turn.member, at=turn.now, via=Via.FORM, note=submission.entered("note"))
    said = celebration(deal, turn)
    return origin.settled(deal, turn, said).followed_by(origin.told_to_channel(said))
