"""`/funnel subscribe daily 9:00` brings a digest of the funnel to a channel, `unsubscribe` ends it, and
`/funnel schedules` shows what goes where."""

import re
from collections.abc import Sequence

from bot import digesting, schedule_list
from bot.actions import scheduling
from bot.digest_words import DigestWanted, digest_wanted
from bot.faults import SettingNotUnderstood, SeveralDigests
from bot.reply import Reply
from bot.services import Turn
from bot.time_words import Times
from bot.views.schedules import days_of, topic_told
from models.errors import ScheduleNotFound
from models.rhythm import DAILY, rhythm_of
from models.schedule import Schedule, ScheduleKind

EXAMPLE = "/funnel schedules pause 12"
_CHANGES = {
    **dict.fromkeys(("pause", "暂停"), "pause"),
    **dict.fromkeys(("resume", "恢复", "继续"), "resume"),
    **dict.fromkeys(("send", "send now", "立即发送", "发送"), "send"),
    **dict.fromkeys(("delete", "remove", "删除"), "delete"),
    **dict.fromkeys(("change", "edit", "修改"), "change"),
}
_CHANGE = re.compile(
    rf"(?P<verb>{'|'.join(sorted(_CHANGES, key=len, reverse=True))})\s*#?(?P<number>\d{{1,9}})(?:\s+(?P<rest>.*)|)",
    re.IGNORECASE,
)
_DOES = {"pause": schedule_list.pause, "resume": schedule_list.resume, "send": schedule_list.send}
_ALL = frozenset({"all", "everything", "全部", "所有"})


def subscribe(words: str, turn: Turn) -> Reply:
    """In the channel where it is said, at the person's own hours.

    Where nothing is said of days and hours, none are changed: what was paused goes on as it was.
    """
    wanted = digest_wanted(words, turn)
    there = [each for each in turn.schedules.digests(turn.channel) if each.topic == wanted.about]
    if wanted.times is None and there:
        for each in there:
            each.is_quiet = each.is_quiet if wanted.is_quiet is None else wanted.is_quiet
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


def schedules(words: str, turn: Turn) -> Reply:
    """`/funnel schedules` alone, or `pause 12`, `resume 12`, `send 12`, `delete 12`, `change 12 weekdays 8:30`."""
    if not words:
        return schedule_list.listed(turn)
    match = _CHANGE.fullmatch(words)
    if match is None:
        raise SettingNotUnderstood(words, EXAMPLE)
    schedule = schedule_list.changeable(int(match["number"]), turn)
    verb = _CHANGES[match["verb"].lower()]
    if verb == "change":
        return _change(schedule, match["rest"] or "", turn)
    if match["rest"]:
        raise SettingNotUnderstood(words, EXAMPLE)
    if verb == "delete":
        return schedule_list.only(schedule, turn)
    return schedule_list.listed(turn, said=_DOES[verb](schedule, turn))


def _change(schedule: Schedule, words: str, turn: Turn) -> Reply:
    """What is not said stays as it is; where nothing is said, the form asks."""
    if schedule.kind is not ScheduleKind.DIGEST or not (words or turn.can_ask):
        raise SettingNotUnderstood(words or str(schedule.id), f"/funnel schedules change {schedule.id} weekdays 8:30")
    if not words:
        return scheduling.asked(schedule, turn)
    wanted = digest_wanted(words, turn)
    turn.schedules.change(
        schedule,
        topic=wanted.topic or schedule.topic,
        local_time=wanted.times.local_time if wanted.times else schedule.local_time,
        weekdays=wanted.times.weekdays if wanted.times else schedule.weekdays,
        is_quiet=schedule.is_quiet if wanted.is_quiet is None else wanted.is_quiet,
        at=turn.now,
    )
    return schedule_list.listed(turn, said=schedule_list.resume(schedule, turn))


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
