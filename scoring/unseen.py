"""Asks each model about leads that it has not seen, as it would be asked in earnest.

With moments those are later leads, three times over; otherwise each fifth of them in turn, and leads that look exactly
alike are never on both sides. Nor are those of one group.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scoring.columns import Columns
from scoring.members import new_member
from scoring.tables import Floats, Table

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

LEAST = 5
"""Of so few won or lost leads nothing is learnt."""
NEWEST = (1.0, 0.5, 0.2)
"""The shares of the past, newest first, on which a base rate may be counted."""
_LARGE = 20_000


def base_rate(won: Bools, moments: Floats | None = None, *, newest: float = 1.0) -> float:
    """How many of the newest leads are won, drawn by one lead towards an even chance: never quite 0 or 1."""
    counted = won if moments is None else won[moments >= np.quantile(moments, 1 - newest)]
    return float((counted.sum() + 0.5) / (len(counted) + 1))


def blended(log_odds: list[Floats]) -> Floats:
    mean: Floats = np.mean(log_odds, axis=0)
    return mean


@dataclass(frozen=True)
class Answers:
    """What each member said of leads that it had not seen, fold after fold; `rates` is what base rates said that were
    counted on the newest share of what was seen (1: on all of it). All of it in log-odds.
    """

    log_odds: Mapping[str, Floats]
    rates: Mapping[float, Floats]
    won: Bools
    groups: Ints
    fold: Ints
    in_order: bool
    """Whether the folds follow each other in time."""

    @classmethod
    def of(
        cls,
        names: tuple[str, ...],
        table: Table,
        won: Bools,
        *,
        moments: Floats | None,
        groups: Ints | None,
        random_state: int,
    ) -> "Answers | None":
        """The answers of the members so named; None where no fold can be made."""
        if groups is None:
            groups = _alike(table) if moments is None else np.arange(len(table))
        splits = list(_folds(won, groups, random_state) if moments is None else _later(won, groups, moments))
        if not splits:
            return None
        said: dict[str, list[Floats]] = {name: [] for name in names}
        for seen, unseen in splits:
            columns = Columns().fit(table.take(seen.tolist()), won[seen])
            known, asked = columns.transform(table.take(seen.tolist())), columns.transform(table.take(unseen.tolist()))
            for name in names:
                member = new_member(name, random_state).fit(known, won[seen], columns.n_categories_)
                said[name].append(member.log_odds(asked))
        asked_of = np.concatenate([unseen for _, unseen in splits])
        return cls(
            log_odds={name: np.concatenate(parts) for name, parts in said.items()},
            rates={share: _rates(won, moments, splits, share) for share in ((1.0,) if moments is None else NEWEST)},
            won=won[asked_of],
            groups=groups[asked_of],
            fold=np.repeat(np.arange(len(splits)), [len(unseen) for _, unseen in splits]),
            in_order=moments is not None,
        )

    def blend(self, members: tuple[str, ...]) -> Floats:
        return blended([self.log_odds[name] for name in members])


def _folds(won: Bools, groups: Ints, random_state: int) -> Iterator[tuple[Ints, Ints]]:
    """Groups dealt out like cards, the more often won ones first, so that each fold gets its share of them."""
    _, group = np.unique(groups, return_inverse=True)
    rates = np.bincount(group, weights=won) / np.bincount(group)
    order = np.lexsort((np.random.default_rng(random_state).random(len(rates)), rates))
    n_folds = 5 if len(won) < _LARGE else 3
    dealt = np.empty(len(rates), dtype=np.intp)
    dealt[order] = np.arange(len(rates)) % n_folds
    for fold in range(n_folds):
        here = dealt[group] == fold
        if here.any() and tells(won[~here]):
            yield np.flatnonzero(~here), np.flatnonzero(here)


def _later(won: Bools, groups: Ints, moments: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Three windows, each asked about after what went before it, without the leads of groups that go on in it.

    Where hardly anything is left then, because all groups go on, the order of time has to do.
    """
    cuts = [*np.quantile(moments, [0.4, 0.6, 0.8], method="higher"), np.inf]
    for begin, end in pairwise(cuts):
        unseen = np.flatnonzero((begin <= moments) & (moments < end))
        before = moments < begin
        apart = before & ~np.isin(groups, groups[unseen])
        seen = np.flatnonzero(apart if tells(won[apart]) else before)
        if len(unseen) and tells(won[seen]):
            yield seen, unseen


def tells(won: Bools) -> bool:
    return min(int(won.sum()), int((~won).sum())) >= LEAST - 1


def _alike(table: Table) -> Ints:
    """Rows that look the same have the same number."""
    numbers: dict[tuple[object, ...], int] = {}
    return np.array([numbers.setdefault(tuple(map(str, row)), len(numbers)) for row in table.rows()], dtype=np.intp)


def _rates(won: Bools, moments: Floats | None, splits: list[tuple[Ints, Ints]], newest: float) -> Floats:
    said = []
    for seen, unseen in splits:
        rate = base_rate(won[seen], None if moments is None else moments[seen], newest=newest)
        said.append(np.full(len(unseen), _log_odds(rate)))
    return np.concatenate(said)


def _log_odds(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))
