"""What a team has agreed on, and when its channels hear of the funnel."""

from collections.abc import Sequence

from moneyed import Money

from bot.say import Markup, Say
from bot.views.blocks import Block, actions, button, context, paragraphs, section
from bot.views.buttons import NO_DEAL
from bot.views.lines import as_many_as_fit
from models.member import Member, Role
from models.schedule import DAILY, MONTHLY, QUARTERLY, WORKDAYS, Schedule
from models.workspace import Workspace


def settings_view(workspace: Workspace, members: Sequence[Member], say: Say) -> tuple[Block, ...]:
    """The settings, and who may change them."""
    told = [
        say("settings.currency", currency=workspace.currency),
        say("settings.zone", zone=workspace.time_zone),
        say("settings.high_value", amount=Money(workspace.high_value, workspace.currency)),
        say("settings.horizon", count=workspace.horizon_days),
    ]
    told.append(say("settings.leaderboard" if workspace.leaderboard else "settings.no_leaderboard"))
    fields = workspace.custom_fields
    told.append(say("settings.fields", fields=fields) if fields else say("settings.no_fields"))
    reasons = workspace.loss_reasons
    told.append(say("settings.loss_reasons", reasons=reasons) if reasons else say("settings.no_loss_reasons"))
    people = [_person(member, say) for member in members if member.role is not Role.REP or member.manager]
    agreed = (section(say("settings.title")), *paragraphs(told))
    change = actions(button(say.plain("button.change_settings"), "settings.change", NO_DEAL))
    return (*agreed, *as_many_as_fit(people, say, beside=agreed), context(say("settings.tip")), change)


def schedule_list(schedules: Sequence[Schedule], say: Say) -> tuple[Block, ...]:
    """Which channels get a digest, and when next."""
    if not schedules:
        return (section(say("schedules.none")),)
    title = section(say("schedules.title", count=len(schedules)))
    return (title, *as_many_as_fit([_schedule(each, say) for each in schedules], say, beside=[title]))


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


def _schedule(schedule: Schedule, say: Say) -> str:
    line = _appointment(schedule, say)
    return f"{line} {say('schedules.paused', why=schedule.paused_because)}" if schedule.paused_because else line


def _appointment(schedule: Schedule, say: Say) -> str:
    return say(
        "schedules.line",
        channel=channel_link(schedule.target),
        days=days_of(schedule.weekdays, say),
        time=schedule.local_time,
        zone=schedule.time_zone,
        next=say.full_moment(schedule.next_due_at),
    )


def _person(member: Member, say: Say) -> str:
    role = say.plain(f"role.{member.role}")
    if member.manager is None:
        return say("settings.person", name=member.name, role=role)
    return say("settings.person_managed", name=member.name, role=role, manager=member.manager.name)
