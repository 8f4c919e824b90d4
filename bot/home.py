"""The Home tab: a person's own open deals, those that wait for them first, and what they can type."""

from bot.services import Turn
from bot.views.blocks import Block
from bot.views.home import SHOWN, home_tab
from bot.views.targets import progress_line
from models.attainment import progress
from models.target import Scope

TARGETS = 8


def home(turn: Turn) -> Block:
    """What the person sees there now."""
    stalled = turn.deals.stalled(turn.now, owner=turn.member)
    waiting = {deal.id for deal in stalled}
    others = turn.deals.open(owner=turn.member, limit=SHOWN + len(stalled))
    return home_tab(
        [*stalled, *(deal for deal in others if deal.id not in waiting)],
        total=turn.deals.count_open(owner=turn.member),
        stalled=len(stalled),
        now=turn.now,
        say=turn.say,
        targets=_targets(turn),
    )


def _targets(turn: Turn) -> list[str]:
    """Where the person's own targets stand, those of the team that they lead, and those of all."""
    workspace, me = turn.workspace, turn.member.id
    found = progress(
        turn.session,
        workspace,
        turn.members.all(),
        at=turn.now,
        of=lambda target: target.scope is Scope.WORKSPACE or target.member_id == me,
    )
    return [progress_line(each, workspace.currency, turn.say) for each in found[-TARGETS:]]
