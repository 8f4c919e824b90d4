"""How many deals were moved in a period, by how, and what they are worth."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby, product
from operator import attrgetter

from sqlalchemy import ColumnElement, and_, case, or_, select, true, union_all
from sqlalchemy.orm import Session

from models.bits import any_bit
from models.deal import Deal
from models.history import Change, StageChange, kept_moves, moves_here, moves_that
from models.pipeline import Pipeline
from models.sums import Sums
from models.tally import Part, Tally, tally_of
from models.workspace import Workspace

_Way = tuple[int, Change]
"""The number of a period, and how a deal was moved in it."""
_ONE_BY_ONE = (Change.UNDONE, Change.TRANSFERRED)
"""The other moves of a deal that was moved so may count no more."""
_MOST_PERIODS = 31 // len(Change)
"""A whole number of PostgreSQL has 31 bits, and each period takes one for each kind of move."""


@dataclass(frozen=True)
class Changes:
    """The deals that were moved in a period, by how. One that was moved in two ways counts under both."""

    new: Tally
    forward: Tally
    back: Tally
    won: Tally
    lost: Tally
    reopened: Tally

    @property
    def is_empty(self) -> bool:
        return not any(each.count for each in (self.new, self.forward, self.back, self.won, self.lost, self.reopened))


class Periods:
    """Periods that follow each other, each after one border and up to the next; what was moved in them of those of a
    pipeline's deals that are `which`. Raises ValueError for more of them than can be counted at once.

    Of deals with an undone move those moves count that were not taken back, of those that came from another pipeline
    the moves since. Amounts are as they are known now, those of open deals at the rates of the period's end.
    """

    def __init__(
        self,
        session: Session,
        workspace: Workspace,
        pipeline: Pipeline,
        which: ColumnElement[bool],
        borders: Sequence[datetime],
    ) -> None:
        if len(borders) - 1 > _MOST_PERIODS:
            raise ValueError(f"{_MOST_PERIODS} periods are counted at once, not {len(borders) - 1}")
        self._session = session
        self._workspace = workspace
        self._leads_on = _leads_on(pipeline)
        self._ends = borders[1:]
        self._lately = and_(
            StageChange.workspace_id == workspace.id, StageChange.at > borders[0], StageChange.at <= borders[-1]
        )
        self._since = borders[0]
        # A deal that was moved then, and not back, entered its stage then or later.
        self._which = and_(which, Deal.entered_stage_at > borders[0])

    def changes(self) -> list[Changes]:
        moved: list[dict[Change, list[Part]]] = [defaultdict(list) for _ in self._ends]
        for ways, part in self._moved():
            for place, change in ways:
                moved[place][change].append(part)
        return [self._changes(parts, until) for parts, until in zip(moved, self._ends, strict=True)]

    def _changes(self, moved: Mapping[Change, list[Part]], until: datetime) -> Changes:
        every = [part for parts in moved.values() for part in parts]
        pricing = Sums(self._session, self._workspace).pricing(every, until)

        def tally(*changes: Change) -> Tally:
            return tally_of([part for change in changes for part in moved[change]], pricing)

        return Changes(
            new=tally(Change.CREATED, Change.TRANSFERRED),
            forward=tally(Change.FORWARD),
            back=tally(Change.BACK),
            won=tally(Change.WON),
            lost=tally(Change.LOST),
            reopened=tally(Change.REOPENED),
        )

    def _moved(self) -> Iterator[tuple[Iterable[_Way], Part]]:
        """The deals with all ways in which they were moved, added up as far as the database can tell these."""
        bit_of = {way: 1 << number for number, way in enumerate(product(range(len(self._ends)), Change))}

        @cache
        def ways_of(bits: int) -> list[_Way]:
            return [way for way, bit in bit_of.items() if bits & bit]

        how = [{change: bit_of[place, change] for change in Change} for place in range(len(self._ends))]
        bit = self._by_period([case(each, value=StageChange.change) for each in how])
        counts = or_(StageChange.change.in_(_ONE_BY_ONE), and_(*self._leads_on)) if self._leads_on else true()
        moved = (
            select(StageChange.deal_id, any_bit(bit).label("bits"))
            .where(self._lately, counts)
            .group_by(StageChange.deal_id)
            .subquery()
        )
        apart = sum(bit for (_, change), bit in bit_of.items() if change in _ONE_BY_ONE)
        by_itself = case((moved.c.bits.bitwise_and(apart) != 0, Deal.id))
        # An inner join would find the same deals; of this one PostgreSQL foresees how many they are.
        deals = select(moved.c.bits, by_itself).select_from(Deal).outerjoin(moved, Deal.id == moved.c.deal_id)
        one_by_one: dict[int, Part] = {}
        sums = Sums(self._session, self._workspace)
        for (bits, deal_id), part in sums.parts(deals.where(self._which), self._since, self._ends[-1]):
            if deal_id is None:
                yield ways_of(bits or 0), part
            else:
                one_by_one[deal_id] = part
        yield from self._replayed(one_by_one)

    def _replayed(self, deals: Mapping[int, Part]) -> Iterator[tuple[Iterable[_Way], Part]]:
        place = self._by_period(range(len(self._ends))).label("place")
        leads_on = (and_(*self._leads_on) if self._leads_on else true()).label("leads_on")
        chosen = union_all(*(select(StageChange.deal_id).where(self._lately, moves_that(each)) for each in _ONE_BY_ONE))
        query = (
            select(StageChange.deal_id, StageChange.change, place, leads_on)
            .where(self._lately, StageChange.deal_id.in_(chosen))
            .order_by(StageChange.deal_id, StageChange.at, StageChange.id)
        )
        for deal_id, moves in groupby(self._session.execute(query), key=attrgetter("deal_id")):
            if part := deals.get(deal_id):
                kept = moves_here(kept_moves(moves, is_whole=False))
                yield {(move.place, move.change) for move in kept if move.leads_on}, part

    def _by_period(self, numbers: Iterable[int | ColumnElement[int]]) -> ColumnElement[int]:
        """Of a move: the number of the period that it was made in."""
        return case(*((StageChange.at <= end, number) for end, number in zip(self._ends, numbers, strict=True)))


def _leads_on(pipeline: Pipeline) -> list[ColumnElement[bool]]:
    """Of a move: that its two stages were not merged since."""
    names: dict[int, list[int]] = defaultdict(list)
    for stage_id, stage in pipeline.stages_by_id().items():
        names[stage.id].append(stage_id)
    came, went = StageChange.from_stage_id, StageChange.to_stage_id
    return [or_(came.is_(None), came.not_in(ids), went.not_in(ids)) for ids in names.values() if len(ids) > 1]
