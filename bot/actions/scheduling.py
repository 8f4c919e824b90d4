"""The buttons below `/funnel schedules`, and the form in which a digest is changed."""

from collections.abc import Callable
from dataclasses import replace

from bot import schedule_list
from bot.actions.entries import Entries
from bot.actions.origin import Action, Click, Origin, Submission
from bot.digest_words import times_in_words
from bot.grammar import times
from bot.reply import Place, Reply
from bot.services import Turn
from bot.views.schedule_form import schedule_form
from models.schedule import Schedule, Topic


def _then_listed(change: Callable[[Schedule, Turn], str]) -> Action:
    def act(click: Click, turn: Turn) -> Reply:
        said = change(schedule_list.changeable(int(click.value), turn), turn)
        return replace(schedule_list.listed(turn, said=said), place=Place.INSTEAD)

    return act


pause = _then_listed(schedule_list.pause)
resume = _then_listed(schedule_list.resume)
delete = _then_listed(schedule_list.delete)
send = _then_listed(schedule_list.send)


def weekly(click: Click, turn: Turn) -> Reply:
    """Mondays at the same hour, instead of several days a week."""
    schedule = schedule_list.changeable(int(click.value), turn)
    turn.schedules.change(
        schedule,
        topic=schedule.topic,
        local_time=schedule.local_time,
        weekdays="mon",
        is_quiet=schedule.is_quiet,
        at=turn.now,
    )
    return Reply(schedule_list.resume(schedule, turn))


def turn_page(click: Click, turn: Turn) -> Reply:
    return replace(schedule_list.listed(turn, begin=int(click.value)), place=Place.INSTEAD)


def ask(click: Click, turn: Turn) -> Reply:
    return asked(schedule_list.changeable(int(click.value), turn), turn, click.origin)


def asked(schedule: Schedule, turn: Turn, origin: Origin | None = None) -> Reply:
    private = (origin or Origin.of(turn)).model_copy(update={"schedule_id": schedule.id}).model_dump_json()
    when = times_in_words(schedule, turn.say)
    return Reply(form=schedule_form(schedule, turn.pipelines.all(), when=when, private=private, say=turn.say))


def change(submission: Submission, turn: Turn) -> Reply:
    """It keeps its time zone, and goes on if it was paused."""
    schedule, entries = schedule_list.changeable(submission.origin.schedule_id, turn), Entries()
    chosen, topic, owner_id = None, schedule.topic, submission.entered("owner")
    with entries.beside("when"):
        chosen = times(submission.entered("when"))
    with entries.beside("owner"):
        owner = turn.members.get(int(owner_id)) if owner_id else None
        with_team = owner is not None and submission.entered("reach") == "team"
        topic = Topic(_pipeline_id(submission, schedule, turn), owner.id if owner else None, with_team)
    entries.refuse_faults()
    assert chosen is not None  # noqa: S101 - otherwise it was refused
    turn.schedules.change(
        schedule,
        topic=topic,
        local_time=chosen.local_time,
        weekdays=chosen.weekdays,
        is_quiet=submission.entered("empty") == "quiet",
        at=turn.now,
    )
    said = schedule_list.resume(schedule, turn)
    reply = schedule_list.listed(turn, said=said)
    return replace(reply, place=Place.INSTEAD) if submission.origin.message_ts else reply


def _pipeline_id(submission: Submission, schedule: Schedule, turn: Turn) -> int | None:
    """None for the default one; a form of a team with one pipeline does not ask."""
    chosen = submission.entered("pipeline")
    if not chosen:
        return schedule.pipeline_id
    pipeline = next((each for each in turn.pipelines.all() if each.id == int(chosen)), turn.pipeline)
    return None if pipeline.is_default else pipeline.id
