"""A deal that has gone quiet, in a few lines: what it is, for how long it has been quiet, and how likely it is."""

from datetime import datetime, timedelta

from bot.say import Say
from bot.views.deal import score_lines
from models.bands import Band
from models.deal import Deal
from models.score import Estimate


def stalled_lines(deal: Deal, estimate: Estimate | None, *, now: datetime, say: Say, owner: str = "") -> str:
    """With `owner`, Slack markup of who owns it, for readers who do not."""
    head = [say("deal.line", name=deal.name, stage=deal.stage.name)]
    if deal.money:
        head.append(say("stalled.amount", amount=deal.money))
    if owner:
        head.append(owner)
    usual = timedelta(days=deal.stage.stalled_after_days or 0)
    lines = [" · ".join(head), say("stalled.quiet", quiet=say.days(now - deal.quiet_since), usual=say.days(usual))]
    if estimate:
        lines.append(likely(estimate, say))
    return "\n".join(lines)


def likely(estimate: Estimate, say: Say, *, band: Band | None = None) -> str:
    """How likely the deal is to move forward, and the strongest reason."""
    return " · ".join(score_lines(estimate, say, band=band)[:2])
