"""How a forecast turned out, in words: what was foreseen as the period began, and what was won by its end."""

from collections.abc import Iterator
from decimal import Decimal

from moneyed import Money

from bot.say import Say
from bot.views.blocks import Block, context, cut, header, section
from bot.views.forecast import amounts_told, unpriced_in_short
from bot.views.funnel_report import NAME, Asked, deals_told, period_told
from models.forecast import Hindsight


def hindsight_report(asked: Asked, found: Hindsight, say: Say) -> tuple[Block, ...]:
    """The range, what was won, and the target; what the figures mean stands below."""
    return (
        header(say.plain("forecast.title", pipeline=asked.pipeline)),
        section(say("hindsight.of", period=period_told(found.period, say), only=deals_told(asked, say))),
        section("\n".join(_told(found, say))),
        context(say("hindsight.means")),
    )


def hindsight_text(asked: Asked, found: Hindsight, say: Say) -> str:
    """The same in one plain line, for notifications and above its picture."""
    told = {"pipeline": cut(asked.pipeline, NAME), "period": period_told(found.period, say)}
    if found.won is None:
        return say.plain("hindsight.too_long_ago", **told)
    told["won"] = won_told(found, say)
    if found.range is None:
        return say.plain("hindsight.short_without", **told)
    return say.plain("hindsight.short", **told, **range_told(found, say))


def won_told(found: Hindsight, say: Say) -> str:
    return amounts_told(found.won, found.currency, say) if found.won else ""


def range_told(found: Hindsight, say: Say) -> dict[str, str]:
    """The low and the high end of the range, and its middle; nothing where there is none."""
    if found.range is None:
        return {}
    named = {"low": found.range.low, "middle": found.range.middle, "high": found.range.high}
    return {name: say.compact(Money(value, found.currency)) for name, value in named.items()}


def verdict(found: Hindsight, say: Say) -> str:
    """Whether what was won lies within the range."""
    if found.range is None or found.won is None:
        return ""
    won = found.won.amount
    where = "below" if won < found.range.low else "above" if won > found.range.high else "within"
    return say.plain(f"hindsight.{where}")


def _told(found: Hindsight, say: Say) -> Iterator[str]:
    if found.range is None:
        yield say("hindsight.no_range")
    else:
        without = unpriced_in_short(found.unpriced, say)
        yield " · ".join([say("hindsight.range", **range_told(found, say)), *without])
    won = say("hindsight.won", count=found.won.count if found.won else 0, amount=won_told(found, say))
    yield " · ".join(filter(None, (won, verdict(found, say))))
    if found.target is not None and found.won is not None:
        left = Decimal(found.target.amount) - found.won.amount
        key = "forecast.target_reached" if left <= 0 else "hindsight.missed"
        key = "hindsight.missed_at_most" if left > 0 and found.won.apart else key
        missing = say.compact(Money(max(left, Decimal(0)), found.currency))
        yield say(key, target=say.compact(found.target), left=missing)
