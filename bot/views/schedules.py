"""When channels hear of the funnel: what goes where, about which deals, when next and what came of it last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.say import Markup, Say, escaped, known, mention
from bot.views.blocks import Block, Element, actions, button, context, cut, section, with_question
from bot.views.buttons import NO_DEAL
from bot.views.lines import as_many_as_fit
from models.delivery import Delivery, DeliveryState
from models.member import Member
from models.rhythm import DAILY, MONTHLY, QUARTERLY, WORKDAYS, next_due
from models.schedule import BY_HAND, Schedule, ScheduleKind
from models.working_days import WorkingDays, country_of
from models.workspace import day_in

PAGE = 8
NAME = 60


@dataclass(frozen=True)
class Entry:
    """A schedule as it is listed: what came of it last, and whether the reader may change it."""

    schedule: Schedule
    last: Delivery | None
    may_change: bool


def schedules_view(
    entries: Sequence[Entry], say: Say, *, begin: int = 0, total: int, said: str = ""
) -> tuple[Block, ...]:
    """A page of them, each with its buttons; `said` is markup that tells what has just been done."""
    blocks = [*([section(said)] if said else []), section(say("schedules.listed", count=total))]
    for each in entries:
        blocks.append(section("\n".join(_entry(each, say))))
        if each.may_change:
            blocks.append(actions(*_buttons(each.schedule, say)))
    turns = []
    if begin:
        turns.append(_turn("previous", max(begin - PAGE, 0), say))
    if begin + len(entries) < total:
        turns.append(_turn("next", begin + len(entries), say))
    return (*blocks, *([actions(*turns)] if turns else []), context(say("schedules.tip")))


def schedule_list(schedules: Sequence[Schedule], say: Say) -> tuple[Block, ...]:
    """Which channels get a digest, and when next."""
    if not schedules:
        return (section(say("schedules.none")),)
    title = section(say("schedules.title", count=len(schedules)))
    return (title, *as_many_as_fit([appointment(each, say) for each in schedules], say, beside=[title]))


def days_of(weekdays: str, say: Say) -> str:
    """`daily`, `on weekdays`, or the days by name."""
    if weekdays == DAILY:
        return say.plain("days.daily")
    if weekdays == WORKDAYS:
        return say.plain("days.weekdays")
    rhythm, _, number = weekdays.partition(" ")
    if rhythm in (MONTHLY, QUARTERLY):
        return say.plain(f"days.{rhythm}_on", day=int(number)) if number else say.plain(f"days.{rhythm}")
    return say.value([say.plain(f"days.{day}") for day in weekdays.split(",")])


def channel_link(channel_id: str) -> Markup:
    return Markup(f"<#{channel_id}>")


def topic_told(schedule: Schedule, say: Say) -> str:
    """Whose deals, and of which pipeline, in plain words; empty for all of the default one."""
    named = [cut(schedule.pipeline.name, NAME)] if schedule.pipeline else []
    if schedule.owner:
        named.append(whose(schedule.owner, say, with_team=schedule.with_team))
    return " · ".join(named)


def whose(owner: Member, say: Say, *, with_team: bool) -> str:
    name = cut(owner.name, NAME)
    return say.plain("topic.team", name=name) if with_team else name


def appointment(schedule: Schedule, say: Say) -> str:
    """Where it goes and when, about what, and whether it goes on, in one line."""
    is_digest = schedule.kind is ScheduleKind.DIGEST
    if schedule.kind is ScheduleKind.WIN:
        told = [say("schedules.wins", where=place_of(schedule.target))]
    else:
        told = [
            say(
                "schedules.line",
                where=place_of(schedule.target),
                days=days_of(schedule.weekdays, say) if is_digest else say("days.working"),
                time=schedule.local_time,
                zone=schedule.time_zone,
            )
        ]
    if topic := topic_told(schedule, say):
        told.append(escaped(topic))
    if schedule.is_quiet:
        told.append(say("schedules.quiet"))
    if schedule.paused_because:
        told.append(say("schedules.paused", why=why_paused(schedule, say)))
    elif schedule.kind is not ScheduleKind.WIN:
        told.append(
            say("schedules.next", next=say.full_moment(schedule.next_due_at if is_digest else _at_work(schedule)))
        )
    return " · ".join(told)


def _at_work(schedule: Schedule) -> datetime:
    """When it comes next, on a working day where it goes."""
    due, days = schedule.next_due_at, WorkingDays(country_of(schedule.time_zone), schedule.time_zone)
    while not days.has(day_in(schedule.time_zone, due)):
        due = next_due(schedule.local_time, schedule.time_zone, schedule.weekdays, due)
    return due


def place_of(target: str) -> Markup:
    """The channel or the person whom it goes to."""
    return mention(target) if _is_person(target) else channel_link(target)


def _is_person(target: str) -> bool:
    return target.startswith(("U", "W"))


def why_paused(schedule: Schedule, say: Say) -> Markup:
    """In words where there are some for it."""
    if schedule.paused_because == BY_HAND:
        return Markup(say("schedules.paused_by_hand"))
    return failure_told(schedule.paused_because, schedule.kind, say)


def failure_told(code: str, kind: ScheduleKind, say: Say) -> Markup:
    """Why Slack would not have a post, and how to mend that."""
    key = next(filter(known, (f"failure.{kind}.{code}", f"failure.{code}")), None)
    return Markup(say(key) if key else say("failure.other", code=Markup(code)))


def _entry(entry: Entry, say: Say) -> list[str]:
    schedule = entry.schedule
    what = say(f"schedule.{schedule.kind}")
    told = [say("schedules.numbered", number=str(schedule.id), what=what, when=Markup(appointment(schedule, say)))]
    if schedule.set_by:
        told.append(say("schedules.set_by", name=cut(schedule.set_by.name, NAME)))
    if entry.last:
        told.append(outcome(entry.last, say))
    return told


def outcome(last: Delivery, say: Say) -> str:
    """What came of a post, in a sentence."""
    at = say.full_moment(last.settled_at or last.as_of)
    if last.state is DeliveryState.FAILED:
        return say("outcome.failed", at=at, why=failure_told(last.error, last.kind, say))
    if last.state is DeliveryState.UNKNOWN:
        return say("outcome.may_be_missing", at=at, why=failure_told(last.error, last.kind, say))
    if last.state is DeliveryState.LET_GO:
        return say("outcome.nothing_to_say" if last.error == "nothing to say" else "outcome.too_late", at=at)
    return say("outcome.posted" if last.state is DeliveryState.POSTED else "outcome.on_its_way", at=at)


def _buttons(schedule: Schedule, say: Say) -> list[Element]:
    """Without those that make no sense for it."""
    is_digest = schedule.kind is ScheduleKind.DIGEST
    names = ["resume" if schedule.paused_because else "pause"]
    names += ["change", "send"] if is_digest else []
    found = [_button(name, schedule, say) for name in names]
    is_alert = schedule.kind is ScheduleKind.ALERT and not _is_person(schedule.target)
    if is_digest or is_alert or schedule.kind is ScheduleKind.WIN:
        question = with_question(
            _button("delete", schedule, say, style="danger"),
            title=say.plain("schedules.delete"),
            plain=say.plain("schedules.delete_really"),
            yes=say.plain("schedule_button.delete"),
            no=say.plain("form.close"),
        )
        found.append(question)
    return found


def _button(name: str, schedule: Schedule, say: Say, *, style: str = "") -> Element:
    return button(say.plain(f"schedule_button.{name}"), f"schedule.{name}", f"{NO_DEAL}:{schedule.id}", style=style)


def _turn(name: str, begin: int, say: Say) -> Element:
    return button(say.plain(f"home.{name}"), f"schedules.{name}", f"{NO_DEAL}:{begin}")
