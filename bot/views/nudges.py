"""Whether nudges help, in words: how many deals moved that were nudged, and how many that were held back."""

from dataclasses import dataclass

from bot.say import Percent, Say
from bot.views.blocks import Block, context, section
from bot.views.funnel_report import period_told
from models.funnel_figures import Ratio
from models.period import Period


@dataclass(frozen=True)
class Help:
    """Of the deals nudged and of those held back, how many moved forward within a week; None where there were none.

    `gap` is from how little to how much the first share may be above the second. `waiting` deals have their week before
    them still, `holdback` is how many per cent are held back now.
    """

    period: Period
    nudged: Ratio | None
    held_back: Ratio | None
    gap: tuple[float, float] | None
    waiting: int
    holdback: int


def nudges_view(found: Help, say: Say) -> tuple[Block, ...]:
    """The shares with what chance leaves open, and what follows from both."""
    told = [say("nudges.of", period=period_told(found.period, say))]
    told.append(_share("nudges.nudged", found.nudged, say) if found.nudged else say("nudges.none"))
    if found.held_back:
        told.append(_share("nudges.held_back", found.held_back, say))
    if found.nudged and found.held_back and found.gap:
        told.append(_verdict(found.nudged.share - found.held_back.share, *found.gap, say))
    notes = [say("nudges.means")]
    if found.waiting:
        notes.append(say("nudges.waiting", count=found.waiting))
    share = Percent(found.holdback / 100)
    notes.append(say("nudges.holdback", share=share) if found.holdback else say("nudges.no_holdback"))
    return (section("\n".join(told)), context("\n".join(notes)))


def _share(key: str, found: Ratio, say: Say) -> str:
    low, high = Percent(found.low), Percent(found.high)
    return say(key, count=found.count, moved=found.hits, share=Percent(found.share), low=low, high=high)


def _verdict(by: float, low: float, high: float, say: Say) -> str:
    told = {name: round(100 * each) for name, each in (("by", by), ("low", low), ("high", high))}
    return say("nudges.help" if low > 0 else "nudges.harm" if high < 0 else "nudges.unsure", **told)
