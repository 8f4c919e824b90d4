"""The form that writes down what is known of a deal."""

from bot.actions.entries import Entries
from bot.actions.origin import Click, Origin, Submission
from bot.reply import Reply
from bot.services import Turn
from bot.views.forms import edit_form
from bot.writing import as_written, write
from models.deal import Deal
from models.errors import NameMissing


def ask(click: Click, turn: Turn) -> Reply:
    return asked(turn.deals.get(click.origin.deal_id), turn, click.origin)


def asked(deal: Deal, turn: Turn, origin: Origin | None = None) -> Reply:
    private = (origin or Origin.of(turn, deal)).model_dump_json()
    return Reply(form=edit_form(deal, as_written(deal), turn.workspace.custom_fields, private=private, say=turn.say))


def edit(submission: Submission, turn: Turn) -> Reply:
    """Writes what was changed, and nothing else.

    Slack never sends a form whose required field is empty. What sends one all the same, as the demo's stand-in does,
    leaves out what was not touched: then an empty field stays as it is.
    """
    deal = turn.deals.get(submission.origin.deal_id)
    before, entries = as_written(deal), Entries()
    leaves_out = "name" in submission.values and not submission.values["name"]
    for field, text in submission.values.items():
        if text.strip() == before.get(field, "") or (leaves_out and not text):
            continue
        with entries.beside(field):
            if field == "name" and not text.strip():
                raise NameMissing
            write(deal, field, text, turn)
    entries.refuse_faults()
    said = turn.say("done.edited", by=turn.member.name, name=deal.name)
    return submission.origin.noted(deal, turn, said)
