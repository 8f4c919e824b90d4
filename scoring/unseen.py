"""Asks each model about leads that it has not seen, as it would be asked in earnest.

With moments those are later leads, three times over. Where it is told since when each outcome was known, a model learns
from what was known when the window began that it is asked about; a deal may then be on both sides with different
moments, as it will be in earnest. Otherwise leads of one group are never on both sides. Without moments each fifth of
the leads is asked about in turn, and copies of a lead, or leads of one group, are never on both sides.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import logit

from scoring.arrays import Bools, Floats, Ints
from scoring.blending import blended
from scoring.columns import Columns
from scoring.lesson import Lesson
from scoring.members import Member, new_member
from scoring.tables import Table

LEAST = 5
"""Of so few won or lost leads nothing is learnt."""
NEWEST = (1.0, 0.5, 0.2)
"""The shares of the past, newest first, on which a base rate may be counted."""
_LARGE = 20_000
_DISAGREE = 0.2
"""The share of the rarer outcome that may look like leads of the other one by mistake."""


@dataclass(frozen=True)
class Split:
    """Which leads of a lesson are learnt from, and which are asked about; all of these at `begin` or later."""

    seen: Ints
    unseen: Ints
    begin: float = np.inf


def taught(
    names: Sequence[str], lesson: Lesson, columns: Columns, matrix: Floats, random_state: int, *, are_few: bool = False
) -> Iterator[Member]:
    """The members so named, having learnt from what `columns` made of a lesson; `are_few` says that all leads, of which
    these may be some, are few."""
    of_base = [place for place, source in enumerate(columns.sources_) if source in lesson.base]
    for name in names:
        member = new_member(name, random_state, of_base, of_few_deals=are_few and lesson.weights is not None)
        yield member.fit(matrix, lesson.won, columns.n_categories_, lesson.weights)


@dataclass(frozen=True)
class Answers:
    """What each member said of leads that it had not seen, fold after fold; `rates` is what base rates said that were
    counted on the newest share of what was seen (1: on all of it). All of it in log-odds.

    `asked` are those leads, `fold` is the number of the window or fifth of each, `begins` when each fold begins.
    """

    log_odds: Mapping[str, Floats]
    rates: Mapping[float, Floats]
    asked: Lesson
    groups: Ints
    fold: Ints
    begins: Sequence[float]

    @classmethod
    def of(
        cls, names: tuple[str, ...], lesson: Lesson, *, random_state: int, are_few: bool = False
    ) -> "Answers | None":
        """The answers of the members so named; None where no fold can be made."""
        groups = lesson.groups
        if groups is None:
            groups = np.arange(len(lesson)) if lesson.moments is not None else _copies(lesson.table, lesson.won)
        splits = list(
            _folds(lesson, groups, random_state) if lesson.moments is None else _later(lesson, groups, lesson.moments)
        )
        if not splits:
            return None
        shares = (1.0,) if lesson.moments is None else NEWEST
        said: dict[str, list[Floats]] = {name: [] for name in names}
        rates: dict[float, list[Floats]] = {share: [] for share in shares}
        for split in splits:
            seen, unseen = lesson.take(split.seen), lesson.take(split.unseen)
            columns = Columns().fit(seen.table, seen.won)
            known, asked = columns.transform(seen.table), columns.transform(unseen.table)
            members = taught(names, seen, columns, known, random_state, are_few=are_few)
            for name, member in zip(names, members, strict=True):
                said[name].append(member.log_odds(asked))
            for share in shares:
                rates[share].append(logit(seen.rates(newest=share).rates_of(unseen.values)))
        places = np.concatenate([split.unseen for split in splits])
        return cls(
            log_odds={name: np.concatenate(parts) for name, parts in said.items()},
            rates={share: np.concatenate(parts) for share, parts in rates.items()},
            asked=lesson.take(places),
            groups=groups[places],
            fold=np.repeat(np.arange(len(splits)), [len(split.unseen) for split in splits]),
            begins=[split.begin for split in splits],
        )

    @property
    def in_order(self) -> bool:
        """Whether the folds follow each other in time."""
        return self.asked.moments is not None

    @property
    def won(self) -> Bools:
        return self.asked.won

    @property
    def weights(self) -> Floats | None:
        return self.asked.weights

    def blend(self, members: tuple[str, ...]) -> Floats:
        return blended([self.log_odds[name] for name in members])

    def besides(self, fold: int) -> Bools:
        """The answers whose outcomes may be looked at when a fold is asked about: all others, or those before it."""
        apart: Bools = self.fold < fold if self.in_order else self.fold != fold
        if self.asked.known is not None:
            apart &= self.asked.known <= self.begins[fold]
        return apart


def _folds(lesson: Lesson, groups: Ints, random_state: int) -> Iterator[Split]:
    """Groups dealt out like cards, the more often won ones first, so that each fold gets its share of them."""
    _, group = np.unique(groups, return_inverse=True)
    rates = np.bincount(group, weights=lesson.won) / np.bincount(group)
    order = np.lexsort((np.random.default_rng(random_state).random(len(rates)), rates))
    n_folds = 5 if len(lesson) < _LARGE else 3
    dealt = np.empty(len(rates), dtype=np.intp)
    dealt[order] = np.arange(len(rates)) % n_folds
    for fold in range(n_folds):
        here = dealt[group] == fold
        if here.any() and tells(lesson.won[~here]):
            yield Split(np.flatnonzero(~here), np.flatnonzero(here))


def _later(lesson: Lesson, groups: Ints, moments: Floats) -> Iterator[Split]:
    """Three windows, each asked about after what was known before it.

    Where nobody said since when outcomes were known, groups that go on in the window are left out; where hardly
    anything is left then, because all groups go on, the order of time has to do.
    """
    cuts = [*np.quantile(moments, [0.4, 0.6, 0.8], method="higher"), np.inf]
    for begin, end in pairwise(cuts):
        unseen = np.flatnonzero((begin <= moments) & (moments < end))
        before = moments < begin
        if lesson.known is not None:
            before &= lesson.known <= begin
        else:
            apart = before & ~np.isin(groups, groups[unseen])
            before = apart if tells(lesson.won[apart]) else before
        if len(unseen) and tells(lesson.won[before]):
            yield Split(np.flatnonzero(before), unseen, begin)


def tells(won: Bools) -> bool:
    return min(int(won.sum()), int((~won).sum())) >= LEAST - 1


def _copies(table: Table, won: Bools) -> Ints:
    """Copies of a lead have the same number.

    Rows that look the same are copies where they end the same. Where many do not, the columns tell so little that
    different leads look alike; nothing could be learnt about one if all of its like were kept away.
    """
    numbers: dict[tuple[object, ...], int] = {}
    alike = np.array([numbers.setdefault(tuple(map(str, row)), len(numbers)) for row in table.rows()], dtype=np.intp)
    n_won, n_lost = np.bincount(alike, weights=won), np.bincount(alike, weights=~won)
    rarer = n_won if won.mean() <= 0.5 else n_lost
    are_few = min((n_won > 0).sum(), (n_lost > 0).sum()) < LEAST
    disagree = rarer[(n_won > 0) & (n_lost > 0)].sum() > _DISAGREE * rarer.sum()
    return np.arange(len(won)) if are_few or disagree else alike
