"""What a team has agreed on."""

from collections.abc import Sequence

from moneyed import Money

from bot.say import Markup, Percent, Say
from bot.views.blocks import Block, actions, button, context, paragraphs, section
from bot.views.buttons import NO_DEAL
from bot.views.lines import as_many_as_fit
from bot.views.schedules import channel_link
from models.member import Member, Role
from models.schedule import Schedule, ScheduleKind
from models.workspace import Workspace


def settings_view(
    workspace: Workspace, members: Sequence[Member], wins_by: Schedule | None, say: Say, *, may_change: bool
) -> tuple[Block, ...]:
    """The settings, with a button for who may change them; `wins_by` says where wins are told."""
    told = [
        say("settings.currency", currency=workspace.currency),
        say("settings.zone", zone=workspace.time_zone),
        _high_value(workspace, say),
        say(
            "settings.escalation",
            manager=workspace.manager_after_days,
            channel=workspace.channel_after_days,
            quiet=workspace.alert_quiet_days,
            where=Markup(channel_link(channel) if (channel := workspace.alert_channel) else say("settings.no_channel")),
        ),
        say("settings.nudge_holdback", share=Percent(workspace.nudge_holdback / 100)),
        say("settings.horizon", count=workspace.horizon_days),
    ]
    told.append(say("settings.leaderboard" if workspace.leaderboard else "settings.no_leaderboard"))
    told.append(_wins(workspace, wins_by, say))
    fields = workspace.custom_fields
    told.append(say("settings.fields", fields=fields) if fields else say("settings.no_fields"))
    reasons = workspace.loss_reasons
    told.append(say("settings.loss_reasons", reasons=reasons) if reasons else say("settings.no_loss_reasons"))
    people = [_person(member, say) for member in members if member.role is not Role.REP or member.manager]
    agreed = (section(say("settings.title")), *paragraphs(told))
    shown = (*agreed, *as_many_as_fit(people, say, beside=agreed))
    if not may_change:
        return (*shown, context(say("settings.tip_for_reps")))
    change = actions(button(say.plain("button.change_settings"), "settings.change", NO_DEAL))
    return (*shown, context(say("settings.tip")), change)


def _wins(workspace: Workspace, by: Schedule | None, say: Say) -> str:
    """`/funnel schedules` has them from the first win on, or since somebody chose the channel."""
    if not workspace.win_posts:
        return say("settings.no_wins")
    if by is None:
        return say("settings.wins_nowhere")
    if by.kind is not ScheduleKind.WIN:
        return say("settings.wins_beside_digest", channel=channel_link(by.target))
    return say("settings.wins_paused" if by.paused_because else "settings.wins", channel=channel_link(by.target))


def _high_value(workspace: Workspace, say: Say) -> str:
    if workspace.high_value_top:
        return say("settings.high_value_top", share=Percent(workspace.high_value_top / 100))
    return say("settings.high_value", amount=Money(workspace.high_value, workspace.currency))


def _person(member: Member, say: Say) -> str:
    role = say.plain(f"role.{member.role}")
    if member.manager is None:
        return say("settings.person", name=member.name, role=role)
    return say("settings.person_managed", name=member.name, role=role, manager=member.manager.name)
