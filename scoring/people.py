"""How people convert, told so that chance is not taken for skill: drawn to the team's rate, and compared with care."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from scipy.stats import false_discovery_control, fisher_exact

from models.cohorts import passed
from models.funnel_figures import Ratio
from models.known_deals import KnownDeal, Selection, known_before
from models.period import Period, Unit
from models.pipeline import StageKind
from models.timeline import DealHistory, StageFacts
from models.workspace import day_in
from scoring.funnel_statistics import left_by, ratio

LOOKED_BACK = timedelta(days=365)
FALSE_FINDINGS = 0.05
"""Of the differences that are told, at most this share is expected to be chance."""
_FEWEST = 5
"""Of fewer deals nothing is said, whatever the test finds."""
_MOSTLY = (0.9, 0.75, 0.5)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shrunk:
    """Rates drawn to the team's: `strength` is as many deals as the team's rate weighs, None where it weighs all."""

    team: float
    strength: float | None

    def of(self, hits: int, count: int) -> float:
        if self.strength is None:
            return self.team
        weight = count + self.strength
        return (hits + self.strength * self.team) / weight if weight else self.team


def shrinkage(counts: Sequence[tuple[int, int]]) -> Shrunk | None:
    """Empirical Bayes for some people's hits and counts: how much their true rates differ is estimated by Kleinman's
    moments (1973, https://doi.org/10.1080/01621459.1973.10481332), and each rate is drawn to the team's the more, the
    less they differ and the fewer deals it is from. None where nobody has any."""
    counted = [(hits, count) for hits, count in counts if count]
    total = sum(count for _, count in counted)
    if not total:
        return None
    team = sum(hits for hits, _ in counted) / total
    others = len(counted) - 1
    room = total - sum(count**2 for _, count in counted) / total - others
    if team in (0, 1) or room <= 0:
        return Shrunk(team, None)
    spread = sum(count * (hits / count - team) ** 2 for hits, count in counted)
    likeness = (spread / (team * (1 - team)) - others) / room
    if likeness <= 0:
        return Shrunk(team, None)
    return Shrunk(team, max(1 / likeness - 1, 0))


@dataclass(frozen=True)
class Difference:
    """A stage that a person's deals get beyond more or less often than those of the others, by more than chance;
    `within` so many days of coming there, which all deals that are counted have had."""

    member_id: int
    stage: StageFacts
    within: int
    own: Ratio
    others: Ratio
    chance: float
    """The adjusted p-value."""


@dataclass(frozen=True)
class Comparison:
    """What was found among how many comparisons."""

    differences: tuple[Difference, ...]
    comparisons: int


def differences(
    histories: Sequence[DealHistory],
    stages: Sequence[StageFacts],
    member_ids: Sequence[int],
    *,
    at: datetime,
    zone: str,
) -> Comparison:
    """Where these people's conversion of a stage differs from everybody else's, of the deals of one pipeline that began
    within LOOKED_BACK, the largest surprise first.

    Each pair of a person and a stage is Fisher's exact test, two-sided; over all of them Benjamini and Hochberg's
    correction keeps the share of false findings below FALSE_FINDINGS.
    """
    period = Period(Unit.DAYS, day_in(zone, at - LOOKED_BACK), day_in(zone, at), zone)
    known = [deal for deal in known_before(histories, at, Selection()) if period.has(deal.began_at)]
    found = [pair for stage in stages if stage.is_open for pair in _pairs(known, stages, stage, member_ids, at=at)]
    if not found:
        return Comparison((), 0)
    adjusted = false_discovery_control([each.chance for each in found], method="bh")
    told = [
        replace(each, chance=float(chance))
        for each, chance in zip(found, adjusted, strict=True)
        if chance <= FALSE_FINDINGS
    ]
    return Comparison(tuple(sorted(told, key=lambda each: each.chance)), len(found))


def _pairs(
    known: Sequence[KnownDeal],
    stages: Sequence[StageFacts],
    stage: StageFacts,
    member_ids: Sequence[int],
    *,
    at: datetime,
) -> list[Difference]:
    """Whose deals are older has more of them decided, and where losses take longer than moves a young deal has not been
    lost yet. So those deals alone are counted that came so long ago as most take, and what they did in that time."""
    passages = list(passages_of(known, stages, stage, at=at))
    within = _usual_days(passages)
    if within is None:
        return []
    ripe = [each for each in passages if each.days >= within]
    moved = {
        owner_id: [each.went_on_within(within) for each in ripe if each.owner_id == owner_id]
        for owner_id in {each.owner_id for each in ripe}
    }
    pairs = []
    for member_id in member_ids:
        own = moved.get(member_id, [])
        hits, count = sum(own), len(own)
        one = ratio(hits, count)
        others = ratio(sum(map(sum, moved.values())) - hits, len(ripe) - count)
        if one and others and min(one.count, others.count) >= _FEWEST:
            table = [[each.hits, each.count - each.hits] for each in (one, others)]
            chance = float(fisher_exact(table).pvalue)
            pairs.append(Difference(member_id, stage, within, one, others, chance))
    return pairs


@dataclass(frozen=True)
class Passage:
    """A deal that came to a stage, or beyond it, so many days ago: after how many it got beyond it, or was lost."""

    owner_id: int | None
    days: float
    went_on: float | None
    lost: float | None

    def went_on_within(self, days: int) -> bool:
        return self.went_on is not None and self.went_on <= days


def passages_of(
    deals: Iterable[KnownDeal], stages: Sequence[StageFacts], stage: StageFacts, *, at: datetime
) -> Iterator[Passage]:
    """Of those that came so far and began when the stage was there."""
    kinds = {each.id: each.kind for each in stages}
    places = {each.id: place for place, each in enumerate(each for each in stages if each.kind is not StageKind.LOST)}
    for deal in deals:
        way = [(place, move.at) for place, move in passed(deal, kinds, places) if place >= places[stage.id]]
        if not way or not stage.was_there(deal.began_at):
            continue
        came = way[0][1]
        went_on = next(((moment - came) / _DAY for place, moment in way if place > places[stage.id]), None)
        is_lost = went_on is None and kinds[deal.stage_id] is StageKind.LOST
        lost = (deal.moves[-1].at - came) / _DAY if is_lost else None
        yield Passage(deal.fields.owner_id, (at - came) / _DAY, went_on, lost)


def _usual_days(passages: Sequence[Passage]) -> int | None:
    """Within which nine of ten were decided, or as large a share as ever was, by Kaplan and Meier; None for under half
    of them."""
    ended = [days for each in passages for days in (each.went_on, each.lost) if days is not None]
    lasting = [each.days for each in passages if each.went_on is None and each.lost is None]
    found = next((days for days in left_by(ended, lasting, _MOSTLY) if days is not None), None)
    return None if found is None else ceil(found)
