"""How people do beside each other: a row or a line each, whoever won most first."""

from collections.abc import Sequence

from moneyed import Money

from bot.say import Percent, Say
from bot.views.blocks import Block, Element, cell, context, cut, section
from bot.views.funnel_report import period_told
from bot.views.lines import Table, as_many_as_fit, table_as_fits
from models.leaderboard import Performance
from models.period import Period

NAME = 40


def leaderboard_title(period: Period, say: Say) -> str:
    return say.plain("leaderboard.title", period=period_told(period, say))


def leaderboard_view(
    found: Sequence[Performance], rates: Sequence[float | None], *, title: str, currency: str, say: Say
) -> tuple[Block, ...]:
    """`rates` are the win rates drawn to the team's, one for each person."""
    lines = [
        _line(place, each, rate, currency, say)
        for place, (each, rate) in enumerate(zip(found, rates, strict=True), start=1)
    ]
    head, last = section(say("leaderboard.text", title=title)), context(say("leaderboard.means", currency=currency))
    return (head, *as_many_as_fit(lines, say, beside=[head, last]), last)


def leaderboard_table(
    found: Sequence[Performance], rates: Sequence[float | None], *, title: str, currency: str, say: Say
) -> tuple[Block, ...]:
    """The same as a table."""
    columns = ("place", "person", "won", "wins", "weighted", "activities", "rate", "seen")
    rows = [
        _row(place, each, rate, currency, say)
        for place, (each, rate) in enumerate(zip(found, rates, strict=True), start=1)
    ]
    table = Table(title, [say.plain(f"table.{each}") for each in columns], rows, named_by=1)
    means = [say("leaderboard.means", currency=currency)]
    if unpriced := sum(each.unpriced for each in found):
        means.insert(0, say("leaderboard.unpriced", count=unpriced))
    head, last = section(say("leaderboard.text", title=title)), context(*means)
    return (head, *table_as_fits(table, say, beside=[head, last]), last)


def _row(place: int, each: Performance, rate: float | None, currency: str, say: Say) -> list[Element]:
    is_rated = each.closed > 0 and rate is not None
    return [
        cell(say.value(place), place),
        cell(cut(each.member.name, NAME)),
        cell(say.compact(Money(each.amount, currency)), float(each.amount)),
        cell(say.value(each.won), each.won),
        cell(say.compact(Money(each.weighted, currency)), float(each.weighted)),
        cell(say.value(each.activities), each.activities),
        cell(say.value(Percent(rate or 0)), round(rate or 0, 4)) if is_rated else cell(""),
        cell(say.plain("table.of", count=each.won, total=each.closed)) if each.closed else cell(""),
    ]


def _line(place: int, each: Performance, rate: float | None, currency: str, say: Say) -> str:
    told = [
        say("leaderboard.won", count=each.won, amount=say.compact(Money(each.amount, currency))),
        say("leaderboard.weighted", amount=say.compact(Money(each.weighted, currency))),
        say("leaderboard.activities", count=each.activities),
    ]
    if each.closed and rate is not None:
        seen = Percent(each.won / each.closed)
        told.append(say("leaderboard.rate", rate=Percent(rate), seen=seen, closed=each.closed))
    if each.unpriced:
        told.append(say("leaderboard.unpriced", count=each.unpriced))
    return say("leaderboard.line", place=place, name=cut(each.member.name, NAME)) + " · ".join(told)
