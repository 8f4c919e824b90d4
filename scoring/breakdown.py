"""Breaks a snapshot down by what its deals have in common: their owner, source, company, or a field of one's own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from moneyed import Money

from models.deal import DealField
from models.funnel_figures import Part
from models.known_deals import KnownDeal
from models.money import rounded
from models.period import Period
from models.pipeline import StageKind
from models.pricing import Pricing
from models.texts import name_key
from models.timeline import StageFacts
from models.velocity import worth_when_closed
from scoring.funnel_statistics import ratio

SHOWN = 10
"""As many values stand by themselves; the others are one part together."""


def parts_by(
    field: DealField | str,
    deals: Iterable[KnownDeal],
    stages: Mapping[int, StageFacts],
    period: Period,
    pricing: Pricing,
) -> tuple[Part, ...]:
    """Of deals as they were known at the period's end. A field of the team's own is named by a plain text; its values
    are told apart whatever their case."""
    spelt: dict[int | str, int | str] = {}
    groups: dict[int | str, list[KnownDeal]] = defaultdict(list)
    for deal in deals:
        if period.has(deal.began_at) or (deal.closed_at is not None and period.has(deal.closed_at)):
            value = _value(field, deal)
            key = name_key(value) if isinstance(value, str) else value
            groups[spelt.setdefault(key, value)].append(deal)
    ranked = sorted(groups, key=lambda value: (-len(groups[value]), str(value)))
    shown = [_part(value, groups[value], stages, period, pricing) for value in ranked[:SHOWN]]
    others = [deal for value in ranked[SHOWN:] for deal in groups[value]]
    return (*shown, *([_part(None, others, stages, period, pricing)] if others else []))


def _value(field: DealField | str, deal: KnownDeal) -> int | str:
    match field:
        case DealField.OWNER:
            return deal.fields.owner_id or ""
        case DealField.SOURCE:
            return deal.fields.source
        case DealField.COMPANY:
            return deal.fields.company
    return str(deal.fields.custom.get(field, ""))


def _part(
    value: int | str | None,
    deals: Sequence[KnownDeal],
    stages: Mapping[int, StageFacts],
    period: Period,
    pricing: Pricing,
) -> Part:
    closed = [(deal, at) for deal in deals if (at := deal.closed_at) is not None and period.has(at)]
    wins = [(deal, at) for deal, at in closed if stages[deal.stage_id].kind is not StageKind.LOST]
    worths = [worth_when_closed(deal, at, pricing) for deal, at in wins]
    total = sum((worth for worth in worths if worth is not None), Decimal())
    return Part(
        value=value,
        begun=sum(period.has(deal.began_at) for deal in deals),
        won=len(wins),
        lost=len(closed) - len(wins),
        win_rate=ratio(len(wins), len(closed)),
        won_amount=Money(rounded(total, pricing.currency), pricing.currency),
    )
