"""A team's deals as they were known at a moment, and which of them a report is about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from models.deal import Deal
from models.history import Change, kept_moves
from models.texts import name_key
from models.timeline import DealHistory, PastMove, StageFacts

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class KnownDeal:
    """A deal with its fields as they read at a moment, and the moves that nobody had taken back by then.

    A move that is undone later still counts here, so that what was once reported of a closed period stays true of it.
    """

    fields: DealHistory
    moves: tuple[PastMove, ...]
    left_at: datetime | None = None
    """When it went on to another pipeline, if it had by then."""

    @property
    def began_at(self) -> datetime:
        return self.moves[0].at

    @property
    def stage_id(self) -> int:
        """Where it stood."""
        return self.moves[-1].to_stage_id

    @property
    def closed_at(self) -> datetime | None:
        """When it was won or lost, if it stood so; going on to after-sales changes nothing. None too for a deal that
        was closed when it was first written down: nobody knows when."""
        for move in reversed(self.moves):
            if move.change in (Change.WON, Change.LOST):
                return move.at
            if move.change is Change.REOPENED:
                return None
        return None


@dataclass(frozen=True)
class Selection:
    """The deals that a report is about: all of them, or those that have each of these. Texts match in any case."""

    owner_ids: frozenset[int] | None = None
    """One person's or a team's."""
    source: str = ""
    company: str = ""
    custom: tuple[tuple[str, str], ...] = ()
    """Fields of the workspace, each with its value."""

    def has(self, deal: Deal | DealHistory) -> bool:
        return (
            (self.owner_ids is None or deal.owner_id in self.owner_ids)
            and (not self.source or _alike(deal.source, self.source))
            and (not self.company or _alike(deal.company, self.company))
            and all(_alike(str(deal.custom.get(field, "")), value) for field, value in self.custom)
        )


def known_before(
    histories: Iterable[DealHistory], end: datetime, selection: Selection, *, gone_since: datetime | None = None
) -> list[KnownDeal]:
    """The selected deals as they were known right before `end`; a deal is selected by its fields of that moment, and
    not there any more once it has gone on to another pipeline, but where that was not before `gone_since`."""
    known = []
    for history in histories:
        left_at = history.left_at if history.left_at is not None and history.left_at < end else None
        is_gone = left_at is not None and (gone_since is None or left_at < gone_since)
        if history.moves[0].at >= end or is_gone:
            continue
        moves = kept_moves(move for move in history.moves if move.at < end)
        if moves and selection.has(fields := _fields_before(history, end)):
            known.append(KnownDeal(fields, tuple(_between_stages(moves)), left_at))
    return known


def stages_of(stages: Iterable[StageFacts], pipeline_id: int) -> list[StageFacts]:
    """A pipeline's stages in their order."""
    return sorted((each for each in stages if each.pipeline_id == pipeline_id), key=lambda stage: stage.position)


def _between_stages(moves: Sequence[PastMove]) -> Iterator[PastMove]:
    """Without moves from a stage into itself: between two stages that were made one afterwards."""
    yield moves[0]
    yield from (move for before, move in pairwise(moves) if move.to_stage_id != before.to_stage_id)


def _fields_before(history: DealHistory, end: datetime) -> DealHistory:
    return history.as_of(end - _INSTANT) if any(each.at >= end for each in history.revisions) else history


def _alike(text: str, other: str) -> bool:
    return _key(text) == _key(other)


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    return name_key(text)
