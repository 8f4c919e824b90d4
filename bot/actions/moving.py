"""The form that moves a deal: what its stage asks for as a checklist, and what the next one is for."""

from bot.actions.origin import Click, Origin, Submission
from bot.cards import celebration
from bot.faults import StageMissing
from bot.reply import Reply
from bot.services import Turn
from bot.views.blocks import cut
from bot.views.forms import criteria_of, move_form, others, stages_to_enter
from models.deal import Deal
from models.history import Change, Via
from models.texts import NOTE_LIMIT


def ask(click: Click, turn: Turn) -> Reply:
    """Raises DealMoved before anybody chooses in vain."""
    return asked(click.origin.deal(turn), turn, click.origin)


def asked(deal: Deal, turn: Turn, origin: Origin | None = None) -> Reply:
    private = (origin or Origin.of(turn, deal)).model_dump_json()
    return Reply(form=move_form(deal, turn.pipelines.all(), private=private, say=turn.say))


def move(submission: Submission, turn: Turn) -> Reply:
    """Moves it whether or not all is ticked, as a rep knows best; what is not is told, and what is stays written with
    the move."""
    origin, say = submission.origin, turn.say
    deal = origin.deal(turn)
    left, done = deal.stage, submission.ticked("criteria")
    criteria = dict(enumerate(criteria_of(left)))
    still_open = [each for number, each in criteria.items() if str(number) not in done]
    ticked = [f"✓ {each}" for number, each in criteria.items() if str(number) in done]
    note = cut(" ".join(filter(None, (submission.entered("note"), *ticked))), NOTE_LIMIT)
    chosen = submission.entered("stage")
    beside = next((each for each in others(deal, turn.pipelines.all()) if str(each.first.id) == chosen), None)
    if beside is not None:
        turn.deals.transfer(deal, beside, None, by=turn.member, at=turn.now, via=Via.FORM, note=note)
        where = say.plain("form.move.into_pipeline", pipeline=beside.name, stage=deal.stage.name)
        return origin.settled(deal, turn, say("settled.moved", by=turn.member.name, name=deal.name, stage=where))
    target = next(
        (each for each in stages_to_enter(deal) if str(each.id) == chosen),
        deal.pipeline.stage_after(left),
    )
    if target is None:
        raise StageMissing(deal.name, tuple(each.name for each in deal.pipeline.stages))
    change = deal.move(target, by=turn.member, at=turn.now, via=Via.FORM, note=note)
    said = say("settled.moved", by=turn.member.name, name=deal.name, stage=target.name)
    if still_open and change.change.is_forward:
        said += "\n" + say("done.left_open", stage=left.name, criteria=still_open)
    told = origin.told_to_channel(celebration(deal, turn)) if change.change is Change.WON else None
    return origin.settled(deal, turn, said).followed_by(told)
