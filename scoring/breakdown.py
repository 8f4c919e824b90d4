"""Breaks a report down by what its deals have in common: an owner, a team, a source, a company, an own field."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.funnel_figures import Compared, Dimension, Part
from models.known_deals import KnownDeal
from models.period import Period
from models.pipeline import StageKind
from models.pricing import Lot, Pricing
from models.texts import name_key
from models.timeline import StageFacts
from models.workspace import day_in
from scoring.funnel_statistics import ratio

SHOWN = 10
"""As many values stand by themselves; the others are one part together."""


@dataclass(frozen=True)
class Counted:
    """Deals of a period: those that began or were closed in it, or its cohort, which is those that began in it."""

    period: Period
    deals: Sequence[KnownDeal]
    is_cohort: bool

    def closed_at(self, deal: KnownDeal) -> datetime | None:
        """When it was closed, in a snapshot within the period; None where it was not. A cohort's deal that was closed
        when it was first written down counts as of then."""
        at = deal.closed_at
        if self.is_cohort:
            return at or deal.began_at
        return at if at is not None and self.period.has(at) else None

    def undecided(self, deals: Iterable[KnownDeal], stages: Mapping[int, StageFacts]) -> int:
        """How many of these deals of a cohort are open, of which nobody knows whether they will be won."""
        return sum(stages[deal.stage_id].is_open for deal in deals) if self.is_cohort else 0


def counted(period: Period, deals: Iterable[KnownDeal], *, is_cohort: bool) -> Counted:
    """Out of all deals that are known of."""
    these = [
        deal
        for deal in deals
        if period.has(deal.began_at) or (not is_cohort and deal.closed_at is not None and period.has(deal.closed_at))
    ]
    return Counted(period, these, is_cohort)


@dataclass(frozen=True)
class Breakdown:
    """What deals are told apart by; `heads` says of each person whose team they are in."""

    by: Dimension | str
    heads: Mapping[int, int]
    stages: Mapping[int, StageFacts]
    pricing: Pricing

    def parts(self, of: Compared[Counted]) -> tuple[Compared[Part], ...]:
        """Those with the most deals first. Deals are told apart by what they read when they are known, texts whatever
        their case."""
        periods = (of.now, of.before, of.year_before)
        spelt: dict[int | str, int | str] = {}
        groups = [self._groups(each, spelt) if each else {} for each in periods]
        ranked = sorted(spelt, key=lambda key: (*(-len(each.get(key, ())) for each in groups), str(key)))

        def beside(value: int | str | None, keys: Sequence[int | str]) -> Compared[Part]:
            told = [
                self._part(value, [deal for key in keys for deal in group.get(key, ())], each) if each else None
                for each, group in zip(periods[1:], groups[1:], strict=True)
            ]
            of_now = [deal for key in keys for deal in groups[0].get(key, ())]
            return Compared(self._part(value, of_now, of.now), told[0], told[1], of.is_one)

        others = ranked[SHOWN:]
        return (
            *(beside(spelt[key], [key]) for key in ranked[:SHOWN]),
            *([beside(None, others)] if others else []),
        )

    def _groups(self, each: Counted, spelt: dict[int | str, int | str]) -> dict[int | str, list[KnownDeal]]:
        """`spelt` keeps how a value was first written."""
        groups: dict[int | str, list[KnownDeal]] = defaultdict(list)
        for deal in each.deals:
            value = self._value(deal)
            key = name_key(value) if isinstance(value, str) else value
            spelt.setdefault(key, value)
            groups[key].append(deal)
        return groups

    def _value(self, deal: KnownDeal) -> int | str:
        fields = deal.fields
        match self.by:
            case Dimension.OWNER:
                return fields.owner_id or ""
            case Dimension.TEAM:
                return self.heads.get(fields.owner_id, "") if fields.owner_id else ""
            case Dimension.SOURCE:
                return fields.source
            case Dimension.COMPANY:
                return fields.company
        return str(fields.custom.get(self.by, ""))

    def _part(self, value: int | str | None, deals: Sequence[KnownDeal], of: Counted) -> Part:
        closed = [
            (deal, at)
            for deal in deals
            if not self.stages[deal.stage_id].is_open and (at := of.closed_at(deal)) is not None
        ]
        wins = [(deal, at) for deal, at in closed if self.stages[deal.stage_id].kind is not StageKind.LOST]
        lots = [
            Lot(1, deal.fields.currency, deal.fields.amount, day_in(self.pricing.time_zone, at))
            for deal, at in wins
            if deal.fields.amount is not None
        ]
        return Part(
            value=value,
            begun=sum(of.period.has(deal.began_at) for deal in deals),
            won=len(wins),
            lost=len(closed) - len(wins),
            win_rate=ratio(len(wins), len(closed), undecided=of.undecided(deals, self.stages)),
            won_amount=self.pricing.sum_of(lots),
        )
