"""The form that writes down what is known of a deal, also while somebody else does."""

from collections.abc import Mapping

from bot.actions.entries import AskAgain, Entries
from bot.actions.meanwhile import as_of_now, remarks
from bot.actions.origin import Click, Origin, Submission
from bot.reply import Reply
from bot.services import Turn
from bot.views.forms import edit_form
from bot.writing import as_written, write
from models.activity import Revision
from models.deal import Deal
from models.errors import NameMissing


def ask(click: Click, turn: Turn) -> Reply:
    return asked(turn.deals.get(click.origin.deal_id), turn, click.origin)


def asked(deal: Deal, turn: Turn, origin: Origin | None = None) -> Reply:
    private = as_of_now(origin or Origin.of(turn, deal), deal, turn)
    return Reply(form=edit_form(deal, as_written(deal), turn.workspace.custom_fields, private=private, say=turn.say))


def edit(submission: Submission, turn: Turn) -> Reply:
    """Writes what was changed, and nothing else. Raises AskAgain where somebody else has changed it meanwhile.

    Slack never sends a form whose required field is empty. What sends one all the same, as the demo's stand-in does,
    leaves out what was not touched: then an empty field stays as it is.
    """
    deal = turn.deals.get(submission.origin.deal_id)
    now, entries = as_written(deal), Entries()
    leaves_out = "name" in submission.values and not submission.values["name"]
    changed = {
        field: text
        for field, value in submission.values.items()
        if (text := value.strip()) != now.get(field, "") and (text or not leaves_out)
    }
    news = turn.deals.revisions_after(deal.id, submission.origin.revision)
    if any(each.field in changed for each in news):
        raise AskAgain(_with_news(deal, changed, news, submission, turn))
    for field, text in changed.items():
        with entries.beside(field):
            if field == "name" and not text:
                raise NameMissing
            write(deal, field, text, turn)
    entries.refuse_faults()
    said = turn.say("done.edited", by=turn.member.name, name=deal.name)
    return submission.origin.settled(deal, turn, said)


def _with_news(
    deal: Deal, changed: Mapping[str, str], news: list[Revision], submission: Submission, turn: Turn
) -> dict[str, object]:
    """What the person changed stands as they typed it; what only others changed, as they did; both are told beside
    the field."""
    first = {each.field: each for each in reversed(news)}
    mine = {
        field: text
        for field, text in changed.items()
        if field not in first or text != first[field].old.replace("_", " " if field == "forecast" else "_")
    }
    return edit_form(
        deal,
        as_written(deal) | mine,
        turn.workspace.custom_fields,
        owner=turn.members.get(int(mine["owner"])) if mine.get("owner") else deal.owner,
        news=remarks(news, changed, turn),
        mark=str(news[-1].id),
        private=as_of_now(submission.origin, deal, turn),
        say=turn.say,
    )
