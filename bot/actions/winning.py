"""The form that wins a deal: for how much, and what is worth remembering of it."""

from bot.actions.entries import AskAgain, Entries
from bot.actions.meanwhile import as_of_now, remarks
from bot.actions.origin import Click, Origin, Submission
from bot.cards import celebration
from bot.reply import Reply
from bot.services import Turn
from bot.views.blocks import Block
from bot.views.forms import won_form
from bot.writing import as_written, write
from models.activity import Revision
from models.deal import Deal
from models.history import Via


def ask(click: Click, turn: Turn) -> Reply:
    """Raises DealMoved before anybody writes in vain."""
    return asked(click.origin.deal(turn), turn, click.origin)


def asked(deal: Deal, turn: Turn, origin: Origin | None = None) -> Reply:
    private = as_of_now(origin or Origin.of(turn, deal), deal, turn)
    return Reply(form=won_form(deal, as_written(deal)["amount"], private=private, say=turn.say))


def win(submission: Submission, turn: Turn) -> Reply:
    """No amount leaves it as it was: what is won is worth something. Raises AskAgain where somebody else has changed
    the amount meanwhile."""
    origin, entries = submission.origin, Entries()
    deal = origin.deal(turn)
    amount, now = submission.entered("amount"), as_written(deal)["amount"]
    news = [each for each in turn.deals.revisions_after(deal.id, origin.revision) if each.field == "amount"]
    if news and amount not in ("", now):
        raise AskAgain(_with_news(deal, news, submission, turn))
    if amount not in ("", now):
        with entries.beside("amount"):
            write(deal, "amount", amount, turn)
    entries.refuse_faults()
    deal.win(by=turn.member, at=turn.now, via=Via.FORM, note=submission.entered("note"))
    said = celebration(deal, turn)
    return origin.settled(deal, turn, said).followed_by(origin.told_to_channel(said))


def _with_news(deal: Deal, news: list[Revision], submission: Submission, turn: Turn) -> Block:
    """An amount that the person left alone stands as it is now, another one as they typed it."""
    amount = submission.entered("amount")
    return won_form(
        deal,
        as_written(deal)["amount"] if amount == news[0].old else amount,
        note=submission.entered("note"),
        news=remarks(news, ["amount"], turn)["amount"],
        mark=str(news[-1].id),
        private=as_of_now(submission.origin, deal, turn),
        say=turn.say,
    )
