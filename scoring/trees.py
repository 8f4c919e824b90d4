"""Asks a fitted forest or boosting which leaf each lead falls into, and how each step on the way moved the answer.

A path starts at the average of all leads and ends at the leaf's answer; every split on it moves the answer by the
difference of the two averages, and that is what the split's column contributed. The contributions add up to the answer
exactly. One row is asked of all trees at once, so that one lead costs a millisecond; scikit-learn itself needs ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from scoring.arrays import Bools, Floats, Ints

_CHUNK = 256
_NONE = -1
"""Where scikit-learn's forests lead from a leaf."""
_CODES = 256
"""So many codes fit into the eight words of 32 bits that scikit-learn keeps of each half of a category."""


@dataclass(frozen=True)
class Trees:
    """Many trees side by side: for each node where to go from it; a leaf leads to itself.

    A node that splits a category has its `halves`: which codes go left. `moved` holds for each node what the path to it
    contributed, by subject; `start` is what all trees answer together before the first split.
    """

    roots: Ints
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    missing_goes_left: Bools
    halves: "Halves | None"
    depth: int
    moved: Floats
    start: float

    def leaves(self, matrix: Floats) -> Ints:
        """For each row the leaf that it falls into, in each tree."""
        chunks = [self._leaves(matrix[begin : begin + _CHUNK]) for begin in range(0, len(matrix), _CHUNK)]
        return np.vstack(chunks) if chunks else np.empty((0, len(self.roots)), dtype=np.intp)

    def contributions(self, leaves: Ints) -> Floats:
        """For each row what each subject contributed; with `start` they add up to the total."""
        summed = np.zeros((len(leaves), self.moved.shape[1]))
        for tree in range(leaves.shape[1]):
            summed += self.moved[leaves[:, tree]]
        return summed

    def _leaves(self, matrix: Floats) -> Ints:
        node = np.broadcast_to(self.roots, (len(matrix), len(self.roots)))
        row = np.arange(len(matrix))[:, None]
        for _ in range(self.depth):
            value = matrix[row, self.feature[node]]
            goes_left = value <= self.threshold[node]
            if self.halves:
                goes_left = self.halves.goes_left(node, value, goes_left)
            goes_left |= np.isnan(value) & self.missing_goes_left[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        return node


@dataclass(frozen=True)
class Halves:
    """How categories are split: for each node the row of `left` that says which codes go left, or none.

    The last column is for what is missing; what was never seen goes the same way.
    """

    row: Ints
    left: Bools

    def goes_left(self, node: Ints, value: Floats, otherwise: Bools) -> Bools:
        """Whether each value goes left; where the node splits a number, what was said `otherwise`."""
        row = self.row[node]
        code = np.clip(np.nan_to_num(value, nan=_CODES), 0, _CODES).astype(np.intp)
        return np.where(row == _NONE, otherwise, self.left[row, code])


def trees_of_forest(forest: RandomForestClassifier, subjects: Sequence[int]) -> Trees:
    """The trees of a random forest, each answering its share of the chance. `subjects` groups the columns.

    Raises ValueError where a tree is none.
    """
    trees = [each.tree_ for each in forest.estimators_]
    sizes = [tree.node_count for tree in trees]
    shift = np.repeat(np.cumsum([0, *sizes[:-1]]), sizes)
    left = np.concatenate([tree.children_left for tree in trees])
    right = np.concatenate([tree.children_right for tree in trees])
    feature = np.concatenate([tree.feature for tree in trees])
    is_leaf = left == _NONE
    left, right = left + shift, right + shift
    _check(sizes, feature=feature, left=left, right=right, is_leaf=is_leaf, n_columns=forest.n_features_in_)
    chances = np.concatenate([tree.value[:, 0, -1] for tree in trees]) / len(trees)
    return _trees(
        sizes,
        feature=feature,
        threshold=np.concatenate([tree.threshold for tree in trees]),
        left=left,
        right=right,
        is_leaf=is_leaf,
        missing_goes_left=np.concatenate([tree.missing_go_to_left for tree in trees]).astype(np.bool_),
        halves=None,
        averages=chances,
        start=0.0,
        subjects=subjects,
    )


def trees_of_boosting(boosting: HistGradientBoostingClassifier, subjects: Sequence[int]) -> Trees:
    """The trees of a boosting of two classes whose categories are its first columns, answering in log-odds; `subjects`
    groups the columns.

    scikit-learn keeps these trees in private attributes; a test compares what is read here with its own answers.
    Raises ValueError where a tree is none.
    """
    trees = [stage[0] for stage in boosting._predictors]
    nodes = np.concatenate([tree.nodes for tree in trees])
    sizes = [len(tree.nodes) for tree in trees]
    shift = np.repeat(np.cumsum([0, *sizes[:-1]]), sizes)
    left, right = nodes["left"] + shift, nodes["right"] + shift
    is_leaf = nodes["is_leaf"].astype(np.bool_)
    feature = nodes["feature_idx"].astype(np.intp)
    _check(sizes, feature=feature, left=left, right=right, is_leaf=is_leaf, n_columns=boosting.n_features_in_)
    missing_goes_left = nodes["missing_go_to_left"].astype(np.bool_)
    return _trees(
        sizes,
        feature=feature,
        threshold=nodes["num_threshold"],
        left=left,
        right=right,
        is_leaf=is_leaf,
        missing_goes_left=missing_goes_left,
        halves=_halves(boosting, feature, missing_goes_left),
        averages=_averages(nodes["value"], nodes["count"], left, right, is_leaf),
        start=float(boosting._baseline_prediction[0, 0]),
        subjects=subjects,
    )


def _halves(boosting: HistGradientBoostingClassifier, feature: Ints, missing_goes_left: Bools) -> Halves | None:
    """How the categories are split, if any are.

    Raises ValueError where a split names a half that is not there, or a column that is no category.
    """
    trees = [stage[0] for stage in boosting._predictors]
    nodes = np.concatenate([tree.nodes for tree in trees])
    places = np.flatnonzero(nodes["is_categorical"])
    if not places.size:
        return None
    is_category = np.asarray(boosting._bin_mapper.is_categorical_)
    known, numbers = boosting._bin_mapper.make_known_categories_bitsets()
    n_halves = [len(tree.raw_left_cat_bitsets) for tree in trees]
    tree = np.repeat(np.arange(len(trees)), [len(each.nodes) for each in trees])[places]
    half = nodes["bitset_idx"][places]
    if is_category.shape != (boosting.n_features_in_,) or not (
        is_category[feature[places]].all() and (half < np.asarray(n_halves)[tree]).all()
    ):
        raise ValueError("A tree splits a category that is none, or into halves that are not there.")
    left = _codes(np.concatenate([each.raw_left_cat_bitsets for each in trees]))
    left = left[np.cumsum([0, *n_halves[:-1]])[tree] + half]
    was_seen = _codes(known)[numbers[feature[places]]]
    row = np.full(len(nodes), _NONE)
    row[places] = np.arange(len(places))
    return Halves(row, np.where(was_seen, left, missing_goes_left[places, None]))


def _codes(words: NDArray[np.uint32]) -> Bools:
    """Which codes are in each set of them, and that the missing one is not."""
    bits = np.unpackbits(words.astype("<u4").view(np.uint8), axis=1, bitorder="little")
    return np.pad(bits, [(0, 0), (0, 1)]).astype(np.bool_)


def _check(sizes: Sequence[int], *, feature: Ints, left: Ints, right: Ints, is_leaf: Bools, n_columns: int) -> None:
    """Raises ValueError where a step leads back, out of its tree, or asks about a column that is not there.

    scikit-learn follows the steps without looking, so a tree that was tampered with would end the whole process.
    """
    parent = np.arange(len(left))
    end = np.repeat(np.cumsum(sizes), sizes)
    leads_on = (parent < left) & (left < end) & (parent < right) & (right < end)
    is_there = (feature >= 0) & (feature < n_columns)
    if not (is_leaf | (leads_on & is_there)).all():
        raise ValueError("A tree leads back, out of itself, or asks about a column that is not there.")


def _averages(values: Floats, counts: Ints, left: Ints, right: Ints, is_leaf: Bools) -> Floats:
    """What the leaves below each node answer on average; children stand after their parents."""
    averages: list[float] = values.tolist()
    share: list[int] = counts.tolist()
    for node in np.flatnonzero(~is_leaf)[::-1].tolist():
        a, b = int(left[node]), int(right[node])
        averages[node] = (averages[a] * share[a] + averages[b] * share[b]) / (share[a] + share[b])
    return np.array(averages)


def _trees(
    sizes: Sequence[int],
    *,
    feature: Ints,
    threshold: Floats,
    left: Ints,
    right: Ints,
    is_leaf: Bools,
    missing_goes_left: Bools,
    halves: Halves | None,
    averages: Floats,
    start: float,
    subjects: Sequence[int],
) -> Trees:
    roots = np.cumsum([0, *sizes[:-1]]).astype(np.intp)
    itself = np.arange(len(left))
    moved, depth = _paths(
        roots=roots,
        feature=feature,
        left=left,
        right=right,
        is_leaf=is_leaf,
        averages=averages,
        subjects=np.asarray(subjects, dtype=np.intp),
    )
    return Trees(
        roots=roots,
        feature=np.where(is_leaf, 0, feature).astype(np.intp),
        threshold=np.where(is_leaf, 0.0, threshold),
        left=np.where(is_leaf, itself, left).astype(np.intp),
        right=np.where(is_leaf, itself, right).astype(np.intp),
        missing_goes_left=missing_goes_left,
        halves=halves,
        depth=depth,
        moved=moved,
        start=start + float(averages[roots].sum()),
    )


def _paths(
    *,
    roots: Ints,
    feature: Ints,
    left: Ints,
    right: Ints,
    is_leaf: Bools,
    averages: Floats,
    subjects: Ints,
) -> tuple[Floats, int]:
    """For each node what the path to it contributed, and how deep the deepest tree is; one level after the other."""
    moved = np.zeros((len(left), int(subjects.max(initial=0)) + 1))
    depth = 0
    parents = roots[~is_leaf[roots]]
    while parents.size:
        depth += 1
        for children in (left[parents], right[parents]):
            moved[children] = moved[parents]
            moved[children, subjects[feature[parents]]] += averages[children] - averages[parents]
        below = np.concatenate([left[parents], right[parents]])
        parents = below[~is_leaf[below]]
    return moved, depth
