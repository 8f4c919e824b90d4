"""Why a deal is as likely as it is: what speaks for it and against it, how that has changed, and what may raise it.

All in words: Slack shares pictures with a whole channel only, and this is told to one person.
"""

from collections.abc import Iterator, Sequence

from bot.reply import Reply
from bot.say import Percent, Say
from bot.views.blocks import context, section
from bot.views.deal import reason_line, score_lines
from models.deal import Deal
from models.explanation import Explanation, Trend, WhatIf
from models.score import Estimate

_MOST_REASONS = 3
_BARS = "▁▂▃▄▅▆▇█"
_FEWEST_BARS = 3


def explained(deal: Deal, explanation: Explanation | None, say: Say) -> Reply:
    """The text says all that the blocks show, for whoever hears it read; there is no explanation of a closed deal."""
    if explanation is None:
        closed = say("why.closed", name=deal.name, stage=deal.stage.name)
        return Reply(closed, (section(closed),))
    estimate = explanation.estimate
    chance = score_lines(estimate, say, band=explanation.band)[0]
    head = "\n".join([say("deal.line", name=deal.name, stage=deal.stage.name), chance])
    paragraphs = [
        "\n".join([say("why.for"), *_reasons(estimate, say, speaks_for=True)]),
        "\n".join([say("why.against"), *_reasons(estimate, say, speaks_for=False)]),
        "\n".join([say("why.trend"), *_trend(explanation.trend, estimate, say)]),
        "\n".join([say("why.what_if"), *_what_if(explanation.helps, estimate, say)]),
    ]
    notes = list(_notes(explanation, say))
    blocks = [section(each) for each in (head, *paragraphs)]
    return Reply("\n".join([head, *paragraphs, *notes]), (*blocks, context(*notes)) if notes else tuple(blocks))


def _reasons(estimate: Estimate, say: Say, *, speaks_for: bool) -> Sequence[str]:
    known = estimate.reasons if estimate.learnt_from else ()
    mine = [reason for reason in known if (reason.weight >= 0) == speaks_for]
    return [reason_line(reason, say) for reason in mine[:_MOST_REASONS]] or [say("why.nothing")]


def _trend(trend: Trend, estimate: Estimate, say: Say) -> Iterator[str]:
    if trend.week_ago is not None:
        yield say(f"why.week.{_way(trend.week_ago, estimate)}", chance=Percent(trend.week_ago))
    if trend.month_ago is not None:
        yield say(f"why.month.{_way(trend.month_ago, estimate)}", chance=Percent(trend.month_ago))
    if len(trend.course) >= _FEWEST_BARS:
        first, last = Percent(trend.course[0]), Percent(trend.course[-1])
        yield say("why.course", bars=_bars(trend.course), first=first, last=last)
    elif trend.week_ago is None and trend.month_ago is None:
        yield say("why.no_trend")


def _bars(chances: Sequence[float]) -> str:
    """One bar a chance, all of them from zero up to the highest, so that small changes look small."""
    highest = max(chances) or 1.0
    return "".join(_BARS[round(chance / highest * (len(_BARS) - 1))] for chance in chances)


def _way(before: float, estimate: Estimate) -> str:
    """As the reader sees it, in whole percentages."""
    then, now = round(before * 100), round(estimate.probability * 100)
    if then == now:
        return "same"
    return "up" if now > then else "down"


def _what_if(helps: Sequence[WhatIf], estimate: Estimate, say: Say) -> Sequence[str]:
    if estimate.is_rate:
        return [say("what_if.by_rate")]
    now = Percent(estimate.probability)
    told = [say(f"what_if.{each.act}", then=Percent(each.estimate.probability), now=now) for each in helps]
    return told or [say("what_if.nothing")]


def _notes(explanation: Explanation, say: Say) -> Iterator[str]:
    """What one has to know to judge all of it."""
    if explanation.helps:
        yield say("what_if.no_promise")
    if not explanation.estimate.is_rate and explanation.estimate.reasons:
        yield say("why.arrows")
    if not explanation.trend.is_of_one_model:
        yield say("why.other_model")
    estimate = explanation.estimate
    if estimate.version is not None:
        yield say("why.model", version=str(estimate.version), count=estimate.learnt_from)
