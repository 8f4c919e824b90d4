"""How people convert, told so that chance is not taken for skill: drawn to the team's rate, and compared with care."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scipy.stats import false_discovery_control, fisher_exact

from models.cohorts import Cohort, cohorts_of, whole
from models.funnel_figures import Ratio
from models.known_deals import Selection, known_before
from models.period import Period, Unit
from models.pipeline import StageKind
from models.timeline import DealHistory, StageFacts
from models.workspace import day_in
from scoring.funnel_statistics import ratio

LOOKED_BACK = timedelta(days=365)
FALSE_FINDINGS = 0.05
"""Of the differences that are told, at most this share is expected to be chance."""
_FEWEST = 5
"""Of fewer decided deals nothing is said, whatever the test finds."""


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
    """A stage that a person's deals get beyond more or less often than those of the others, by more than chance."""

    member_id: int
    stage: StageFacts
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
    known = known_before(histories, at, Selection())
    team = whole(cohorts_of(known, stages, period), stages)
    own = {
        each: whole(cohorts_of([deal for deal in known if deal.fields.owner_id == each], stages, period), stages)
        for each in member_ids
    }
    found = _pairs(own, team, stages)
    if not found:
        return Comparison((), 0)
    adjusted = false_discovery_control([each.chance for each in found], method="bh")
    told = [
        replace(each, chance=float(chance))
        for each, chance in zip(found, adjusted, strict=True)
        if chance <= FALSE_FINDINGS
    ]
    return Comparison(tuple(sorted(told, key=lambda each: each.chance)), len(found))


def _pairs(own: Mapping[int, Cohort], team: Cohort, stages: Sequence[StageFacts]) -> list[Difference]:
    ways = [stage for stage in stages if stage.kind is not StageKind.LOST]
    pairs = []
    for member_id, cohort in own.items():
        for place, stage in enumerate(ways):
            moved, decided = cohort.onward[place], cohort.decided(place)
            one, others = ratio(moved, decided), ratio(team.onward[place] - moved, team.decided(place) - decided)
            if not stage.is_open or not one or not others or min(one.count, others.count) < _FEWEST:
                continue
            table = [[each.hits, each.count - each.hits] for each in (one, others)]
            pairs.append(Difference(member_id, stage, one, others, float(fisher_exact(table).pvalue)))
    return pairs
