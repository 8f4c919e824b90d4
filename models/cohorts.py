"""How far the deals got that began in the same month: a cohort keeps its deals, whenever they move."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from models.known_deals import KnownDeal
from models.period import Period
from models.pipeline import StageKind
from models.timeline import PastMove, StageFacts


@dataclass(frozen=True)
class Cohort:
    """The deals that began in a month, `None` for those of a whole period, and what became of them so far.

    A deal's reach is the latest stage that it was ever in, also where it was begun in it; lost does not count, and
    won and after-sales count only if it stands there, so that a win which was reopened is none.

    deals
        How many began; each is now won, lost or open.
    counted
        For each stage that is not lost, how many of them count for it: all, or of a stage that was put between others
        later those that began since. Here and below.
    reached
        For each such stage, how many of these reach it or a later one, also by skipping it.
    onward
        For each stage, how many of these reach a later one.
    dropped
        For each stage, how many have it as their reach and are lost now.
    """

    month: date | None
    deals: int
    won: int
    lost: int
    open: int
    counted: tuple[int, ...]
    reached: tuple[int, ...]
    onward: tuple[int, ...]
    dropped: tuple[int, ...]

    def reach(self, place: int) -> int | None:
        """How many reach the stage at this place; None where it came after all of them had begun."""
        return None if self.deals and not self.counted[place] else self.reached[place]

    def decided(self, place: int) -> int:
        """How many either reach beyond the stage at this place, or have it as their reach and are lost."""
        return self.onward[place] + self.dropped[place]

    def undecided(self, place: int) -> int:
        """How many have the stage as their reach and are open: a young cohort has many, and may look better or worse
        than it will turn out, as losses take longer than moves, or moves than losses."""
        return self.reached[place] - self.decided(place)


def cohorts_of(deals: Iterable[KnownDeal], stages: Sequence[StageFacts], period: Period) -> tuple[Cohort, ...]:
    """The deals that began in the period by the month of their beginning, as they are known later."""
    zone = ZoneInfo(period.zone)
    by_month: dict[date, list[KnownDeal]] = {}
    for deal in deals:
        if period.has(deal.began_at):
            month = deal.began_at.astimezone(zone).date().replace(day=1)
            by_month.setdefault(month, []).append(deal)
    return tuple(_cohort(month, by_month[month], stages) for month in sorted(by_month))


def whole(cohorts: Sequence[Cohort], stages: Sequence[StageFacts]) -> Cohort:
    """All of them together."""
    places = range(sum(stage.kind is not StageKind.LOST for stage in stages))
    return Cohort(
        month=None,
        deals=sum(each.deals for each in cohorts),
        won=sum(each.won for each in cohorts),
        lost=sum(each.lost for each in cohorts),
        open=sum(each.open for each in cohorts),
        counted=tuple(sum(each.counted[place] for each in cohorts) for place in places),
        reached=tuple(sum(each.reached[place] for each in cohorts) for place in places),
        onward=tuple(sum(each.onward[place] for each in cohorts) for place in places),
        dropped=tuple(sum(each.dropped[place] for each in cohorts) for place in places),
    )


def _cohort(month: date, deals: Sequence[KnownDeal], stages: Sequence[StageFacts]) -> Cohort:
    kinds = {stage.id: stage.kind for stage in stages}
    ways = [stage for stage in stages if stage.kind is not StageKind.LOST]
    places = {stage.id: place for place, stage in enumerate(ways)}
    standing = Counter(kinds[deal.stage_id] for deal in deals)
    ends = [(_reach(deal, kinds, places), kinds[deal.stage_id] is StageKind.LOST) for deal in deals]
    every = Counter(ends)

    def counted(stage: StageFacts) -> Counter[tuple[int, bool]]:
        if stage.inserted_at is None:
            return every
        return Counter(end for end, deal in zip(ends, deals, strict=True) if stage.was_there(deal.began_at))

    by_place = [(place, counted(stage)) for place, stage in enumerate(ways)]
    return Cohort(
        month=month,
        deals=len(deals),
        won=standing[StageKind.WON] + standing[StageKind.AFTER_SALES],
        lost=standing[StageKind.LOST],
        open=standing[StageKind.OPEN],
        counted=tuple(found.total() for _, found in by_place),
        reached=tuple(sum(n for (reach, _), n in found.items() if reach >= place) for place, found in by_place),
        onward=tuple(sum(n for (reach, _), n in found.items() if reach > place) for place, found in by_place),
        dropped=tuple(found[place, True] for place, found in by_place),
    )


def passed(
    deal: KnownDeal, kinds: Mapping[int, StageKind], places: Mapping[int, int]
) -> Iterator[tuple[int, PastMove]]:
    """The places of the stages that it was in, by the moves that led there: won and after-sales only if it stands
    there, lost never."""
    is_won = kinds[deal.stage_id] in (StageKind.WON, StageKind.AFTER_SALES)
    for move in deal.moves:
        if move.to_stage_id in places and (is_won or kinds[move.to_stage_id] is StageKind.OPEN):
            yield places[move.to_stage_id], move


def _reach(deal: KnownDeal, kinds: Mapping[int, StageKind], places: Mapping[int, int]) -> int:
    """The place of the stage that it reached; -1 for a deal that was lost when it was first written down."""
    return max((place for place, _ in passed(deal, kinds, places)), default=-1)
