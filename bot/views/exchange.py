"""What a report says of several currencies: at rates of which day amounts were added up, and what is unpriced."""

from collections.abc import Iterable, Iterator, Sequence

from moneyed import Money

from bot.say import Say
from models.pricing import Basis, Unpriced, Worth

_MOST_NAMED = 6
_MOST_BESIDE = 6


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


def together(amounts: Sequence[Money], say: Say, *, most: int = _MOST_BESIDE) -> str:
    """`$10K + €50K`, plain: a sum, and beside it what has no rate."""
    told = [say.compact(each) for each in amounts[:most]]
    return " + ".join([*told, "…"] if len(amounts) > most else told)


def worth_told(worth: Worth, say: Say) -> str:
    return together(worth.told, say)


def apart_note(worths: Iterable[Worth], say: Say) -> list[str]:
    """That some amounts stand beside their sums, as they have no rate; nothing where all have one."""
    codes = sorted({each.money.currency.code for worth in worths for each in worth.unpriced})
    more = ["…"] if len(codes) > _MOST_NAMED else []
    return [say("exchange.apart", currencies=[*codes[:_MOST_NAMED], *more])] if codes else []


def unpriced_told(unpriced: Sequence[Unpriced], say: Say) -> str:
    """`€150,000 + £20`, plain"""
    amounts = [say.value(each.money) for each in unpriced[:_MOST_NAMED]]
    return " + ".join([*amounts, "…"] if len(unpriced) > _MOST_NAMED else amounts)


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
        yield say("exchange.unpriced", count=count, amounts=unpriced_told(basis.unpriced, say))
