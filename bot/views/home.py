"""What a person sees on the bot's Home tab."""

from collections.abc import Sequence
from datetime import datetime

from bot.say import Say
from bot.views.blocks import Block, context, divider, header, home, paragraphs, section
from bot.views.deals import deal_line
from bot.views.help import deal_help
from models.deal import Deal

SHOWN = 40


def home_tab(
    deals: Sequence[Deal], *, total: int, stalled: int, now: datetime, say: Say, targets: Sequence[str] = ()
) -> Block:
    """Where the person's targets stand, the first of their open deals, of which there are `total`, and what can be
    typed about them."""
    lines = [deal_line(deal, now, say) for deal in deals[:SHOWN]]
    more = total - len(lines)
    return home(
        [
            *([section("\n".join([say("targets.title"), *targets])), divider()] if targets else []),
            header(say.plain("home.title")),
            *paragraphs(lines),
            *([context(say("list.and_more", count=more))] if more > 0 else []),
            divider(),
            *deal_help(say, open_deals=total, stalled=stalled),
        ]
    )
