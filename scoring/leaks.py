"""What a funnel loses in a period, and where: value by stage and owner, time, growing loss reasons, and a clue.

Everything is as it was known at the period's end, except exchange rates, which are those kept now for the days in
question.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from scipy.stats import hypergeom

from models.history import Change
from models.known_deals import KnownDeal, Selection, known_before
from models.leaks import Clue, Leak, Leaks, OwnerLeak, ReasonGrowth, StageLeak
from models.period import Period, Unit
from models.pipeline import StageKind
from models.pricing import Lot, Pricing, Worth
from models.texts import name_key
from models.timeline import StageFacts
from models.workspace import day_in
from scoring.funnel_reports import FunnelPast
from scoring.stage_watch import LOOKED_BACK, StageWatch

_LEVEL = 0.05
_FEWEST = 5
"""So many losses a reason, or a clue, has at least."""
_MOST_REASONS = 5
_DAY = timedelta(days=1)
_SHARES_OF = 730 * _DAY
"""Chances of winning are told from what was closed so lately."""


@dataclass(frozen=True)
class _Loss:
    deal: KnownDeal
    stage_id: int
    reason: str
    worth: Decimal | None
    lot: Lot | None
    """Of a deal that stands lost by it and has an amount, by its chance of winning."""
    stands: bool

    @property
    def is_unpriced(self) -> bool:
        return self.lot is not None and self.worth is None


def looked_back_on(period: Period) -> datetime:
    """What rests since before this moment counts for nothing in the leaks of a period."""
    return min(
        period.before().start,
        _year_before(period).start,
        period.end - _SHARES_OF,
        period.end - LOOKED_BACK,
    )


def leaks(past: FunnelPast, period: Period, selection: Selection, pricing: Pricing) -> Leaks:
    """Of a period. The usual chances of winning and the watch are of the whole pipeline, the rest of the selection."""
    year = _year_before(period)
    looked_back = min(year.start, period.before().start)
    ever_there = known_before(past.histories, period.end, Selection(), gone_since=looked_back)
    everything = [deal for deal in ever_there if deal.left_at is None]
    if selection != Selection():
        ever_there = known_before(past.histories, period.end, selection, gone_since=looked_back)
    deals = [deal for deal in ever_there if deal.left_at is None or deal.left_at >= period.start]
    shares = _win_shares(everything, past.stages, period)
    losses = list(_losses(deals, period, shares, pricing))
    days, usual = (days_in_stages(ever_there, each) for each in (period, year))
    whole, whole_usual = (_whole(each, past.stages) for each in (days, usual))
    stages = tuple(
        StageLeak(
            stage=stage,
            leak=_leak([each for each in losses if each.stage_id == stage.id], pricing),
            win_share=shares.get(stage.id),
            days=days.get(stage.id, 0.0) if stage.is_open else 0.0,
            days_share=days.get(stage.id, 0.0) / whole if whole and stage.is_open else None,
            usual_share=usual.get(stage.id, 0.0) / whole_usual if whole_usual and stage.is_open else None,
        )
        for stage in past.stages
        if stage.kind is not StageKind.LOST
    )
    found = Leaks(
        period=period,
        stages=stages,
        owners=_owners(losses, pricing),
        reasons=_growing(ever_there, losses, past.stages, period, year),
        clue=None,
        watched=StageWatch(everything, past.stages, until=period.end).verdicts(period.end),
    )
    owners = sorted(found.owners, key=lambda each: (*_rank(each.leak, found), each.owner_id or 0))
    return replace(found, owners=tuple(owners), clue=_costliest_clue(deals, losses, found))


def clues_to(
    stages: Sequence[StageFacts], deals: Sequence[KnownDeal], past: FunnelPast, period: Period
) -> dict[int, Clue]:
    """What the losses of some stages in a period have in common, by the stage's id; none of fewer than five. The deals
    are all of the past, as known at the period's end."""
    if not stages:
        return {}
    losses = list(_losses(deals, period, _win_shares(deals, past.stages, period), past.pricing))
    of_stages = {stage.id: [each for each in losses if each.stage_id == stage.id] for stage in stages}
    return {
        stage.id: _clue(deals, of_stages[stage.id], stage, period)
        for stage in stages
        if len(of_stages[stage.id]) >= _FEWEST
    }


def _year_before(period: Period) -> Period:
    return Period(Unit.DAYS, period.first - 365 * _DAY, period.first - _DAY, period.zone)


def _win_shares(deals: Iterable[KnownDeal], stages: Sequence[StageFacts], period: Period) -> dict[int, float]:
    """For each stage's id, of the deals closed in the two years before the period's end that were ever in it, those
    that stand won."""
    kinds = {stage.id: stage.kind for stage in stages}
    won: Counter[int] = Counter()
    closed: Counter[int] = Counter()
    for deal in deals:
        kind = kinds[deal.stage_id]
        if kind is StageKind.OPEN or (deal.closed_at or deal.began_at) < period.end - _SHARES_OF:
            continue
        for stage_id in {move.to_stage_id for move in deal.moves}:
            closed[stage_id] += 1
            won[stage_id] += kind is not StageKind.LOST
    return {stage_id: won[stage_id] / count for stage_id, count in closed.items()}


def days_in_stages(deals: Iterable[KnownDeal], period: Period) -> dict[int, float]:
    """For each stage's id, the days that deals spent in it within the period."""
    start, end = period.start, period.end
    days: dict[int, float] = defaultdict(float)
    for deal in deals:
        ends = [*(move.at for move in deal.moves[1:]), deal.left_at or end]
        for move, left_at in zip(deal.moves, ends, strict=True):
            if left_at > start and move.at < end:
                days[move.to_stage_id] += (min(left_at, end) - max(move.at, start)) / _DAY
    return days


def _whole(days: Mapping[int, float], stages: Sequence[StageFacts]) -> float:
    return sum(days.get(stage.id, 0.0) for stage in stages if stage.is_open)


def _losses(
    deals: Iterable[KnownDeal], period: Period, shares: Mapping[int, float], pricing: Pricing
) -> Iterable[_Loss]:
    for deal in deals:
        for before, move in pairwise(deal.moves):
            if move.change is not Change.LOST or not period.has(move.at):
                continue
            stands, lot, worth = move is deal.moves[-1] and deal.left_at is None, None, None
            if stands and deal.fields.amount is not None:
                chance = Decimal(str(shares.get(before.to_stage_id, 0.0)))
                day = day_in(pricing.time_zone, move.at)
                lot = Lot(1, deal.fields.currency, deal.fields.amount * chance, day)
                worth = pricing.worth_of_lot(lot)
            yield _Loss(deal, before.to_stage_id, move.reason, worth, lot, stands)


def _leak(losses: Sequence[_Loss], pricing: Pricing) -> Leak:
    lots = [each.lot for each in losses if each.lot]
    value = pricing.sum_of(lots) if lots else Worth(None, ())
    no_amount = sum(each.stands and each.lot is None for each in losses)
    return Leak(len(losses), value, no_amount, reopened=sum(not each.stands for each in losses))


def _owners(losses: Sequence[_Loss], pricing: Pricing) -> tuple[OwnerLeak, ...]:
    by_owner: dict[int | None, list[_Loss]] = defaultdict(list)
    for loss in losses:
        by_owner[loss.deal.fields.owner_id].append(loss)
    return tuple(OwnerLeak(owner, _leak(theirs, pricing)) for owner, theirs in by_owner.items())


def _rank(leak: Leak, among: Leaks) -> tuple[Decimal, int]:
    """The costliest first."""
    return -leak.value.amount if among.is_by_value else Decimal(0), -leak.lost


def _growing(
    deals: Sequence[KnownDeal], losses: Sequence[_Loss], stages: Sequence[StageFacts], period: Period, year: Period
) -> tuple[ReasonGrowth, ...]:
    """The reasons that have a larger share of the losses than in the period before, those beyond chance first.

    The test holds the period against the year before it (Fisher's, one-sided), its level divided by the reasons tested.
    """
    before, usually = _reasons(deals, period.before()), _reasons(deals, year)
    now = Counter(name_key(each.reason) for each in losses)
    names, of_stages = {stage.id: stage.name for stage in stages}, defaultdict(list)
    for loss in losses:
        of_stages[name_key(loss.reason)].append(loss)
    tested = [key for key, count in now.items() if count >= _FEWEST and usually.total()]
    found = []
    for key, lost in now.items():
        if not before.total() or lost / len(losses) <= before[key] / before.total():
            continue
        every, hits = now.total() + usually.total(), lost + usually[key]
        chance = float(hypergeom.sf(lost - 1, every, hits, now.total()))
        theirs = of_stages[key]
        found.append(
            ReasonGrowth(
                reason=theirs[-1].reason,
                lost=lost,
                of=now.total(),
                lost_before=before[key],
                of_before=before.total(),
                lost_usually=usually[key],
                of_usually=usually.total(),
                is_beyond_chance=key in tested and chance < _LEVEL / len(tested),
                stage=names[Counter(each.stage_id for each in theirs).most_common(1)[0][0]],
                owner_id=Counter(each.deal.fields.owner_id for each in theirs).most_common(1)[0][0],
            )
        )
    return tuple(sorted(found, key=lambda each: (not each.is_beyond_chance, -each.lost, each.reason))[:_MOST_REASONS])


def _reasons(deals: Iterable[KnownDeal], period: Period) -> Counter[str]:
    return Counter(
        name_key(move.reason)
        for deal in deals
        for move in deal.moves[1:]
        if move.change is Change.LOST and period.has(move.at)
    )


def _costliest_clue(deals: Sequence[KnownDeal], losses: Sequence[_Loss], found: Leaks) -> Clue | None:
    """To the costliest stage, by value or else by number."""
    costliest = min(found.stages, key=lambda each: _rank(each.leak, found), default=None)
    if costliest is None or costliest.leak.lost < _FEWEST:
        return None
    here = [each for each in losses if each.stage_id == costliest.stage.id]
    return _clue(deals, here, costliest.stage, found.period)


def _clue(deals: Sequence[KnownDeal], here: Sequence[_Loss], stage: StageFacts, period: Period) -> Clue:
    """What the losses out of a stage have in common beyond chance."""
    by_value = any(each.worth for each in here) and not any(each.is_unpriced for each in here)

    def weight(some: Iterable[_Loss]) -> float:
        return float(sum((each.worth or Decimal(0)) for each in some)) if by_value else float(len(list(some)))

    keys = sorted({name_key(each.reason) for each in here})
    top = max(keys, key=lambda key: weight(each for each in here if name_key(each.reason) == key))
    theirs = [each for each in here if name_key(each.reason) == top]
    clue = Clue(stage.name, theirs[-1].reason, weight(theirs) / weight(here), by_value)
    left = [deal for deal in deals if _left(deal, stage.id, period)]
    lost_deals = {each.deal.fields.deal_id: each.deal for each in theirs}
    lost, every = (Counter(pair for deal in some for pair in _traits(deal)) for some in (lost_deals.values(), left))
    count = len(lost_deals)
    likely = [
        (float(hypergeom.sf(hits - 1, len(left), every[pair], count)), pair)
        for pair, hits in lost.items()
        if hits >= _FEWEST
    ]
    if not likely or min(likely)[0] >= _LEVEL / len(likely):
        return clue
    field, value = min(likely)[1]
    part = weight(each for each in theirs if (field, value) in _traits(each.deal)) / (weight(theirs) or 1)
    return Clue(clue.stage, clue.reason, clue.share, by_value, field, value, part, every[field, value] / len(left))


def _left(deal: KnownDeal, stage_id: int, period: Period) -> bool:
    return any(before.to_stage_id == stage_id and period.has(move.at) for before, move in pairwise(deal.moves))


def _traits(deal: KnownDeal) -> set[tuple[str, str]]:
    """The source, the owner (by number) and the own fields of a deal."""
    fields = deal.fields
    own = {(f"custom:{name}", str(value)) for name, value in fields.custom.items() if value not in ("", None)}
    given = {("source", fields.source), ("owner", str(fields.owner_id or ""))}
    return own | {(field, value) for field, value in given if value}
