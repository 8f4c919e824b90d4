"""The form that sets the next step of a deal."""

from bot.actions.entries import AskAgain, Entries
from bot.actions.origin import Click, Origin, Submission
from bot.grammar import next_step
from bot.reply import Reply
from bot.services import Turn
from bot.views.forms import step_form
from models.deal import Deal
from models.reading_dates import read_date


def ask(click: Click, turn: Turn) -> Reply:
    return asked(turn.deals.get(click.origin.deal_id), turn, click.origin)


def asked(deal: Deal, turn: Turn, origin: Origin | None = None) -> Reply:
    return Reply(form=step_form(deal, private=_as_of_now(origin or Origin.of(turn, deal), deal), say=turn.say))


def plan(submission: Submission, turn: Turn) -> Reply:
    """A day may stand in its own field or behind the step, as in `call Ann by friday`. Raises AskAgain where somebody
    has set another one meanwhile."""
    origin, entries = submission.origin, Entries()
    deal = turn.deals.get(origin.deal_id)
    if deal.next_step and deal.next_step.id != origin.task_id:
        raise AskAgain(
            step_form(
                deal,
                step=submission.entered("step"),
                due=submission.entered("due"),
                has_changed=True,
                private=_as_of_now(origin, deal),
                say=turn.say,
            )
        )
    today, locale = turn.today, turn.say.locale
    due = submission.entered("due")
    step = next_step(submission.entered("step"), today=today, locale=locale)
    text, day = step.text, step.due
    if due:
        text = submission.entered("step")
        with entries.beside("due"):
            day = read_date(due, today=today, locale=locale)
    with entries.beside("step"):
        deal.plan(text, due=day, by=turn.member, at=turn.now)
    entries.refuse_faults()
    said = turn.say("done.set", name=deal.name, field=turn.say.plain("field.next_step"))
    return origin.settled(deal, turn, said)


def _as_of_now(origin: Origin, deal: Deal) -> str:
    seen = deal.next_step.id if deal.next_step else 0
    return origin.model_copy(update={"task_id": seen}).model_dump_json()
