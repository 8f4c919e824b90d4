"""From any list of leads: calibrated chances with reasons where there is signal, and the base rate where there is none.

`made_up` knows the true chance of each lead, so that what is said can be held against it.
"""

import doctest
import os
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.utils.estimator_checks import estimator_checks_generator

from benchmarks.data import maven
from scoring import lead_scorer
from scoring.arrays import Bools, Floats
from scoring.evaluation import calibration_error, log_losses
from scoring.kinds import Kind
from scoring.lead_scorer import LeadScorer
from scoring.tables import Table
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

    log_odds = logit(chances)
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
    for seed in (*range(14), 17):  # the leads of the last one tell of a rule that is not there
        learnt = made_up(50, signal=signal, seed=seed)
        scorer = LeadScorer().fit(learnt.table, learnt.won)
        loss = log_losses(asked.won, scorer.predict_proba(asked.table)[:, 1]).mean()
        assert loss <= 1.01 * log_losses(asked.won, np.full(2000, scorer.base_rate_)).mean()


def test_what_few_leads_taught_is_drawn_halfway_to_the_base_rate() -> None:
    learnt = made_up(100, signal=1.2)

    halfway = LeadScorer(must_prove=False).fit(learnt.table, learnt.won)

    assert halfway.choice_.members == ("logistic regression", "base rate")
    assert halfway.choice_.calibration == "none"
    chances, reasons = halfway.predict_explained(learnt.table.take([0, 1]))
    assert chances == pytest.approx(halfway.predict_proba(learnt.table)[:2, 1])
    assert all(reasons)


def test_rows_of_few_deals_are_few_however_many_there_are() -> None:
    learnt = made_up(300, signal=1.2)

    members = [
        LeadScorer(base=("team",), must_prove=False).fit(learnt.table, learnt.won, groups=groups).choice_.members
        for groups in (np.arange(300) % 100, np.arange(300))
    ]

    assert "boosting" not in members[0]
    assert "boosting" in members[1]


def test_a_hundred_leads_with_a_strong_signal_are_enough() -> None:
    learnt = made_up(100, signal=2)

    assert "logistic regression" in LeadScorer().fit(learnt.table, learnt.won).choice_.members


@pytest.mark.parametrize("column", ["same", "sign"])
def test_a_single_column_of_one_or_two_values_is_enough_to_learn_from(column: str) -> None:
    random = np.random.default_rng(0)
    sign = random.random(400) < 0.5
    won = random.random(400) < np.where(sign, 0.7, 0.3)
    rows = [{"same": "x", "sign": each}[column] for each in sign]

    scorer = LeadScorer().fit([{column: each} for each in rows], won)

    assert (scorer.choice_.name == "base rate") == (column == "same")


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


def test_three_groups_that_agree_by_chance_prove_little() -> None:
    found = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        group = np.repeat(np.arange(3), 80)
        rule = random.normal(size=3)[group]
        kind = random.choice([-1, 1], 240)
        won = random.random(240) < expit(1.2 * rule * kind)
        found.append(LeadScorer().fit([{"kind": f"k{each}"} for each in kind], won, groups=group).choice_.name)

    assert found.count("base rate") > 0.9 * len(found)


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


def test_a_lead_of_weight_0_has_no_influence() -> None:
    learnt, nonsense = made_up(400, signal=2), made_up(400, signal=-2, seed=1)
    both = Table(
        learnt.table.names, tuple([*a, *b] for a, b in zip(learnt.table.columns, nonsense.table.columns, strict=True))
    )

    with_it = LeadScorer().fit(both, np.append(learnt.won, nonsense.won), weights=np.repeat([1.0, 0.0], 400))
    without = LeadScorer().fit(learnt.table, learnt.won, weights=np.ones(400))

    assert with_it.choice_ == without.choice_
    assert np.array_equal(with_it.predict_proba(learnt.table), without.predict_proba(learnt.table))


def test_rows_of_many_deals_are_learnt_from_as_leads_are_and_those_of_few_deals_followed_more() -> None:
    def spread(n: int, weights: Floats | None) -> float:
        learnt = made_up(n, signal=1.2)
        scorer = LeadScorer(must_prove=False).fit(learnt.table, learnt.won, weights=weights)
        return float(scorer.predict_proba(learnt.table)[:, 1].std())

    assert spread(300, np.ones(300)) == pytest.approx(spread(300, None), rel=0.002)
    assert spread(100, np.ones(100)) > 1.2 * spread(100, None)


def test_leads_that_weigh_more_are_followed_more() -> None:
    two_kinds = [made_up(600, signal=2), made_up(600, signal=-2, seed=1)]
    rows = [*(lead for kind in two_kinds for lead in _rows(kind.table))]
    won = np.concatenate([kind.won for kind in two_kinds])

    scorers = [LeadScorer().fit(rows, won, weights=np.repeat(share, 600)) for share in ([1.8, 0.2], [0.2, 1.8])]

    by_fair = [np.subtract(*scorer.predict_proba([{"source": "fair"}, {"source": "web"}])[:, 1]) for scorer in scorers]
    assert by_fair[0] > 0.1
    assert by_fair[1] < -0.1


def test_an_evaluation_counts_each_lead_as_much_as_its_weight(scorer: LeadScorer) -> None:
    later = made_up(1000, seed=3)
    first = np.arange(1000) < 500

    weighted = scorer.evaluate(later.table, later.won, weights=first.astype(np.float64))
    alone = scorer.evaluate(later.table.take(range(500)), later.won[:500])

    assert vars(weighted.model) == pytest.approx(vars(alone.model))
    assert vars(weighted.base_rate) == pytest.approx(vars(alone.base_rate))
    assert weighted.gain.mean == pytest.approx(alone.gain.mean)


def test_where_only_the_stage_matters_the_rate_of_the_stage_answers_and_says_so() -> None:
    rows, won = _deals(1000, ages_matter=False)

    scorer = LeadScorer(base=("stage", "days_in_stage")).fit(rows, won)

    chances, reasons = scorer.predict_explained([{"stage": "#1"}, {"stage": "#12"}, {"stage": "#99"}])
    assert scorer.choice_.name == "base rate"
    assert scorer.columns_.kinds_["stage"] is Kind.CATEGORY
    assert chances[:2] == pytest.approx([0.2, 0.6], abs=0.05)
    assert chances[2] == scorer.base_rate_
    assert [[reason.column for reason in of_deal] for of_deal in reasons] == [["stage"], ["stage"], []]
    assert reasons[0][0].weight < 0 < reasons[1][0].weight
    assert chances == pytest.approx(scorer.predict_proba([{"stage": "#1"}, {"stage": "#12"}, {"stage": "#99"}])[:, 1])


def test_what_is_no_better_than_the_rate_of_the_stage_is_no_gain() -> None:
    rows, won = _deals(1000, ages_matter=False)
    later, came = _deals(1000, ages_matter=False, seed=1)

    by_stage = LeadScorer(base=("stage",)).fit(rows, won).evaluate(later, came)
    flat = LeadScorer().fit(rows, won).evaluate(later, came)

    assert not by_stage.gain.is_beyond_chance
    assert flat.gain.is_beyond_chance
    assert by_stage.base_rate.log_loss < flat.base_rate.log_loss


def test_where_only_stage_and_age_matter_a_regression_of_these_does_better_than_one_of_everything() -> None:
    rows, won = _deals(1000, ages_matter=True)

    scorer = LeadScorer(base=("stage", "days_in_stage")).fit(rows, won)

    assert scorer.choice_.members
    assert scorer.choice_.candidates["small logistic regression"] < scorer.choice_.candidates["logistic regression"]


def test_who_compares_elsewhere_gets_the_best_model_unproven() -> None:
    noise = made_up(300, signal=0)

    assert LeadScorer(must_prove=False).fit(noise.table, noise.won).choice_.members
    assert not LeadScorer().fit(noise.table, noise.won).choice_.members


def test_learning_once_more_keeps_what_was_chosen(scorer: LeadScorer, leads: Leads) -> None:
    again = scorer.refitted(leads.table, leads.won)

    assert again is not scorer
    assert again.choice_ == scorer.choice_
    assert again.calibration_ is scorer.calibration_
    assert np.array_equal(again.predict_proba(leads.table), scorer.predict_proba(leads.table))


def test_learning_once_more_follows_the_leads_that_it_is_given(scorer: LeadScorer) -> None:
    otherwise = made_up(3000, signal=-2)
    fair_and_web = [{"source": "fair"}, {"source": "web"}]

    again = scorer.refitted(otherwise.table, otherwise.won)

    assert np.subtract(*scorer.predict_proba(fair_and_web)[:, 1]) > 0
    assert np.subtract(*again.predict_proba(fair_and_web)[:, 1]) < 0
    assert again.base_rate_ == pytest.approx(otherwise.won.mean(), abs=0.001)


@pytest.mark.parametrize(
    "told",
    [
        {"known": np.arange(60)},
        {"moments": np.arange(60), "known": np.arange(60) - 1},
        {"weights": np.zeros(60)},
        {"weights": np.full(60, -1)},
        {"weights": np.full(60, np.nan)},
        {"weights": np.ones(59)},
    ],
)
def test_what_makes_no_sense_is_refused(told: dict[str, Floats]) -> None:
    learnt = made_up(60)

    with pytest.raises(ValueError, match=r"known|Weights|samples"):
        LeadScorer().fit(learnt.table, learnt.won, **told)


def test_a_base_that_the_leads_do_not_have_is_refused() -> None:
    learnt = made_up(60)

    with pytest.raises(ValueError, match="stage"):
        LeadScorer(base=("stage",)).fit(learnt.table, learnt.won)


def _rows(table: Table) -> list[dict[str, object]]:
    return [dict(zip(table.names, row, strict=True)) for row in table.rows()]


def _deals(n: int, *, ages_matter: bool, seed: int = 0) -> tuple[list[dict[str, object]], Bools]:
    """Deals of which those in stage #1 are won two times in ten and those in #12 six times, and noise beside it."""
    random = np.random.default_rng(seed)
    stage = random.choice(["#1", "#12"], n)
    days = random.exponential(30, n)
    noise = random.normal(size=(n, 15))
    log_odds = np.where(stage == "#1", np.log(0.2 / 0.8), np.log(0.6 / 0.4)) - ages_matter * (days - 30) / 20
    rows = [
        {"stage": stage[number], "days_in_stage": days[number], **{f"n{k}": noise[number, k] for k in range(15)}}
        for number in range(n)
    ]
    return rows, random.random(n) < expit(log_odds)
