"""The buttons below `/funnel schedules`, and the form in which a digest is changed."""

from collections.abc import Callable
from dataclasses import replace

from bot import schedule_list
from bot.actions.entries import AskAgain, Entries
from bot.actions.meanwhile import mark_of
from bot.actions.origin import Action, Click, Origin, Submission
from bot.digest_words import times_in_words
from bot.reply import Place, Reply
from bot.say import Markup
from bot.services import Turn
from bot.time_words import times
from bot.views.blocks import Block
from bot.views.schedule_form import DigestShown, schedule_form
from bot.views.schedules import appointment
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
    shown = DigestShown(
        times_in_words(schedule, turn.say), schedule.pipeline_id, schedule.owner, schedule.with_team, schedule.is_quiet
    )
    return Reply(form=_form(shown, schedule, turn, origin or Origin.of(turn)))


def change(submission: Submission, turn: Turn) -> Reply:
    """It keeps its time zone, and goes on if it was paused. Raises AskAgain where somebody else has changed it
    meanwhile."""
    schedule, entries = schedule_list.changeable(submission.origin.schedule_id, turn), Entries()
    chosen, topic, owner, owner_id = None, schedule.topic, None, submission.entered("owner")
    with entries.beside("when"):
        chosen = times(submission.entered("when"))
    with entries.beside("owner"):
        owner = turn.members.get(int(owner_id)) if owner_id else None
        with_team = owner is not None and submission.entered("reach") == "team"
        topic = Topic(_pipeline_id(submission, schedule, turn), owner.id if owner else None, with_team)
    entries.refuse_faults()
    assert chosen is not None  # noqa: S101 - otherwise it was refused
    is_quiet = submission.entered("empty") == "quiet"
    if _as_of_now(schedule, turn) not in submission.origin.untouched:
        shown = DigestShown(
            submission.entered("when"), topic.pipeline_id, owner, submission.entered("reach") == "team", is_quiet
        )
        now = turn.say("form.schedule.changed", now=Markup(appointment(schedule, turn.say)))
        raise AskAgain(_form(shown, schedule, turn, submission.origin, changed=now))
    turn.schedules.change(
        schedule,
        topic=topic,
        local_time=chosen.local_time,
        weekdays=chosen.weekdays,
        is_quiet=is_quiet,
        at=turn.now,
    )
    said = schedule_list.resume(schedule, turn)
    reply = schedule_list.listed(turn, said=said)
    return replace(reply, place=Place.INSTEAD) if submission.origin.message_ts else reply


def _form(shown: DigestShown, schedule: Schedule, turn: Turn, origin: Origin, *, changed: str = "") -> Block:
    seen = {"schedule_id": schedule.id, "untouched": (_as_of_now(schedule, turn),)}
    private = origin.model_copy(update=seen).model_dump_json()
    return schedule_form(shown, turn.pipelines.all(), changed=changed, private=private, say=turn.say)


def _as_of_now(schedule: Schedule, turn: Turn) -> str:
    """Stands for the digest as it is: what a form shows of it."""
    topic = schedule.topic
    return mark_of("digest", f"{times_in_words(schedule, turn.say)} {topic} {schedule.is_quiet}")


def _pipeline_id(submission: Submission, schedule: Schedule, turn: Turn) -> int | None:
    """None for the default one; a form of a team with one pipeline does not ask."""
    chosen = submission.entered("pipeline")
    if not chosen:
        return schedule.pipeline_id
    pipeline = next((each for each in turn.pipelines.all() if each.id == int(chosen)), turn.pipeline)
    return None if pipeline.is_default else pipeline.id
