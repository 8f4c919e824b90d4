"""The form that asks how satisfied a customer is."""

from bot.actions.origin import Click, Origin, Submission
from bot.reply import Reply
from bot.services import Turn
from bot.views.forms import satisfaction_form
from models.aftercare import expect_won
from models.deal import Deal


def ask(click: Click, turn: Turn) -> Reply:
    return asked(turn.deals.get(click.origin.deal_id), turn, click.origin)


def asked(deal: Deal, turn: Turn, origin: Origin | None = None) -> Reply:
    """Raises DealNotWon before anybody writes in vain."""
    expect_won(deal)
    private = (origin or Origin.of(turn, deal)).model_dump_json()
    return Reply(form=satisfaction_form(deal, private=private, say=turn.say))


def rate(submission: Submission, turn: Turn) -> Reply:
    """A customer may be asked again; every answer is kept."""
    deal = turn.deals.get(submission.origin.deal_id)
    score, comment = int(submission.entered("score") or -1), submission.entered("comment")
    answer = turn.aftercare.rate(deal, score, comment, by=turn.member, at=turn.now)
    return submission.origin.settled(deal, turn, turn.say("done.rated", name=deal.name, score=answer.score))
