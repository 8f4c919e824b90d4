"""The form that asks how satisfied a customer is."""

from bot.actions.origin import Click, Submission
from bot.reply import Reply
from bot.services import Turn
from bot.views.forms import satisfaction_form


def ask(click: Click, turn: Turn) -> Reply:
    deal = turn.deals.get(click.origin.deal_id)
    return Reply(form=satisfaction_form(deal, private=click.origin.model_dump_json(), say=turn.say))


def rate(submission: Submission, turn: Turn) -> Reply:
    """A customer may be asked again; every answer is kept."""
    deal = turn.deals.get(submission.origin.deal_id)
    score, comment = int(submission.entered("score") or -1), submission.entered("comment")
    answer = turn.aftercare.rate(deal, score, comment, by=turn.member, at=turn.now)
    return submission.origin.settled(deal, turn, turn.say("done.rated", name=deal.name, score=answer.score))
