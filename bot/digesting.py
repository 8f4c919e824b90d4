"""Brings digests to channels, lets them go on and ends them: what commands, forms and the Home tab have in common."""

from bot.services import Turn
from bot.time_words import Times
from models.schedule import Schedule, Topic


def subscribe(channel: str, chosen: Times, topic: Topic, turn: Turn, *, is_quiet: bool | None = None) -> Schedule:
    """At the person's own hours."""
    schedule = turn.schedules.subscribe(
        channel,
        topic=topic,
        local_time=chosen.local_time,
        time_zone=turn.say.time_zone,
        weekdays=chosen.weekdays,
        is_quiet=is_quiet,
        by=turn.member,
        at=turn.now,
    )
    _pass_over_what_was_said(schedule, turn)
    return schedule


def resume(schedule: Schedule, turn: Turn) -> None:
    """Go on as it was."""
    schedule.resume(turn.now)
    _pass_over_what_was_said(schedule, turn)


def _pass_over_what_was_said(schedule: Schedule, turn: Turn) -> None:
    """Today's has come already, perhaps: it does not come twice, and nobody is told that it does."""
    while turn.deliveries.is_claimed(
        schedule.kind, schedule.target, schedule.period(schedule.next_due_at), schedule.number
    ):
        schedule.move_on(schedule.next_due_at)
