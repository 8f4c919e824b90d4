"""The form that moves a deal: what its stage asks for as a checklist, and what the next one is for."""

from bot.actions.origin import Click, Origin, Submission
from bot.cards import celebration
from bot.faults import StageMissing
from bot.reply import Reply
from bot.services import Turn
from bot.views.blocks import cut
from bot.views.forms import criteria_of, mark_of, move_form
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
    the move. A stage that was taken over since the form was opened is the one that it is part of now."""
    origin, say = submission.origin, turn.say
    deal = origin.deal(turn)
    left, done = deal.stage, submission.ticked("criteria")
    criteria = criteria_of(left)
    still_open = [each for each in criteria if mark_of(each) not in done]
    ticked = [f"✓ {each}" for each in criteria if mark_of(each) in done]
    note = cut(" ".join(filter(None, (submission.entered("note"), *ticked))), NOTE_LIMIT)
    chosen = submission.entered("stage")
    known = {str(number): stage for each in turn.pipelines.all() for number, stage in each.stages_by_id().items()}
    target = known.get(chosen) if chosen else deal.pipeline.stage_after(left)
    if target and target.pipeline_id != deal.pipeline_id:
        beside = next(each for each in turn.pipelines.all() if each.id == target.pipeline_id)
        turn.deals.transfer(deal, beside, target, by=turn.member, at=turn.now, via=Via.FORM, note=note)
        where = say.plain("form.move.into_pipeline", pipeline=beside.name, stage=deal.stage.name)
        return origin.settled(deal, turn, say("settled.moved", by=turn.member.name, name=deal.name, stage=where))
    if target is None:
        raise StageMissing(deal.name, tuple(each.name for each in deal.pipeline.stages))
    change = deal.move(target, by=turn.member, at=turn.now, via=Via.FORM, note=note)
    said = say("settled.moved", by=turn.member.name, name=deal.name, stage=target.name)
    if still_open and change.change.is_forward:
        said += "\n" + say("done.left_open", stage=left.name, criteria=still_open)
    told = origin.told_to_channel(celebration(deal, turn)) if change.change is Change.WON else None
    return origin.settled(deal, turn, said).followed_by(told)
