"""How much of each stage moves on and how long deals stay in it, over a year that nobody has to read for it.

What one deal adds is a function of its history alone (`added_by`). Whoever writes a move writes in the same transaction
what it makes of that, as rows of their own: two people who move deals never wait for each other. At night the rows are
added up, and months that no report looks back to are dropped. Where stages are merged, a pipeline is counted anew.

What we gave up: a year to the day. It begins with a month, so that there is little to add up, however many the deals.
"""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, groupby, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.history import Move, StageChange, by_pipelines, kept_moves
from models.pipeline import Pipeline, Stage, StageKind
from models.stage_count import Counted, StageCount
from models.workspace import Workspace

_AT_ONCE = 10_000


@dataclass(frozen=True)
class Pace:
    """How deals left a stage; for what the figures mean see models.funnel.Funnel."""

    moved_on: int = 0
    decided: int = 0
    median_days: float | None = None

    @property
    def conversion(self) -> float | None:
        return self.moved_on / self.decided if self.decided else None


class Cell(NamedTuple):
    """Where something is counted; see StageCount."""

    pipeline_id: int
    stage_id: int
    month: date
    what: Counted
    days: int = 0


class _Entry(NamedTuple):
    stage: Stage
    at: datetime


def year_began(at: datetime) -> date:
    """The first day of the running month, a year ago."""
    month = _month(at)
    return month.replace(year=month.year - 1)


def added_by(moves: Sequence[Move], stages: Mapping[int, Stage]) -> Counter[Cell]:
    """What a deal adds by the moves that nobody took back; `stages` are by the ids that these name."""
    return sum((_added_in_one(piece, stages) for piece in by_pipelines(moves)), Counter())


def _added_in_one(moves: Sequence[Move], stages: Mapping[int, Stage]) -> Counter[Cell]:
    """By the moves that it made in one pipeline."""
    added: Counter[Cell] = Counter()
    entries = [_Entry(stages[move.to_stage_id], move.at) for move in moves]
    stands = entries[-1].stage.kind if entries else StageKind.LOST
    won = (StageKind.WON, StageKind.AFTER_SALES)
    passed = [each.stage for each in entries if each.stage.is_open or (stands in won and each.stage.kind in won)]
    if passed:
        reach = max(passed, key=attrgetter("position"))
        what = Counted.DROPPED if stands is StageKind.LOST else Counted.REACHED
        added[Cell(reach.pipeline_id, reach.id, _month(entries[0].at), what)] += 1
    # Between two stages that were merged since there is no entry.
    entries = [*entries[:1], *(later for earlier, later in pairwise(entries) if later.stage.id != earlier.stage.id)]
    for entered, left in pairwise(entries):
        if left.at == entries[0].at:
            continue  # a file has not told when the deal began
        days = round((left.at - entered.at) / timedelta(days=1))
        added[Cell(entered.stage.pipeline_id, entered.stage.id, _month(left.at), Counted.STAYED, days)] += 1
    return added


def differences(before: Counter[Cell], after: Counter[Cell]) -> list[dict[str, object]]:
    """The columns of the rows that make the one of the other."""
    changed = {cell: after[cell] - before[cell] for cell in before.keys() | after.keys()}
    return [{**cell._asdict(), "count": count} for cell, count in sorted(changed.items()) if count]


class StageCounts:
    """The counts of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace
        self._is_mine = StageCount.workspace_id == workspace.id

    def paces(self, pipeline: Pipeline, *, at: datetime) -> dict[int, Pace]:
        """Of each stage, by its id, over the year before."""
        stays = self._counted(pipeline, at, StageCount.days, Counted.STAYED)
        ends = self._counted(pipeline, at, StageCount.month, Counted.REACHED, Counted.DROPPED)
        paces: dict[int, Pace] = {}
        beyond: Counter[date] = Counter()
        """How many deals that began in a month reach beyond the stage."""
        for stage in reversed([each for each in pipeline.stages if each.kind is not StageKind.LOST]):
            dropped, reached = ends[stage.id, Counted.DROPPED], ends[stage.id, Counted.REACHED]
            pace = Pace(median_days=_median(stays[stage.id, Counted.STAYED]))
            if stage.is_open:
                moved_on, lost = (_begun_since(stage.inserted_at, each) for each in (beyond, dropped))
                pace = replace(pace, moved_on=moved_on, decided=moved_on + lost)
            paces[stage.id] = pace
            beyond += dropped + reached
        return paces

    def _counted(
        self, pipeline: Pipeline, at: datetime, by: InstrumentedAttribute[Any], *what: Counted
    ) -> dict[tuple[int, Counted], Counter[Any]]:
        """How often each of these is counted of a stage over the year before, by days or by month."""
        total = func.sum(StageCount.count)
        query = (
            select(StageCount.stage_id, StageCount.what, by, total)
            .where(self._is_mine, StageCount.pipeline_id == pipeline.id, StageCount.month >= year_began(at))
            .where(StageCount.what.in_(what))
            .group_by(StageCount.stage_id, StageCount.what, by)
            .having(total != 0)
        )
        counts: dict[tuple[int, Counted], Counter[Any]] = defaultdict(Counter)
        for stage_id, counted, key, count in self._session.execute(query):
            counts[stage_id, counted][key] = int(count)
        return counts

    def fold(self, *, at: datetime) -> None:
        """Add up what is counted in many rows, and drop the months before the year."""
        everything = delete(StageCount).where(self._is_mine)
        columns = (StageCount.pipeline_id, StageCount.stage_id, StageCount.month, StageCount.what, StageCount.days)
        sums: Counter[Cell] = Counter()
        for row in self._session.execute(everything.returning(*columns, StageCount.count)):
            sums[Cell(*row[:-1])] += row[-1]
        oldest = year_began(at)
        self.add(Counter(), Counter({cell: count for cell, count in sums.items() if cell.month >= oldest}))

    def add(self, before: Counter[Cell], after: Counter[Cell]) -> None:
        """Deals that added the one before add the other now."""
        rows = [{**row, "workspace_id": self._workspace.id} for row in differences(before, after)]
        if rows:
            self._session.execute(insert(StageCount), rows)

    def count_anew(self, pipeline: Pipeline, *, at: datetime) -> None:
        """From the whole history of the deals that moved within the year before."""
        stages = pipeline.stages_by_id()
        moved = select(StageChange.deal_id).where(
            StageChange.workspace_id == self._workspace.id, StageChange.at >= _as_moment(year_began(at))
        )
        query = (
            select(StageChange.deal_id, StageChange.change, StageChange.to_stage_id, StageChange.at, StageChange.reason)
            .where(StageChange.workspace_id == self._workspace.id, StageChange.to_stage_id.in_(stages))
            .where(StageChange.deal_id.in_(moved))
            .order_by(StageChange.deal_id, StageChange.at, StageChange.id)
        )
        added: Counter[Cell] = Counter()
        rows = self._session.execute(query, execution_options={"yield_per": _AT_ONCE})
        for _, moves in groupby(rows, key=attrgetter("deal_id")):
            added.update(added_by(kept_moves(moves), stages))
        self._session.execute(delete(StageCount).where(self._is_mine, StageCount.pipeline_id == pipeline.id))
        self.add(Counter(), added)


def _begun_since(inserted_at: datetime | None, deals: Counter[date]) -> int:
    """Deals by the month in which they began: those that began in a month since the one in which a stage was put
    between others, as they alone have not passed where it was not yet."""
    first = _month(inserted_at) if inserted_at else date.min
    return sum(count for month, count in deals.items() if month > first)


def _median(stays: Mapping[int, int]) -> float | None:
    """The middle of the days that so many stays took each."""
    if not stays:
        return None
    days = sorted(stays)
    up_to = list(accumulate(stays[each] for each in days))
    lower, upper = (days[bisect(up_to, rank)] for rank in ((up_to[-1] - 1) // 2, up_to[-1] // 2))
    return (lower + upper) / 2


def _month(at: datetime) -> date:
    return at.astimezone(UTC).date().replace(day=1)


def _as_moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
