"""A deal that has gone quiet, in a few lines: what it is, for how long it has been quiet, and how likely it is."""

from collections.abc import Sequence

from bot.say import Percent, Say
from bot.views.deal import score_lines
from models.bands import Band
from models.deal import Deal
from models.score import Estimate
from models.stalling import SHARE, Wait


def deal_lines(deal: Deal, told: Sequence[str], estimate: Estimate | None, *, say: Say, owner: str = "") -> str:
    """What it is, the lines that tell why it is here, and how likely it is. With `owner`, Slack markup of who owns it,
    for readers who do not."""
    head = [say("deal.line", name=deal.name, stage=deal.stage.name)]
    if deal.money:
        head.append(say("stalled.amount", amount=deal.money))
    if owner:
        head.append(owner)
    lines = [" · ".join(head), *told]
    if estimate:
        lines.append(likely(estimate, say))
    return "\n".join(lines)


def waited(wait: Wait, stage: str, say: Say) -> list[str]:
    """Why a deal counts as stalled: for how long it has been quiet, and in its stage, against what is usual there."""
    told = []
    if wait.is_too_quiet:
        told.append(
            say("stalled.quiet", count=wait.quiet, limit=wait.quiet_limit)
            if wait.usual_quiet is None or not wait.is_usual_known
            else say("stalled.quiet_unlike", count=wait.quiet, share=Percent(SHARE), usual=wait.usual_quiet)
        )
    if wait.usual_in_stage is not None and wait.is_usual_known:
        usual = wait.usual_in_stage
        told.append(say("stalled.in_stage_unlike", count=wait.in_stage, stage=stage, share=Percent(SHARE), usual=usual))
    elif wait.is_too_long:
        told.append(say("stalled.in_stage", count=wait.in_stage, stage=stage, limit=wait.in_stage_limit))
    return told


def likely(estimate: Estimate, say: Say, *, band: Band | None = None) -> str:
    """How likely the deal is to move forward, and the strongest reason."""
    return " · ".join(score_lines(estimate, say, band=band)[:2])
