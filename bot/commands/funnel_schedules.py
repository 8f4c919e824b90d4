"""`/funnel subscribe daily 9:00` brings a digest of the funnel to a channel, `unsubscribe` ends it."""

from collections.abc import Sequence

from bot import digesting
from bot.digest_words import DigestWanted, digest_wanted
from bot.faults import SeveralDigests
from bot.grammar import Times
from bot.reply import Reply
from bot.services import Turn
from bot.views.schedules import days_of, schedule_list, topic_told
from models.errors import ScheduleNotFound
from models.schedule import DAILY, Schedule, rhythm_of

_ALL = frozenset({"all", "everything", "全部", "所有"})


def subscribe(words: str, turn: Turn) -> Reply:
    """In the channel where it is said, at the person's own hours.

    Where nothing is said of days and hours, none are changed: what was paused goes on as it was.
    """
    wanted = digest_wanted(words, turn)
    there = [each for each in turn.schedules.digests(turn.channel) if each.topic == wanted.about]
    if wanted.times is None and there:
        for each in there:
            each.is_quiet = each.is_quiet or wanted.is_quiet
        return Reply("\n".join(_kept(each, turn) for each in there))
    chosen = wanted.times or Times(DAILY, "09:00")
    return Reply(_set(digesting.subscribe(turn.channel, chosen, wanted.about, turn, is_quiet=wanted.is_quiet), turn))


def unsubscribe(words: str, turn: Turn) -> Reply:
    """Raises ScheduleNotFound, and SeveralDigests where it is not clear which is meant."""
    there = turn.schedules.digests(turn.channel)
    meant = there if words.lower() in _ALL else _meant(there, digest_wanted(words, turn))
    if not meant:
        raise ScheduleNotFound(turn.channel)
    if len(meant) > 1 and words.lower() not in _ALL:
        raise SeveralDigests(tuple(_in_short(each, turn) for each in meant))
    for each in meant:
        turn.schedules.remove(each.kind, each.target, each.number)
    left = len(there) - len(meant)
    return Reply(turn.say("schedules.removed_one", count=left) if left else turn.say("schedules.removed"))


def schedules(_words: str, turn: Turn) -> Reply:
    digests = turn.schedules.digests()
    blocks = schedule_list(digests, turn.say)
    return Reply(turn.say("schedules.title", count=len(digests)) if digests else turn.say("schedules.none"), blocks)


def _meant(digests: Sequence[Schedule], wanted: DigestWanted) -> list[Schedule]:
    return [
        each
        for each in digests
        if wanted.topic in (None, each.topic)
        if wanted.times is None or each.rhythm is rhythm_of(wanted.times.weekdays)
    ]


def _set(schedule: Schedule, turn: Turn) -> str:
    told = [turn.say("schedules.set", **_appointment(schedule, turn))]
    if topic := topic_told(schedule, turn.say):
        told.append(turn.say("schedules.about", topic=topic))
    if schedule.is_quiet:
        told.append(turn.say("schedules.is_quiet"))
    return " ".join(told)


def _kept(schedule: Schedule, turn: Turn) -> str:
    """What is there already, which goes on if it was paused."""
    if schedule.paused_because:
        digesting.resume(schedule, turn)
        return turn.say("schedules.resumed", **_appointment(schedule, turn))
    return turn.say("schedules.kept", **_appointment(schedule, turn))


def _appointment(schedule: Schedule, turn: Turn) -> dict[str, str]:
    return {
        "days": days_of(schedule.weekdays, turn.say),
        "time": schedule.local_time,
        "zone": schedule.time_zone,
        "next": turn.say.full_moment(schedule.next_due_at),
    }


def _in_short(schedule: Schedule, turn: Turn) -> str:
    told = [days_of(schedule.weekdays, turn.say), topic_told(schedule, turn.say)]
    return " · ".join(filter(None, told))
