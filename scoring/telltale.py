"""How well the values of one column alone tell two kinds of leads apart: where they nearly do, it is too good.

Nothing that is known of a lead beforehand tells how it will end nearly without fail; what does was most likely written
down afterwards. Each value counts by itself, numbers that take many values in bins; what is missing counts as a value.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.stats import rankdata

from scoring.arrays import Bools, Ints
from scoring.cells import is_missing, numbers_of, text_of
from scoring.tables import Cells, Table

TOO_GOOD = 0.9
"""The area under the ROC curve from which on one column alone is suspected; public leads with all their columns come
to .83, and to .94 with columns that were filled in afterwards."""
LEAST = 10
"""Of so many leads of either kind at least is anything said."""
_MOST_VALUES = 50
_BINS = 20
_RARE = 5
"""Values of fewer leads count as one: each alone tells nothing of any others."""
_BEYOND_CHANCE = 3.5


def values_of(cells: Cells) -> Ints:
    """For each cell the number of its value, or of the bin that it falls into."""
    texts = [text_of(cell) for cell in cells]
    distinct = set(texts)
    if len(distinct) > _MOST_VALUES:
        numbers = numbers_of([None if is_missing(cell) else cell for cell in cells])
        there = np.isfinite(numbers)
        if there.sum() >= sum(text != "" for text in texts):
            edges = np.unique(np.quantile(numbers[there], np.linspace(0, 1, _BINS + 1)[1:-1]))
            return np.where(there, np.searchsorted(edges, numbers, side="right"), len(edges) + 1)
    counts = Counter(texts)
    numbered = {text: place for place, text in enumerate(sorted(distinct)) if counts[text] >= _RARE}
    return np.array([numbered.get(text, len(distinct)) for text in texts], dtype=np.intp)


def told_apart(values: Ints, kind: Bools) -> float:
    """The area under the ROC curve of each value's rate (.5: blind, 1: without fail), those of one half of the leads
    being told by the rates of the other half; .5 where there are so few that it may be chance."""
    n_yes, n_no = int(kind.sum()), int((~kind).sum())
    if min(n_yes, n_no) < LEAST:
        return 0.5
    usual, half = float(kind.mean()), np.empty(len(kind), dtype=np.intp)
    half[kind], half[~kind] = np.arange(n_yes) % 2, np.arange(n_no) % 2
    rates = np.empty(len(kind))
    for each in (0, 1):
        others, here = half != each, half == each
        counts = np.bincount(values[others], minlength=int(values.max()) + 1)
        hits = np.bincount(values[others], weights=kind[others], minlength=len(counts))
        rates[here] = ((hits + usual) / (counts + 1))[values[here]]
    area = float((rankdata(rates)[kind].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))
    scatter = math.sqrt((n_yes + n_no + 1) / (12 * n_yes * n_no))
    return area if area - 0.5 > _BEYOND_CHANCE * scatter else 0.5


def too_good(table: Table, won: Sequence[bool] | Bools) -> dict[str, float]:
    """The columns that alone nearly tell how leads ended, the worst first, each with its area under the ROC curve."""
    kind = np.asarray(won, dtype=np.bool_)
    areas = {name: told_apart(values_of(cells), kind) for name, cells in zip(table.names, table.columns, strict=True)}
    found = sorted(areas.items(), key=lambda each: -each[1])
    return {name: area for name, area in found if area >= TOO_GOOD}
