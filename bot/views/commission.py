"""What somebody has earned: each deal with their part, and what the plan makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from moneyed import Money

from bot.say import Markup, Say
from bot.views.blocks import Block, context, cut, section
from bot.views.funnel_report import period_told
from bot.views.lines import as_many_as_fit
from models.commission import Credit, Earned, Terms
from models.period import Period, Unit

NAME = 60


@dataclass(frozen=True)
class CreditLine:
    """A deal by its name, and what somebody has of it."""

    deal: str
    credit: Credit


@dataclass(frozen=True)
class CommissionPart:
    """What one plan pays for one of its periods, and for which deals."""

    found: Earned
    lines: Sequence[CreditLine]
    terms: Terms
    unit: Unit
    period: Period


def commission_title(name: str, parts: Sequence[CommissionPart], currency: str, say: Say) -> str:
    paid = sum((each.found.paid for each in parts), Decimal())
    return say("commission.title", name=name, amount=Money(paid, currency))


def commission_view(name: str, parts: Sequence[CommissionPart], *, currency: str, say: Say) -> tuple[Block, ...]:
    """An estimate: it says from what, by which plan, and how it is rounded."""
    head, last = section(commission_title(name, parts, currency, say)), context(say("commission.means"))
    told = [line for each in parts for line in _part(each, currency, say, is_one_of_several=len(parts) > 1)]
    return (head, *as_many_as_fit(told, say, beside=[head, last]), last)


def _part(each: CommissionPart, currency: str, say: Say, *, is_one_of_several: bool) -> list[str]:
    said = say(
        "commission.from",
        period=period_told(each.period, say),
        won=Money(each.found.won, currency),
        plan=plan_told(each.terms, each.unit, currency, say),
    )
    if is_one_of_several:
        said = say("commission.part", said=Markup(said), amount=Money(each.found.paid, currency))
    return [said, *(_line(line, currency, say) for line in each.lines)]


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


def _line(each: CreditLine, currency: str, say: Say) -> str:
    deal, credit = cut(each.deal, NAME), each.credit
    percent = f"{credit.percent.normalize():f}"
    if credit.amount is None:
        return say("commission.unpriced", deal=deal, percent=percent)
    return say("commission.credit", deal=deal, percent=percent, amount=say.compact(Money(credit.amount, currency)))
