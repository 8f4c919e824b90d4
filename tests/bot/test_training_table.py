"""What training came to is told in a table and a sentence, also where it found nothing."""

from dataclasses import replace

import pytest

from bot.backtest_table import backtest_words
from bot.training_table import training_table, verdict
from models.model_version import Question
from scoring.evaluation import Figures, Gain
from scoring.members import BASE_RATE
from scoring.replaying import Fold
from scoring.training import TrainingReport, Verdict
from tests.factories import MONDAY, days

GOOD, BLIND = Figures(0.5, 0.2, 0.02, 0.7), Figures(0.75, 0.3, 0.1, 0.5)
REPORT = TrainingReport(
    question=Question.FORWARD,
    verdict=Verdict.NO_BETTER,
    at=MONDAY,
    knew_until=MONDAY,
    horizon_days=30,
    deals=100,
    closed=80,
    outcomes=90,
    moved=30,
    moments=400,
    chosen="logistic regression",
    model=GOOD,
    base_rate=GOOD,
    gain=Gain(0.0, -0.01, 0.01),
)


def test_where_nothing_was_found_it_says_so() -> None:
    assert verdict(REPORT, 3).startswith(
        "Nothing was found that tells these deals apart beyond chance. Model 3 (logistic regression)"
    )


def test_a_model_that_does_worse_has_more_log_loss_not_less_by_less_than_nothing() -> None:
    told = verdict(replace(REPORT, gain=Gain(-0.031, -0.05, -0.012)), 3)

    assert "(log loss more by 0.031, 95 % interval 0.012 to 0.050)" in told
    assert "-0" not in told


def test_the_figures_of_a_base_rate_are_not_shown_twice() -> None:
    report = replace(REPORT, chosen=BASE_RATE)

    assert [column.header for column in training_table(report).columns] == ["", "Base rate"]
    assert verdict(report, 3) == "Nothing was found that tells these deals apart: the base rate of each stage answers."


def test_a_model_that_was_not_tried_is_not_said_to_lack_old_deals() -> None:
    told = verdict(replace(REPORT, verdict=Verdict.NOT_TRIED, deals=1499, outcomes=1499, lacking=7), 3)

    assert "older" not in told
    assert "10 deals of which it came true and 10 of which it did not" in told
    assert "at least 7 more are needed" in told


def test_a_base_rate_that_is_worse_than_a_coin_is_remarked_on() -> None:
    assert "worse than a coin" in verdict(replace(REPORT, base_rate=BLIND), 3)
    assert "worse than a coin" not in verdict(REPORT, 3)


@pytest.mark.parametrize(("verdict_", "told"), [(Verdict.HELD, "took a model back"), (Verdict.OVERTAKEN, "changed")])
def test_why_a_model_is_kept_aside_is_told(verdict_: Verdict, told: str) -> None:
    assert told in verdict(replace(REPORT, verdict=verdict_), 3)


def a_fold(chosen: str, score: Figures, base_rate: Figures) -> Fold:
    return Fold(Question.FORWARD, MONDAY, MONDAY + days(90), chosen, 100, 200, score, base_rate)


def test_a_backtest_says_what_it_comes_to() -> None:
    nothing = backtest_words([a_fold(BASE_RATE, BLIND, BLIND), a_fold("all", BLIND, BLIND)])
    something = backtest_words([a_fold("forest", GOOD, BLIND), a_fold("all", GOOD, BLIND)])

    assert nothing.startswith("Nothing was found in any fold")
    assert "worse than a coin" in nothing
    assert something.startswith("A model answered in 1 of 1 folds; all together, log loss is 33.3% below")


def test_a_backtest_of_a_few_deals_claims_nothing() -> None:
    together = replace(a_fold("all", GOOD, BLIND), deals=2, lacking=18)

    told = backtest_words([a_fold("forest", GOOD, BLIND), together])

    assert told.startswith("Too few to tell how good the score would have been: of the 2 deals asked about")
    assert "below" not in told
