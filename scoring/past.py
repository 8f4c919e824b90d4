"""A team's past as it was kept: what is known of its deals, until when, and where nobody wrote anything down."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.stats import CensoredData, ecdf
from sqlalchemy.orm import Session

from models.model_version import Question
from models.timeline import DealHistory, StageFacts
from models.timelines import Timelines
from models.workspace import Workspace
from scoring.arrays import Floats
from scoring.conversion import OWN_CURRENCIES, Conversion, conversion_for
from scoring.features import Row, features_of
from scoring.usual import Usual

MOST = 30_000
"""Older deals than so many tell a team little that the newer ones do not, and cost memory and minutes."""
FOR_MODELS, FOR_RATES = 0.2, 0.5
"""At most such a share of the past may be waited for to know whether a deal is won in the end. Models need the rest of
it to learn from, and later deals to be compared on; base rates only count, and say too little where many deals take
longer."""
_NEARLY_ALL = 0.9
_SILENCE = 45 * 86_400.0
_MISSING = 20
"""Nobody kept the record in a time of more than so many seconds in which nothing was written down, where at the pace
of the rest something was to be expected on so many days."""
_Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Past:
    """What a workspace's scores are learnt from."""

    histories: Sequence[DealHistory]
    stages: Mapping[int, StageFacts]
    horizon_days: int
    conversion: Conversion = OWN_CURRENCIES

    @cached_property
    def usual(self) -> Usual:
        return Usual(self.histories, self.stages, self.conversion)

    def row_of(self, deal_id: int, at: datetime) -> Row:
        """The features of a deal as they were known at a moment; worked out once, whoever asks how often."""
        key = (deal_id, at)
        if key not in self._rows:
            self._rows[key] = features_of(self._by_id[deal_id], at, self.stages, self.usual)
        return self._rows[key]

    def known_until(self, at: datetime) -> datetime:
        """Until when outcomes are known: when, as of `at`, the team last moved or wrote down anything.

        Silence after that says nothing of the deals. They come from another CRM, whose export ends there, or nobody
        has kept the record since; to take every open deal for one that did not move would drown what did happen.
        That a deal was added is no sign of a kept record: an import may not know since when it has been there. Nor is
        a single note long after an export: what was written down after a silence counts once that goes back further
        than a horizon.
        """
        kept = self._kept(at)
        horizon = timedelta(days=self.horizon_days)
        return next((end for begin, end in reversed(kept) if end - begin >= horizon), kept[-1][1] if kept else at)

    def is_known(self, at: datetime, known_at: datetime, *, end: datetime) -> bool:
        """Whether what happened from one moment to another is known at `end`, with no silence in between."""
        return known_at <= end and not any(quiet < known_at and at < loud for quiet, loud in self.silences(end))

    def silences(self, end: datetime) -> list[_Span]:
        """The times up to `end` in which nobody kept the record; what did not happen then is not known."""
        if end not in self._silences:
            self._silences[end] = [(quiet, loud) for (_, quiet), (loud, _) in pairwise(self._kept(end))]
        return self._silences[end]

    def days_to(self, question: Question, *, end: datetime, at_most: float = FOR_MODELS) -> int:
        """How many days after a moment its answer counts as known.

        To move forward has the workspace's horizon. To be won in the end has the age at which, as known at `end`, nine
        of ten deals are closed (Kaplan and Meier's estimate, deals still open counting as far as they were seen), but
        at most such a share of the past.
        """
        if question is Question.FORWARD:
            return self.horizon_days
        ages, still_open = _ages_at_closing(self.histories, end=end)
        if not ages:
            return self.horizon_days
        longest = int((end - min(history.created_at for history in self.histories)).days * at_most)
        closed = ecdf(CensoredData(uncensored=ages, right=still_open)).cdf
        reached = closed.quantiles[closed.probabilities >= _NEARLY_ALL]
        return max(self.horizon_days, min(longest, int(reached[0]) + 1 if len(reached) else longest))

    def _kept(self, at: datetime) -> list[_Span]:
        """From when to when the record was kept, as known at a moment."""
        seconds = self._records[: np.searchsorted(self._records, at.timestamp(), side="right")]
        days = len(np.unique(seconds // 86_400))
        if days <= _MISSING:  # too few to tell a pace
            return [(_moment(seconds[0]), _moment(seconds[-1]))] if len(seconds) else []
        gaps = np.diff(seconds)
        rest = seconds[-1] - seconds[0] - gaps
        is_silence = (gaps > _SILENCE) & (gaps * days >= _MISSING * rest)
        begins = np.concatenate([seconds[:1], seconds[1:][is_silence]])
        ends = np.concatenate([seconds[:-1][is_silence], seconds[-1:]])
        return [(_moment(begin), _moment(end)) for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]

    @cached_property
    def _records(self) -> Floats:
        """When anything was written down, in seconds since 1970."""
        return np.sort([moment.timestamp() for history in self.histories for moment in _records(history)])

    @cached_property
    def _by_id(self) -> Mapping[int, DealHistory]:
        return {history.deal_id: history for history in self.histories}

    @cached_property
    def _rows(self) -> dict[tuple[int, datetime], Row]:
        return {}

    @cached_property
    def _silences(self) -> dict[datetime, list[_Span]]:
        return {}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _records(history: DealHistory) -> Iterator[datetime]:
    for noted in (history.moves[1:], history.activities, history.revisions):
        yield from (each.at for each in noted)


def _ages_at_closing(histories: Sequence[DealHistory], *, end: datetime) -> tuple[list[int], list[int]]:
    """How many days old deals were when they were closed, and how old those are that are open."""
    closed: list[int] = []
    still_open: list[int] = []
    for history in histories:
        if history.created_at <= end:
            closed_at = history.as_of(end).standing.closed_at
            (still_open if closed_at is None else closed).append(((closed_at or end) - history.created_at).days)
    return closed, still_open


def past_of(session: Session, workspace: Workspace, *, at: datetime) -> Past:
    """As much of it as is learnt from as of a moment: the MOST deals that were added last, and all that were open."""
    timelines = Timelines(session, workspace)
    histories = timelines.newest(MOST, at=at)
    conversion = conversion_for(session, workspace, histories)
    return Past(histories, timelines.stages(), workspace.horizon_days, conversion)
