"""How a manager's people stand, a line each, and what the team has agreed on, on the Home tab."""

from collections.abc import Sequence

from bot.say import Say
from bot.views.blocks import (
    Block,
    Element,
    actions,
    button,
    channel_menu,
    context,
    cut,
    header,
    option,
    paragraphs,
    select,
)
from bot.views.exchange import apart_note, worth_told
from bot.views.schedules import schedule_list
from bot.views.settings import settings_view
from models.member import Member
from models.schedule import Schedule
from models.team import Workload
from models.workspace import Workspace

MOST = 60
NAME = 40
HORIZONS = (14, 30, 60, 90)


def team_view(found: Sequence[Workload], *, say: Say) -> tuple[Block, ...]:
    """What is left out is counted."""
    if not found:
        return (header(say.plain("team.title")), context(say("team.nobody")))
    more = len(found) - MOST
    notes = apart_note((worth for each in found for worth in (each.open_amount, each.won_amount)), say)
    if any(each.won_amount.unpriced for each in found):
        notes.append(say("exchange.by_wins"))
    return (
        header(say.plain("team.title")),
        *paragraphs([_line(each, say) for each in found[:MOST]]),
        *([context(say("list.and_more", count=more))] if more > 0 else []),
        context("\n".join([*notes, say("team.means")])),
    )


def team_settings(
    workspace: Workspace,
    members: Sequence[Member],
    digests: Sequence[Schedule],
    wins_by: Schedule | None,
    say: Say,
) -> tuple[Block, ...]:
    """What is changed most often has a button or a menu; the rest is said with `/funnel set`."""
    leaderboard = (
        button(say.plain("team.leaderboard_off"), "home.leaderboard", "off")
        if workspace.leaderboard
        else button(say.plain("team.leaderboard_on"), "home.leaderboard", "on")
    )
    return (
        header(say.plain("team.settings")),
        actions(
            leaderboard,
            _horizon(workspace, say),
            channel_menu(say.plain("team.digest"), "home.digest"),
            block_id="home-settings",
        ),
        *settings_view(workspace, members, wins_by, say, may_change=True),
        *schedule_list(digests, say),
    )


def _horizon(workspace: Workspace, say: Say) -> Element:
    days = sorted({*HORIZONS, workspace.horizon_days})
    options = {each: option(say.plain("team.horizon", count=each), str(each)) for each in days}
    chosen = options[workspace.horizon_days]
    return select(say.plain("team.horizon", count=30), "home.horizon", [*options.values()], chosen=chosen)


def _line(each: Workload, say: Say) -> str:
    told = [
        say("team.open", open=each.open, amount=worth_told(each.open_amount, say)),
        say("team.weighted", amount=worth_told(each.weighted, say)),
        say("team.stalled", stalled=each.stalled),
        say("team.won", won=each.won, amount=worth_told(each.won_amount, say)),
    ]
    return say("team.line", name=cut(each.member.name, NAME)) + " · ".join(told)
