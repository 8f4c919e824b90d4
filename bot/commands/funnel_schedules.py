"""`/funnel subscribe daily 9:00` brings the digest of the funnel to a channel, `unsubscribe` ends it."""

from bot.grammar import times
from bot.reply import Reply
from bot.services import Turn
from bot.views.settings import days_of, schedule_list
from models.schedule import ScheduleKind


def subscribe(words: str, turn: Turn) -> Reply:
    """In the channel where it is said, at the person's own hours."""
    chosen = times(words)
    schedule = turn.schedules.set(
        ScheduleKind.DIGEST,
        turn.channel,
        local_time=chosen.local_time,
        time_zone=turn.say.time_zone,
        weekdays=chosen.weekdays,
        by=turn.member,
        at=turn.now,
    )
    return Reply(
        turn.say(
            "schedules.set",
            days=days_of(schedule.weekdays, turn.say),
            time=schedule.local_time,
            zone=schedule.time_zone,
            next=turn.say.full_moment(schedule.next_due_at),
        )
    )


def unsubscribe(_words: str, turn: Turn) -> Reply:
    turn.schedules.remove(ScheduleKind.DIGEST, turn.channel)
    return Reply(turn.say("schedules.removed"))


def schedules(_words: str, turn: Turn) -> Reply:
    digests = [each for each in turn.schedules.all() if each.kind is ScheduleKind.DIGEST]
    blocks = schedule_list(digests, turn.say)
    return Reply(turn.say("schedules.title", count=len(digests)) if digests else turn.say("schedules.none"), blocks)
