"""The Home tab: a person's own open deals, those that wait for them first, and what they can type."""

from bot.services import Turn
from bot.views.blocks import Block
from bot.views.home import SHOWN, home_tab


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
    )
