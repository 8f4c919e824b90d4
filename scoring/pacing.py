"""How long deals usually wait in each stage before they move on, learnt from the team's own past."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from models.history import kept_moves
from models.stalling import SHARE, UsualWaits
from models.timeline import DealHistory, PastMove
from models.working_days import WorkingDays
from scoring.funnel_statistics import left_by

YEAR = timedelta(days=365)
"""Older stays tell of a team that may sell differently by now."""


@dataclass
class _Waits:
    """In working days, of the stays that ended by moving on, and so far of those that last."""

    ended: list[float] = field(default_factory=list)
    lasting: list[float] = field(default_factory=list)

    def usual(self) -> int | None:
        (days,) = left_by(self.ended, self.lasting, (SHARE,))
        return None if days is None else int(days)


def usual_waits(
    histories: Iterable[DealHistory], calendars: Mapping[int | None, WorkingDays], *, at: datetime
) -> dict[int, UsualWaits]:
    """For each stage by its id, from the stays of the year before `at` as they were known then.

    `calendars` are those of the owners, by id; the one of None serves whoever has none. Stays that ended by going back
    or by losing tell nothing of how long a deal waits that moves on, and are left out.
    """
    in_stage: dict[int, _Waits] = defaultdict(_Waits)
    quiet: dict[int, _Waits] = defaultdict(_Waits)
    for history in histories:
        days = calendars.get(history.owner_id, calendars[None])
        for stage_id, moments, has_ended in _stays(history, at):
            waited = days.waited(moments[0], moments[-1])
            silent = max(days.waited(*gap) for gap in pairwise(moments))
            for waits, number in ((in_stage[stage_id], waited), (quiet[stage_id], silent)):
                (waits.ended if has_ended else waits.lasting).append(number)
    return {each: UsualWaits(it.usual(), quiet[each].usual(), len(it.ended)) for each, it in in_stage.items()}


def _stays(history: DealHistory, at: datetime) -> Iterator[tuple[int, list[datetime], bool]]:
    """The stage of each stay, its beginning, activities and end, and whether it ended by moving on."""
    moves: list[PastMove] = kept_moves(move for move in history.moves if move.at <= at)
    for entered, left in pairwise([*moves, None]):
        if entered is None or entered.at <= at - YEAR or (left is not None and not left.change.is_forward):
            continue
        end = left.at if left else at
        between = [each.at for each in history.activities if entered.at < each.at < end]
        yield entered.to_stage_id, [entered.at, *between, end], left is not None
