"""What each model says is what its parts add up to, and what scikit-learn says itself."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from threadpoolctl import threadpool_limits

from scoring.arrays import Floats
from scoring.ensembles import Boosting, Forest
from scoring.members import Flat, Logistic, Member, Narrow
from scoring.trees import trees_of_boosting, trees_of_forest

RANDOM = np.random.default_rng(0)
MATRIX = np.column_stack([RANDOM.integers(0, 5, 600), RANDOM.normal(size=(600, 3))]).astype(np.float32).astype(float)
MATRIX[RANDOM.random(MATRIX.shape) < 0.1] = np.nan
WON = np.nan_to_num(MATRIX[:, 1]) + np.nan_to_num(MATRIX[:, 0]) / 3 + RANDOM.normal(size=600) > 0.5
SUBJECTS = [0, 1, 1, 2]

LEARNERS: list[type] = [Logistic, Boosting, Forest]
MEMBERS = [*LEARNERS, Flat]


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """As LeadScorer does for few leads."""
    with threadpool_limits(1):
        yield


@pytest.mark.parametrize("a_member", MEMBERS)
def test_contributions_add_up_to_the_log_odds(a_member: Callable[[], Member]) -> None:
    member = a_member().fit(MATRIX, WON, 1).explained_by(SUBJECTS)

    log_odds, summands = member.contributions(MATRIX)

    assert summands.shape == (600, 3)
    assert log_odds == pytest.approx(member.log_odds(MATRIX))
    assert member.start + summands.sum(axis=1) == pytest.approx(log_odds)


@pytest.mark.parametrize("a_member", MEMBERS)
def test_one_lead_is_told_as_among_many(a_member: Callable[[], Member]) -> None:
    member = a_member().fit(MATRIX, WON, 1).explained_by(SUBJECTS)

    together = member.contributions(MATRIX)[1]
    alone = np.vstack([member.contributions(MATRIX[[row]])[1] for row in range(5)])

    assert alone == pytest.approx(together[:5])


@pytest.mark.parametrize("a_member", MEMBERS)
def test_what_was_never_seen_is_answered_too(a_member: Callable[[], Member]) -> None:
    member = a_member().fit(MATRIX, WON, 1).explained_by(SUBJECTS)
    strange = np.array([[np.nan] * 4, [99.0, 1e9, -1e9, 0.0]])

    assert np.isfinite(member.contributions(strange)[0]).all()


@pytest.mark.parametrize("categories", [[], [0], [0, 1]], ids=["none", "one", "two"])
def test_the_paths_through_a_boosting_end_where_scikit_learn_says(categories: list[int]) -> None:
    boosting = HistGradientBoostingClassifier(max_iter=20, categorical_features=categories, random_state=0)
    matrix = MATRIX.copy()
    matrix[:, 1] = np.digitize(MATRIX[:, 1], [-1, 0, 1])
    boosting.fit(matrix, WON)
    trees = trees_of_boosting(boosting, range(4))
    strange = np.array([[np.nan] * 4, [99.0, 200.0, -1e9, 0.0]])

    for rows in (matrix, strange):
        summands = trees.contributions(trees.leaves(rows))
        assert trees.start + summands.sum(axis=1) == pytest.approx(boosting.decision_function(rows))


def test_a_boosting_splits_the_values_of_a_category_whatever_their_order() -> None:
    values = np.tile([0.0, 1.0, 2.0, 3.0], 150)[:, None]
    boosting = Boosting().fit(values, (values[:, 0] % 2 == 0) ^ (RANDOM.random(600) < 0.1), 1).explained_by([0])

    even, odd, other_even, other_odd = boosting.contributions(values[:4])[0]

    assert min(even, other_even) > 1 > -1 > max(odd, other_odd)


def test_codes_with_gaps_are_not_learnt_from() -> None:
    with pytest.raises(ValueError, match="without gaps"):
        Boosting().fit(MATRIX[:, [0]] * 2, WON, 1)


def test_the_paths_through_a_forest_end_where_scikit_learn_says() -> None:
    forest = RandomForestClassifier(20, random_state=0).fit(MATRIX, WON)
    trees = trees_of_forest(forest, range(4))
    leaves = trees.leaves(MATRIX)

    assert (leaves - trees.roots).tolist() == forest.apply(MATRIX).tolist()
    assert trees.start + trees.contributions(leaves).sum(axis=1) == pytest.approx(forest.predict_proba(MATRIX)[:, 1])


@pytest.mark.parametrize("a_member", LEARNERS)
def test_a_column_that_decides_nothing_contributes_little(a_member: Callable[[], Member]) -> None:
    member = a_member().fit(MATRIX, WON, 1).explained_by(SUBJECTS)

    size: Floats = np.abs(member.contributions(MATRIX)[1]).mean(axis=0)

    assert size[1] > 2 * size[2]


@pytest.mark.parametrize("a_member", LEARNERS)
def test_rows_that_weigh_more_are_followed_more(a_member: Callable[[], Member]) -> None:
    two_kinds = np.vstack([MATRIX, MATRIX])
    won = np.concatenate([WON, ~WON])

    said = [a_member().fit(two_kinds, won, 1, np.repeat(share, 600)).log_odds(MATRIX) for share in ([2, 0.1], [0.1, 2])]

    assert said[0][WON].mean() > said[0][~WON].mean() + 0.5
    assert said[1][WON].mean() < said[1][~WON].mean() - 0.5


def test_a_narrow_regression_sees_nothing_but_its_columns() -> None:
    narrow = Narrow([0, 3]).fit(MATRIX, WON, 1).explained_by(SUBJECTS)
    otherwise = MATRIX.copy()
    otherwise[:, [1, 2]] = 7.0

    log_odds, summands = narrow.contributions(MATRIX)

    assert np.array_equal(narrow.log_odds(otherwise), log_odds)
    assert summands.shape == (600, 3)
    assert not summands[:, 1].any()
    assert narrow.start + summands.sum(axis=1) == pytest.approx(log_odds)
