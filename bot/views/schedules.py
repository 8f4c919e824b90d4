"""When channels hear of the funnel: what goes where, about which deals, when next and what came of it last."""

from collections.abc import Sequence

from bot.say import Markup, Say, escaped, known
from bot.views.blocks import Block, section
from bot.views.lines import as_many_as_fit
from models.member import Member
from models.schedule import BY_HAND, DAILY, MONTHLY, QUARTERLY, WORKDAYS, Schedule


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
    named = [schedule.pipeline.name] if schedule.pipeline else []
    if schedule.owner:
        named.append(whose(schedule.owner, say, with_team=schedule.with_team))
    return " · ".join(named)


def whose(owner: Member, say: Say, *, with_team: bool) -> str:
    return say.plain("topic.team", name=owner.name) if with_team else owner.name


def appointment(schedule: Schedule, say: Say) -> str:
    """Where it goes and when, about what, and whether it goes on, in one line."""
    told = [
        say(
            "schedules.line",
            channel=channel_link(schedule.target),
            days=days_of(schedule.weekdays, say),
            time=schedule.local_time,
            zone=schedule.time_zone,
            next=say.full_moment(schedule.next_due_at),
        )
    ]
    if topic := topic_told(schedule, say):
        told.append(escaped(topic))
    if schedule.is_quiet:
        told.append(say("schedules.quiet"))
    if schedule.paused_because:
        told.append(say("schedules.paused", why=why_paused(schedule, say)))
    return " · ".join(told)


def why_paused(schedule: Schedule, say: Say) -> Markup:
    """In words where there are some for it."""
    if schedule.paused_because == BY_HAND:
        return Markup(say("schedules.paused_by_hand"))
    return failure_told(schedule.paused_because, say)


def failure_told(code: str, say: Say) -> Markup:
    """Why Slack would not have a post."""
    return Markup(say(f"failure.{code}") if known(f"failure.{code}") else say("failure.other", code=Markup(code)))
