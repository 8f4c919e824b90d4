"""What somebody has earned: each deal with their part, and what the plan makes of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from moneyed import Money

from bot.say import Markup, Say
from bot.views.blocks import (
    CHART_POINTS,
    MESSAGE_BLOCKS,
    Block,
    bar_chart,
    context,
    cut,
    line_chart,
    section,
)
from bot.views.exchange import unpriced_told
from bot.views.funnel_report import period_told
from bot.views.lines import as_many_as_fit
from models.commission import Credit, Earned, Terms
from models.money import rounded
from models.period import Period, Unit

NAME = 60


@dataclass(frozen=True)
class CommissionPart:
    """What one plan pays for one of its periods, and for which deals."""

    found: Earned
    names: Mapping[int, str]
    """Of the deals, by their ids."""
    terms: Terms
    unit: Unit
    period: Period


def commission_title(name: str, parts: Sequence[CommissionPart], currency: str, say: Say) -> str:
    paid = sum((each.found.paid for each in parts), Decimal())
    told = _at_least_told(paid, currency, say, is_least=any(each.found.is_least for each in parts))
    return say("commission.title", name=name, amount=told)


def commission_view(name: str, parts: Sequence[CommissionPart], *, currency: str, say: Say) -> tuple[Block, ...]:
    """An estimate: it says from what, by which plan, and how it is rounded."""
    head, last = section(commission_title(name, parts, currency, say)), context(say("commission.means"))
    told = (line for each in parts for line in _part(each, currency, say, is_one_of_several=len(parts) > 1))
    count = sum(1 + len(each.found.credits) for each in parts)
    return (head, *as_many_as_fit([*islice(told, MESSAGE_BLOCKS)], say, beside=[head, last], of=count), last)


def commission_charts(parts: Sequence[CommissionPart], currency: str, say: Say) -> tuple[Block, ...]:
    """As charts of Slack's own, which the person alone sees: of one period how what was won came to the threshold, of
    several what was won and paid in each. None where nothing was won."""
    if not any(each.found.won for each in parts):
        return ()
    if len(parts) == 1:
        return (_course(parts[0], currency, say),)
    latest = parts[-CHART_POINTS:]
    days = [say.value(each.period.first) for each in latest]
    won = [float(each.found.won) for each in latest]
    thresholds = [each.terms.threshold for each in latest]
    paid = {say.plain("commission.chart.paid"): [float(each.found.paid) for each in latest]}
    return (
        bar_chart(say.plain("commission.chart.by_period", currency=currency), days, _beside(won, thresholds, say)),
        bar_chart(say.plain("commission.chart.paid_by_period", currency=currency), days, paid),
    )


def commission_charts_text(name: str, parts: Sequence[CommissionPart], currency: str, say: Say) -> str:
    """The charts in a plain sentence, for whoever cannot see them."""
    told = []
    for each in parts[-CHART_POINTS:]:
        values = {
            "period": period_told(each.period, say),
            "won": _won_told(each.found, currency, say),
            "paid": _paid_told(each.found, currency, say),
        }
        if each.terms.threshold is None:
            told.append(say.plain("commission.chart.told", **values))
        else:
            threshold = Money(each.terms.threshold, currency)
            told.append(say.plain("commission.chart.told_threshold", **values, threshold=threshold))
    text = say.plain("commission.chart.text", name=cut(name, NAME), told=told)
    course = [
        say.plain("commission.chart.by_day", day=day, won=Money(rounded(won, currency), currency))
        for day, won in (_rises(parts[0]) if len(parts) == 1 else ())
    ]
    return say.plain("commission.chart.on_the_way", text=text, told=course) if course else text


def _course(each: CommissionPart, currency: str, say: Say) -> Block:
    days = _days(each.period)
    won = [float(rounded(each.found.won_by(day), currency)) for day in days]
    thresholds = [each.terms.threshold] * len(days)
    title = say.plain("commission.chart.course", currency=currency)
    return line_chart(title, [say.value(day) for day in days], _beside(won, thresholds, say))


def _rises(each: CommissionPart) -> Iterator[tuple[date, Decimal]]:
    """The drawn days by which more was won than before, but for the last, whose sum is the whole."""
    before = Decimal()
    for day in _days(each.period)[:-1]:
        won = each.found.won_by(day)
        if won != before:
            yield day, won
        before = won


def _days(period: Period) -> list[date]:
    """Its days, or the last ones of as many equal stretches as can be drawn."""
    days = [period.last - timedelta(number) for number in range(period.days)]
    return days[:: -(-len(days) // CHART_POINTS)][::-1]


def _beside(won: Sequence[float], thresholds: Sequence[Decimal | None], say: Say) -> dict[str, Sequence[float]]:
    """Slack's charts leave no gap in a series, so there are thresholds where every period has one."""
    series: dict[str, Sequence[float]] = {say.plain("commission.chart.won"): won}
    drawn = [float(each) for each in thresholds if each is not None]
    return series | ({say.plain("commission.chart.threshold"): drawn} if len(drawn) == len(won) else {})


def _won_told(found: Earned, currency: str, say: Say) -> str:
    """`$120,000 + ¥500,000`: beside the sum what has no rate."""
    won = say.value(Money(found.won, currency))
    return f"{won} + {unpriced_told(found.unpriced, say)}" if found.unpriced else won


def _paid_told(found: Earned, currency: str, say: Say) -> str:
    return _at_least_told(found.paid, currency, say, is_least=found.is_least)


def _at_least_told(paid: Decimal, currency: str, say: Say, *, is_least: bool) -> str:
    amount = Money(paid, currency)
    return say.plain("commission.at_least", amount=amount) if is_least else say.value(amount)


def _part(each: CommissionPart, currency: str, say: Say, *, is_one_of_several: bool) -> Iterator[str]:
    said = say(
        "commission.from",
        period=period_told(each.period, say),
        won=_won_told(each.found, currency, say),
        plan=plan_told(each.terms, each.unit, currency, say),
    )
    if is_one_of_several:
        said = say("commission.part", said=Markup(said), amount=_paid_told(each.found, currency, say))
    yield said
    yield from (_line(each.names[credit.deal_id], credit, currency, say) for credit in each.found.credits)


def plan_told(terms: Terms, unit: Unit, currency: str, say: Say) -> str:
    """`5%, 8% above $100,000 a quarter`"""
    rate = f"{terms.rate.normalize():f}"
    if terms.threshold is None or terms.accelerated is None:
        return say.plain(f"commission.plan.{unit}", plan=say.plain("commission.rate", rate=rate))
    plan = say.plain(
        "commission.accelerated",
        rate=rate,
        accelerated=f"{terms.accelerated.normalize():f}",
        threshold=Money(terms.threshold, currency),
    )
    return say.plain(f"commission.plan.{unit}", plan=plan)


def _line(name: str, credit: Credit, currency: str, say: Say) -> str:
    deal = cut(name, NAME)
    percent = f"{credit.percent.normalize():f}"
    if credit.amount is None:
        if credit.unpriced is None:
            return say("commission.no_amount", deal=deal, percent=percent)
        return say("commission.unpriced", deal=deal, percent=percent, amount=say.compact(credit.unpriced))
    amount = say.compact(Money(credit.amount, currency))
    if credit.counted_in is None:
        return say("commission.credit", deal=deal, percent=percent, amount=amount)
    period = period_told(credit.counted_in, say)
    key = "commission.amended" if credit.is_amended else "commission.taken_back"
    amount = f"+{amount}" if credit.amount > 0 else amount
    return say(key, deal=deal, percent=percent, amount=amount, period=period, day=credit.day)
