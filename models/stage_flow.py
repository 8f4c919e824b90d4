"""What came into each stage of a funnel in a period, how it left, what is still there, and how long it stayed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from models.history import Change
from models.known_deals import KnownDeal
from models.period import Period
from models.pipeline import StageKind
from models.timeline import PastMove, StageFacts

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class StageFlow:
    """The moves of a period into and out of one stage. A deal that comes in twice counts twice.

        at_start + entered = forward + back + lost + elsewhere + still_there

    at_start, still_there
        The deals that stood in it before the period's first moment, and after its last one.
    entered
        The moves into it, in whatever way, and the deals that were begun in it.
    forward, back, lost
        The moves out of it: to a later stage or won; to an earlier one, also by reopening; lost.
    elsewhere
        The deals that went on to another pipeline from it.
    skipped
        The moves forward that went past it once it was there. These deals were never in it, so they stand outside of
        the sum.
    """

    stage: StageFacts
    at_start: int
    entered: int
    forward: int
    back: int
    lost: int
    elsewhere: int
    skipped: int
    still_there: int


def stage_flows(
    deals: Iterable[KnownDeal], stages: Sequence[StageFacts], period: Period, resting: Mapping[int, int] | None = None
) -> tuple[StageFlow, ...]:
    """Of deals as they were known at the period's end, also those that had left within it; one for each stage that is
    not lost, in their order. So many more are `resting` in a stage, by its id, all through the period."""
    by_id = {stage.id: stage for stage in stages}
    start, end = period.start, period.end
    figures: dict[str, Counter[int]] = defaultdict(Counter)
    figures["at_start"], figures["still_there"] = Counter(resting), Counter(resting)
    for deal in deals:
        figures["still_there" if deal.left_at is None else "elsewhere"][deal.stage_id] += 1
        earlier = [move.to_stage_id for move in deal.moves if move.at < start]
        if earlier:
            figures["at_start"][earlier[-1]] += 1
        else:
            figures["entered"][deal.moves[0].to_stage_id] += 1
        for before, move in pairwise(deal.moves):
            if start <= move.at < end:
                figures["entered"][move.to_stage_id] += 1
                figures[_way_out(move.change)][before.to_stage_id] += 1
                for passed in _passed(before, move, by_id):
                    figures["skipped"][passed] += 1
    names = ("at_start", "entered", "forward", "back", "lost", "elsewhere", "skipped", "still_there")
    return tuple(
        StageFlow(stage, **{name: figures[name][stage.id] for name in names})
        for stage in stages
        if stage.kind is not StageKind.LOST
    )


@dataclass(frozen=True)
class Stays:
    """How many days deals were in a stage: of the stays that have ended, and so far of those that have not."""

    ended: tuple[float, ...]
    lasting: tuple[float, ...]


def stays_begun(deals: Iterable[KnownDeal], stages: Sequence[StageFacts], period: Period) -> dict[int, Stays]:
    """The stays in each open stage that began in the period, as they were known at its end, by the stage's id; but for
    those that ended the very moment the deal began, as nobody knows when that was."""
    ended: dict[int, list[float]] = defaultdict(list)
    lasting: dict[int, list[float]] = defaultdict(list)
    start, end = period.start, period.end
    for deal in deals:
        for entered, left in pairwise(deal.moves):
            if start <= entered.at < end and left.at > deal.began_at:
                ended[entered.to_stage_id].append((left.at - entered.at) / _DAY)
        if start <= deal.moves[-1].at < end and deal.left_at is not None:
            ended[deal.stage_id].append((deal.left_at - deal.moves[-1].at) / _DAY)
        elif start <= deal.moves[-1].at < end:
            lasting[deal.stage_id].append((end - deal.moves[-1].at) / _DAY)
    return {stage.id: Stays(tuple(ended[stage.id]), tuple(lasting[stage.id])) for stage in stages if stage.is_open}


def _way_out(change: Change) -> str:
    match change:
        case Change.LOST:
            return "lost"
        case Change.BACK | Change.REOPENED:
            return "back"
    return "forward"


def _passed(before: PastMove, move: PastMove, stages: dict[int, StageFacts]) -> list[int]:
    """The open stages that a move forward left out, of those that were there then."""
    origin, target = stages.get(before.to_stage_id), stages.get(move.to_stage_id)
    if not move.change.is_forward or origin is None or target is None or not origin.is_open:
        return []
    between = (each for each in stages.values() if origin.position < each.position < target.position)
    return [each.id for each in between if each.is_open and each.was_there(move.at)]
