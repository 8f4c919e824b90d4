"""The exchange rates in use: what each currency is worth in the team's own, and since which day that has been known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal

from bot.say import Say
from bot.views.blocks import Block, context, section
from bot.views.lines import as_many_as_fit
from models.pricing import RATE_LASTS

_DIGITS = Context(prec=6)


@dataclass(frozen=True)
class Quote:
    """What one of a currency is worth in the team's own."""

    base: str
    rate: Decimal
    day: date


def rates_view(
    currency: str, *, quotes: Sequence[Quote], missing: Sequence[str], others: Sequence[str], say: Say
) -> tuple[Block, ...]:
    """`quotes` of the currencies that deals are in, `missing` those of them that have no rate, `others` known too."""
    told = [section(say("rates.title", currency=currency))]
    if missing:
        told.append(section(say("rates.missing", currencies=missing)))
    if not quotes and not missing and not others:
        told.append(section(say("rates.none")))
    last = [context(say("rates.others", currencies=others))] if others else []
    base = missing[0] if missing else "USD" if currency == "EUR" else "EUR"
    last.append(context(say("rates.tip", base=base, count=RATE_LASTS.days)))
    lines = [_line(quote, currency, say) for quote in quotes]
    return (*told, *as_many_as_fit(lines, say, beside=[*told, *last]), *last)


def _line(quote: Quote, currency: str, say: Say) -> str:
    return say("rates.line", base=quote.base, rate=_plain(quote.rate), currency=currency, day=quote.day)


def _plain(rate: Decimal) -> str:
    """Six digits are enough to read."""
    return f"{_DIGITS.plus(rate).normalize():f}"
