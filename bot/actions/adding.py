"""The form that adds a deal."""

from bot.actions.entries import Entries
from bot.actions.origin import Click, Origin, Submission
from bot.cards import card
from bot.reply import Place, Reply
from bot.services import Turn
from bot.views.forms import add_form
from models.activity import ActivityKind
from models.history import Via
from models.reading_dates import read_date
from models.reading_money import read_money


def ask(click: Click, turn: Turn) -> Reply:
    return asked(turn, click.origin)


def asked(turn: Turn, origin: Origin | None = None, *, note: str = "") -> Reply:
    private = (origin or Origin.of(turn)).model_dump_json()
    default = turn.pipeline
    pipelines = turn.pipelines.all()
    return Reply(form=add_form(pipelines, default, turn.member, private=private, say=turn.say, note=note))


def add(submission: Submission, turn: Turn) -> Reply:
    """As `/deal add` does, and where it would tell the channel, so does the form."""
    entered, entries = submission.entered, Entries()
    money = close_date = None
    with entries.beside("amount"):
        money = read_money(entered("amount"), currency=turn.workspace.currency) if entered("amount") else None
    with entries.beside("close_date"):
        close_date = (
            read_date(entered("close_date"), today=turn.today, locale=turn.say.locale)
            if entered("close_date")
            else None
        )
    entries.refuse_faults()
    pipeline = next(
        (each for each in turn.pipelines.all() if str(each.id) == entered("pipeline")),
        turn.pipeline,
    )
    deal = turn.deals.add(
        entered("name"),
        stage=pipeline.first,
        owner=turn.members.get(int(entered("owner"))) if entered("owner") else turn.member,
        at=turn.now,
        via=Via.FORM,
        money=money,
        close_date=close_date,
        company=entered("company"),
        contact=entered("contact"),
        source=entered("source"),
    )
    if entered("note"):
        deal.log(ActivityKind.NOTE, entered("note"), by=turn.member, at=turn.now)
    return card(deal, turn, said=turn.say("done.added", by=turn.member.name, name=deal.name), place=Place.CHANNEL)
