"""How people do beside each other: a row or a line each, whoever won most first."""

from collections.abc import Sequence

from bot.say import Percent, Say
from bot.views.blocks import Block, Element, cell, context, cut, section
from bot.views.exchange import apart_note, worth_told
from bot.views.funnel_report import period_told
from bot.views.lines import Table, as_many_as_fit, table_as_fits
from models.leaderboard import Performance, is_by_wins
from models.period import Period
from models.pricing import Worth

NAME = 40


def leaderboard_title(period: Period, say: Say) -> str:
    return say.plain("leaderboard.title", period=period_told(period, say))


def name_of(each: Performance, say: Say) -> str:
    return cut(each.member.name, NAME) if each.member else say.plain("leaderboard.no_owner")


def leaderboard_view(
    found: Sequence[Performance], rates: Sequence[float | None], *, title: str, currency: str, say: Say
) -> tuple[Block, ...]:
    """`rates` are the win rates drawn to the team's, one for each person, and none of what nobody owns."""
    lines = [
        _line(place, each, rate, say) for place, (each, rate) in enumerate(zip(found, rates, strict=True), start=1)
    ]
    head, last = section(say("leaderboard.text", title=title)), context(*_notes(found, currency, say))
    return (head, *as_many_as_fit(lines, say, beside=[head, last]), last)


def leaderboard_table(
    found: Sequence[Performance], rates: Sequence[float | None], *, title: str, currency: str, say: Say
) -> tuple[Block, ...]:
    """The same as a table."""
    columns = ("place", "person", "won", "wins", "weighted", "activities", "rate", "seen")
    rows = [_row(place, each, rate, say) for place, (each, rate) in enumerate(zip(found, rates, strict=True), start=1)]
    table = Table(title, [say.plain(f"table.{each}") for each in columns], rows, named_by=1)
    head, last = section(say("leaderboard.text", title=title)), context(*_notes(found, currency, say))
    return (head, *table_as_fits(table, say, beside=[head, last]), last)


def _notes(found: Sequence[Performance], currency: str, say: Say) -> list[str]:
    notes = apart_note((worth for each in found for worth in (each.amount, each.weighted)), say)
    if is_by_wins(found):
        notes.append(say("exchange.by_wins"))
    if no_amount := sum(each.no_amount for each in found):
        notes.append(say("leaderboard.no_amount", count=no_amount))
    return [*notes, say("leaderboard.means", currency=currency)]


def _row(place: int, each: Performance, rate: float | None, say: Say) -> list[Element]:
    is_rated = each.closed > 0 and rate is not None
    return [
        cell(say.value(place), place) if each.member else cell(""),
        cell(name_of(each, say)),
        _worth_cell(each.amount, say),
        cell(say.value(each.won), each.won),
        _worth_cell(each.weighted, say),
        cell(say.value(each.activities), each.activities) if each.member else cell(""),
        cell(say.value(Percent(rate or 0)), round(rate or 0, 4)) if is_rated else cell(""),
        cell(say.plain("table.of", count=each.won, total=each.closed)) if each.closed else cell(""),
    ]


def _worth_cell(worth: Worth, say: Say) -> Element:
    """Sorted by no number where some of it has no rate."""
    return cell(worth_told(worth, say), None if worth.unpriced else float(worth.amount))


def _line(place: int, each: Performance, rate: float | None, say: Say) -> str:
    told = [
        say("leaderboard.won", count=each.won, amount=worth_told(each.amount, say)),
        say("leaderboard.weighted", amount=worth_told(each.weighted, say)),
    ]
    if each.member:
        told.append(say("leaderboard.activities", count=each.activities))
    if each.closed and rate is not None:
        seen = Percent(each.won / each.closed)
        told.append(say("leaderboard.rate", rate=Percent(rate), seen=seen, closed=each.closed))
    if each.no_amount:
        told.append(say("leaderboard.no_amount", count=each.no_amount))
    if each.member is None:
        return say("leaderboard.line_of_nobody") + " · ".join(told)
    return say("leaderboard.line", place=place, name=name_of(each, say)) + " · ".join(told)
