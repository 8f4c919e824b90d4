"""What somebody has earned: each deal with their part, and what the plan makes of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from moneyed import Money

from bot.say import Markup, Say
from bot.views.blocks import MESSAGE_BLOCKS, Block, context, cut, section
from bot.views.funnel_report import period_told
from bot.views.lines import as_many_as_fit
from models.commission import Credit, Earned, Terms
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
    return say("commission.title", name=name, amount=Money(paid, currency))


def commission_view(name: str, parts: Sequence[CommissionPart], *, currency: str, say: Say) -> tuple[Block, ...]:
    """An estimate: it says from what, by which plan, and how it is rounded."""
    head, last = section(commission_title(name, parts, currency, say)), context(say("commission.means"))
    told = (line for each in parts for line in _part(each, currency, say, is_one_of_several=len(parts) > 1))
    count = sum(1 + len(each.found.credits) for each in parts)
    return (head, *as_many_as_fit([*islice(told, MESSAGE_BLOCKS)], say, beside=[head, last], of=count), last)


def _part(each: CommissionPart, currency: str, say: Say, *, is_one_of_several: bool) -> Iterator[str]:
    said = say(
        "commission.from",
        period=period_told(each.period, say),
        won=Money(each.found.won, currency),
        plan=plan_told(each.terms, each.unit, currency, say),
    )
    if is_one_of_several:
        said = say("commission.part", said=Markup(said), amount=Money(each.found.paid, currency))
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
        return say("commission.unpriced", deal=deal, percent=percent)
    return say("commission.credit", deal=deal, percent=percent, amount=say.compact(Money(credit.amount, currency)))
