"""What somebody has earned: each deal with their part, and what the plan makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from moneyed import Money

from bot.say import Say
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


def commission_view(
    name: str,
    found: Earned,
    lines: Sequence[CreditLine],
    *,
    terms: Terms,
    unit: Unit,
    period: Period,
    currency: str,
    say: Say,
) -> tuple[Block, ...]:
    """An estimate: it says from what, by which plan, and how it is rounded."""
    head = [
        section(say("commission.title", name=name, amount=Money(found.paid, currency))),
        section(
            say(
                "commission.from",
                period=period_told(period, say),
                won=Money(found.won, currency),
                plan=plan_told(terms, unit, currency, say),
            )
        ),
    ]
    last = context(say("commission.means"))
    told = [_line(each, currency, say) for each in lines]
    return (*head, *as_many_as_fit(told, say, beside=[*head, last]), last)


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
