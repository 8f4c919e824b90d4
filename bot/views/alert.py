"""What a manager sees when deals worth a lot have gone quiet: which ones, whose they are, and for how long."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.reply import Reply
from bot.say import Say, mention
from bot.views.blocks import context, fit, header, section
from bot.views.stalled import stalled_lines
from models.deal import Deal
from models.pricing import Unpriced
from models.score import Estimate

MOST = 10


def high_value_alert(
    deals: Sequence[Deal],
    estimates: Mapping[int, Estimate],
    unpriced: Sequence[Unpriced] = (),
    *,
    now: datetime,
    say: Say,
) -> Reply:
    """The stalled deals in the order given, ten at the most; what is left out is said, and what has no rate."""
    title = say.plain("alert.title", count=len(deals))
    texts = [
        stalled_lines(deal, estimates.get(deal.id), now=now, say=say, owner=_owner(deal, say)) for deal in deals[:MOST]
    ]
    groups = [[section(text)] for text in texts]
    shown = fit(groups)
    notes = [say("list.and_more", count=len(deals) - shown)] if shown < len(deals) else []
    if unpriced:
        amounts = [each.money for each in unpriced]
        notes.append(say("alert.unpriced", count=sum(each.count for each in unpriced), amounts=amounts))
    blocks = [header(title), *(block for group in groups[:shown] for block in group)]
    return Reply(
        "\n".join((title, *texts[:shown], *notes)),
        (*blocks, *map(context, notes)),
    )


def _owner(deal: Deal, say: Say) -> str:
    if deal.owner is None:
        return say("alert.no_owner")
    return mention(deal.owner.user_id) if deal.owner.user_id else say("alert.owner", name=deal.owner.name)
