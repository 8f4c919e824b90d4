"""What a report says of several currencies: at rates of which day amounts were added up, and what is unpriced."""

from collections.abc import Iterator

from bot.say import Say
from models.pricing import Basis

_MOST_NAMED = 6


def basis_note(basis: Basis, say: Say) -> str:
    """`Counted in USD: EUR and GBP, at rates of Nov 21, 2026 · …`, as markup."""
    return " · ".join(_notes(basis, say))


def short_basis(basis: Basis, say: Say) -> str:
    """`in USD at rates of Nov 21, 2026`, as plain text for a picture; empty where no open deal was converted."""
    if basis.first is None:
        return ""
    if basis.first == basis.last:
        return say.plain("exchange.short", currency=basis.currency, day=basis.last)
    return say.plain("exchange.short_days", currency=basis.currency, first=basis.first, last=basis.last)


def _notes(basis: Basis, say: Say) -> Iterator[str]:
    told = {"currency": basis.currency, "currencies": basis.converted}
    if basis.first is not None and basis.first == basis.last:
        yield say("exchange.at_day", **told, day=basis.last)
    elif basis.first is not None:
        yield say("exchange.at_days", **told, first=basis.first, last=basis.last)
    if basis.has_closed:
        yield say("exchange.closed_too") if basis.first else say("exchange.closed_only", **told)
    if basis.unpriced:
        count = sum(each.count for each in basis.unpriced)
        amounts = [say.value(each.money) for each in basis.unpriced[:_MOST_NAMED]]
        if len(basis.unpriced) > _MOST_NAMED:
            amounts.append("…")
        yield say("exchange.unpriced", count=count, amounts=" + ".join(amounts))
