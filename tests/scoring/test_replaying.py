"""What would have been said on a day of the past knows nothing of what came after it, and is held against that."""

from dataclasses import replace

import pytest

from models.model_version import Question
from scoring.past import Past
from scoring.replaying import Fold, backtest, scorer_as_of
from scoring.scorer import Scorer
from tests.scoring.simulation import NOISE, SIGNAL, a_past, a_team, after, created

THEN = after(500)


@pytest.fixture(scope="module")
def past() -> Past:
    return a_team(SIGNAL, deals=1100, over_days=700)


@pytest.fixture(scope="module")
def scorer(past: Past) -> Scorer:
    return scorer_as_of(past, THEN, owners={})


@pytest.fixture(scope="module")
def folds(past: Past) -> list[Fold]:
    return list(backtest(past, at=after(700), folds=2))


def test_what_is_said_of_a_day_is_what_would_have_been_said_on_that_day(past: Past, scorer: Scorer) -> None:
    there = [history for history in past.histories if history.created_at <= THEN]
    as_known = [history.as_of(THEN) for history in there]

    on_the_day = scorer_as_of(replace(past, histories=as_known), THEN, owners={}).score_all(as_known, THEN)

    assert scorer.score_all(there, THEN) == on_the_day
    assert any(estimate is not None and not estimate.is_rate for estimate in on_the_day)


def test_each_fold_is_learnt_before_what_it_is_asked_about(folds: list[Fold]) -> None:
    forward = [fold for fold in folds if fold.question is Question.FORWARD]

    assert [fold.chosen == "all" for fold in forward] == [False, False, True]
    first, second, together = forward
    assert first.learnt_at < first.until == second.learnt_at < second.until
    assert together.moments == first.moments + second.moments


def test_where_there_is_something_to_learn_later_deals_are_told_better_than_by_base_rates(folds: list[Fold]) -> None:
    together = next(fold for fold in folds if fold.question is Question.FORWARD and fold.chosen == "all")

    assert together.score is not None
    assert together.base_rate is not None
    assert together.score.log_loss < together.base_rate.log_loss - 0.03


def test_where_there_is_nothing_to_learn_base_rates_answer_in_every_fold() -> None:
    folds = list(backtest(a_team(NOISE, deals=400, over_days=500), at=after(500), folds=2))

    assert {fold.chosen for fold in folds} == {"base rate", "all"}
    assert all(fold.score == fold.base_rate for fold in folds)


def test_one_very_old_deal_empties_no_fold() -> None:
    team = a_team(NOISE, deals=300, over_days=400)
    ancient = replace(team.histories[0], deal_id=10_000, created_at=after(-4000), moves=(created(at=after(-4000)),))

    folds = list(backtest(replace(team, histories=[ancient, *team.histories]), at=after(400), folds=3))

    shares = [fold.moments for fold in folds if fold.question is Question.FORWARD and fold.chosen != "all"]
    assert min(shares) > 0.2 * sum(shares)


def test_of_a_few_deals_each_fold_has_its_own_day_and_some_answer_and_too_few_are_said_to_be() -> None:
    folds = list(backtest(a_team(NOISE, deals=2, over_days=100), at=after(300), folds=4))

    alone = [fold for fold in folds if fold.chosen != "all"]
    assert all(fold.deals and fold.learnt_at < fold.until for fold in alone)
    assert len({(fold.question, fold.learnt_at) for fold in alone}) == len(alone)
    assert all(fold.lacking >= 16 for fold in folds if fold.chosen == "all")


def test_without_any_past_there_is_nothing_to_tell() -> None:
    assert all(fold.score is None and not fold.moments for fold in backtest(a_past(), at=after(10), folds=3))
