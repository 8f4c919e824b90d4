"""What an owner sees on the morning some of their deals have gone quiet: which ones, and buttons to get them going."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.reply import Reply
from bot.say import Say
from bot.views.blocks import Block, actions, context, fit, header, section
from bot.views.buttons import advance_button, lost_button, snooze_menu
from bot.views.stalled import stalled_lines
from models.deal import Deal
from models.score import Estimate

MOST = 10


def stalled_nudge(deals: Sequence[Deal], estimates: Mapping[int, Estimate], *, now: datetime, say: Say) -> Reply:
    """The owner's stalled deals, quiet longest first; each with its own buttons, which acting on it settles."""
    title = say.plain("nudge.title", count=len(deals))
    texts = [stalled_lines(deal, estimates.get(deal.id), now=now, say=say) for deal in deals[:MOST]]
    groups = [[section(text), _buttons(deal, say)] for deal, text in zip(deals, texts, strict=False)]
    shown = fit(groups)
    more = say("list.and_more", count=len(deals) - shown) if shown < len(deals) else ""
    blocks = [header(title), *(block for group in groups[:shown] for block in group)]
    return Reply(
        "\n".join(filter(None, (title, *texts[:shown], more))),
        (*blocks, context(more)) if more else tuple(blocks),
    )


def _buttons(deal: Deal, say: Say) -> Block:
    advance = advance_button(deal, say)
    ahead = [advance] if advance is not None else []
    return actions(*ahead, snooze_menu(deal, say), lost_button(deal, say), block_id=f"deal-{deal.id}")
