"""From any list of leads: calibrated chances with reasons where there is signal, and the base rate where there is none.

`made_up` knows the true chance of each lead, so that what is said can be held against it.
"""

import doctest
import os
from pathlib import Path

import numpy as np
import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from benchmarks.data import maven
from scoring import lead_scorer
from scoring.evaluation import calibration_error, log_losses
from scoring.lead_scorer import LeadScorer
from scoring.tables import Kind, Table
from tests.scoring.leads import Leads, made_up

DATA = Path(os.environ.get("SLUICE_BENCHMARK_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def leads() -> Leads:
    return made_up(3000)


@pytest.fixture(scope="module")
def scorer(leads: Leads) -> LeadScorer:
    return LeadScorer().fit(leads.table, leads.won)


def test_the_examples_in_the_documentation_run() -> None:
    found = doctest.testmod(lead_scorer)

    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.filterwarnings("ignore:invalid value encountered in cast:RuntimeWarning")  # the checks cast NaN themselves
def test_scikit_learn_takes_it_for_one_of_its_own() -> None:
    for estimator, check in estimator_checks_generator(LeadScorer()):
        check(estimator)


def test_a_planted_signal_is_found_and_the_chances_come_close_to_the_truth(scorer: LeadScorer) -> None:
    later = made_up(5000, seed=1)

    said = scorer.predict_proba(later.table)[:, 1]

    best, dumb = log_losses(later.won, later.chances).mean(), log_losses(later.won, np.full(5000, 0.4)).mean()
    assert scorer.choice_.members
    assert log_losses(later.won, said).mean() < best + 0.15 * (dumb - best)
    assert np.abs(said - later.chances).mean() < 0.06
    assert calibration_error(later.won, said) < 0.03


def test_each_column_is_understood(scorer: LeadScorer) -> None:
    assert scorer.columns_.kinds_ == {
        "id": Kind.IDENTIFIER,
        "source": Kind.CATEGORY,
        "seats": Kind.NUMBER,
        "contacted": Kind.DATE,
        "remark": Kind.TEXT,
        "team": Kind.CONSTANT,
        "noise": Kind.NUMBER,
        "region": Kind.CATEGORY,
    }


def test_reasons_name_what_matters_and_move_when_it_moves(scorer: LeadScorer) -> None:
    lead = {"source": "fair", "seats": "90", "contacted": "2024-02-01", "region": "R1", "noise": "0.1"}

    chances, reasons = scorer.predict_explained([lead, lead | {"source": "web"}, lead | {"seats": "3"}])

    told = [{reason.column: reason for reason in of_lead} for of_lead in reasons]
    assert {reason.column for reason in reasons[0][:3]} == {"source", "seats", "contacted"}
    assert told[0]["source"].value == "fair"
    assert told[0]["source"].weight > 0 > told[1]["source"].weight
    assert told[0]["seats"].weight > 0 > told[2]["seats"].weight
    assert chances[0] > chances[1]
    assert chances[0] > chances[2]


def test_reasons_add_up_to_the_distance_from_the_average_lead(scorer: LeadScorer, leads: Leads) -> None:
    some = leads.table.take(range(200))

    chances, reasons = scorer.predict_explained(some, most=99)

    log_odds = np.log(chances / (1 - chances))
    sums = np.array([sum(reason.weight for reason in of_lead) for of_lead in reasons])
    # Summands that are too small to be reasons are left out.
    assert np.ptp(log_odds - sums) < 0.2
    assert chances == pytest.approx(scorer.predict_proba(some)[:, 1])


def test_one_lead_scores_as_among_many(scorer: LeadScorer, leads: Leads) -> None:
    alone = [scorer.predict_proba(leads.table.take([place]))[0, 1] for place in range(5)]

    assert alone == pytest.approx(scorer.predict_proba(leads.table)[:5, 1])


def test_leads_with_gaps_and_values_never_seen_are_scored_all_the_same(scorer: LeadScorer) -> None:
    strange: list[dict[str, object]] = [
        {},
        {"source": "moon", "seats": "many", "contacted": "soon", "extra": 1},
        {"seats": 1e12},
    ]

    chances = scorer.predict_proba(strange)[:, 1]

    assert ((chances > 0) & (chances < 1)).all()


def test_columns_may_come_in_another_order(scorer: LeadScorer, leads: Leads) -> None:
    turned = Table(leads.table.names[::-1], leads.table.columns[::-1])

    assert scorer.predict_proba(turned).tolist() == scorer.predict_proba(leads.table).tolist()


@pytest.mark.parametrize("n", [60, 400, 2000])
def test_in_noise_it_finds_nothing_and_says_so(n: int) -> None:
    noise = made_up(n, signal=0, seed=n)

    scorer = LeadScorer().fit(noise.table, noise.won)

    assert scorer.choice_.name == "base rate"
    assert scorer.predict_explained(noise.table.take([0]))[1] == [()]
    assert scorer.predict_proba(noise.table.take([0]))[0, 1] == pytest.approx(scorer.base_rate_)


@pytest.mark.parametrize("signal", [0.0, 0.5, 1.5])
def test_few_outcomes_are_never_worse_than_the_base_rate(signal: float) -> None:
    asked = made_up(2000, signal=signal, seed=999)
    losses, base = [], []
    for seed in range(15):
        learnt = made_up(50, signal=signal, seed=seed)
        scorer = LeadScorer().fit(learnt.table, learnt.won)
        losses.append(log_losses(asked.won, scorer.predict_proba(asked.table)[:, 1]).mean())
        base.append(log_losses(asked.won, np.full(2000, scorer.base_rate_)).mean())

    assert np.mean(losses) <= 1.01 * np.mean(base)


def test_a_hundred_leads_with_a_strong_signal_are_enough() -> None:
    learnt = made_up(100, signal=2)

    assert LeadScorer().fit(learnt.table, learnt.won).choice_.members == ("logistic regression",)


def test_copies_of_a_lead_do_not_pass_for_signal() -> None:
    few = made_up(60, signal=0)
    twenty_times = [place for place in range(60) for _ in range(20)]

    scorer = LeadScorer().fit(few.table.take(twenty_times).without(["id"]), few.won[twenty_times])

    assert scorer.choice_.name == "base rate"


def test_rows_of_one_group_do_not_pass_for_signal() -> None:
    random = np.random.default_rng(0)
    customer = np.repeat(np.arange(60), 20)
    won = np.repeat(random.random(60) < 0.5, 20)
    rows = [{"customer": f"C{one}", "visit": f"{random.random():.2f}"} for one in customer]

    grouped = LeadScorer().fit(rows, won, groups=customer)

    assert grouped.choice_.name == "base rate"
    assert LeadScorer().fit(rows, won).choice_.name != "base rate"


def test_with_moments_a_rule_that_no_longer_holds_is_not_believed() -> None:
    random = np.random.default_rng(0)
    source = random.choice(["web", "fair"], 3000)
    rule = np.repeat([1.0, -1.0, 1.0, -1.0, 1.0], 600)
    won = random.random(3000) < 0.5 + 0.3 * rule * (source == "fair")
    rows = [{"source": each} for each in source]

    scorer = LeadScorer().fit(rows, won, moments=np.arange(3000))

    assert scorer.choice_.name == "base rate"


def test_with_moments_the_base_rate_is_that_of_the_newest_leads_where_it_drifts() -> None:
    won = np.random.default_rng(0).random(4000) < np.linspace(0.1, 0.7, 4000)
    rows = [{"noise": number * 7919 % 101} for number in range(4000)]

    scorer = LeadScorer().fit(rows, won, moments=np.arange(4000))

    assert scorer.base_rate_ == pytest.approx(0.4, abs=0.03)
    assert scorer.newest_rate_ > 0.5


def test_evaluating_compares_with_the_base_rate(scorer: LeadScorer) -> None:
    later = made_up(1000, seed=3)

    found = scorer.evaluate(later.table, later.won)

    assert found.gain.is_beyond_chance
    assert found.gain.mean == pytest.approx(found.base_rate.log_loss - found.model.log_loss)


def test_outcomes_may_be_words() -> None:
    learnt = made_up(300, signal=2)

    scorer = LeadScorer().fit(learnt.table, np.where(learnt.won, "Won", "Lost"))

    assert scorer.classes_.tolist() == ["Lost", "Won"]
    assert set(scorer.predict(learnt.table)) == {"Lost", "Won"}


@pytest.mark.skipif(not (DATA / "maven-crm").is_dir(), reason="needs the public set maven-crm, see docs/benchmarks.md")
def test_on_a_set_without_signal_it_says_that_it_is_no_better_than_the_base_rate() -> None:
    found = maven(DATA)
    assert found.moments is not None

    said, base = [], []
    for seen, unseen in found.splits[::2]:
        scorer = LeadScorer().fit(found.table.take(seen.tolist()), found.won[seen], moments=found.moments[seen])
        later = scorer.evaluate(found.table.take(unseen.tolist()), found.won[unseen])
        assert scorer.choice_.name == "base rate"
        said.append(later.model.log_loss)
        base.append(later.base_rate.log_loss)

    assert np.mean(said) < 1.01 * np.mean(base)
