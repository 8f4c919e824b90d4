"""A model is published when it beats the base rate on later deals, and only then; the report says which it was."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest

from models.model_version import Question
from models.timeline import DealHistory
from scoring.artifact import FittedModel, dump
from scoring.dataset import Dataset, datasets_of
from scoring.evaluation import figures
from scoring.lead_scorer import LeadScorer
from scoring.past import Past
from scoring.rates import Rates
from scoring.training import Incumbent, Step, Training, TrainingReport, Verdict, train
from tests.scoring.conftest import TRAINED_AT
from tests.scoring.simulation import NOISE, SIGNAL, a_past, a_team, after, days


def test_what_can_be_learnt_is_published(training: Training) -> None:
    report = training.report

    assert report.verdict is Verdict.PUBLISHED
    assert report.model is not None
    assert report.base_rate is not None
    assert report.gain is not None
    assert report.model.log_loss < report.base_rate.log_loss
    assert 0 < report.gain.low < report.gain.mean < report.gain.high
    assert told_less(report) == pytest.approx(report.gain.mean)


def test_what_weighed_most_is_what_makes_the_deals_move(training: Training) -> None:
    assert set(training.report.weightiest) >= {"custom:Region", "source"}


def test_a_published_model_beats_the_base_rate_on_deals_still_to_come(team: Past, training: Training) -> None:
    assert training.model is not None
    known = learnt(team, end=TRAINED_AT)
    to_come = learnt(team, end=after(900)).where(lambda moment: moment.at > TRAINED_AT)
    rates = Rates().fit(stages(known), known.answers, known.weights)

    of_model = figures(to_come.answers, training.model.scorer.predict_proba(to_come.table)[:, 1])
    of_rates = figures(to_come.answers, rates.rates_of(stages(to_come)))

    assert of_model.log_loss < of_rates.log_loss - 0.05
    assert of_model.calibration_error < 0.06
    assert of_model.auc is not None
    assert of_model.auc > 0.7


def test_where_nothing_can_be_learnt_nothing_is_published_and_the_report_says_so() -> None:
    found = forward(a_team(NOISE, deals=500), at=after(540))

    assert found.report.verdict is Verdict.NO_BETTER
    assert found.report.gain is not None
    assert not found.report.gain.is_beyond_chance
    assert told_less(found.report) == pytest.approx(found.report.gain.mean)


def test_a_handful_of_deals_is_too_little() -> None:
    found = forward(a_team(SIGNAL, deals=30), at=after(540))

    assert found.report.verdict is Verdict.TOO_LITTLE
    assert found.report.deals == 30
    assert found.report.outcomes > 0
    assert 0 < found.report.lacking < 40
    assert found.model is None


def test_each_step_is_told_as_it_begins() -> None:
    told: list[Step] = []

    train(a_past(), at=TRAINED_AT, tell=told.append)

    assert told == list(Step)


@pytest.mark.parametrize("value", ["1e99", "-1e308", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-12:00", "inf"])
def test_no_value_however_strange_ends_training(value: str) -> None:
    team = a_team(SIGNAL, deals=80)
    strange = [
        replace(deal, custom={**deal.custom, "Seats": value}, amount=Decimal("1e99"), close_date=date.max)
        if deal.deal_id % 3
        else replace(deal, close_date=date.min)
        for deal in team.histories
    ]

    assert forward(replace(team, histories=strange), at=after(540)).model is not None


def test_names_of_each_deal_are_no_features_and_free_text_counts_by_its_length() -> None:
    team = a_team(SIGNAL, deals=150)
    told = [
        replace(deal, custom={**deal.custom, "Number": f"A-{deal.deal_id:05}", "Story": "so it went on " * 9})
        for deal in team.histories
    ]

    features = forward(replace(team, histories=told), at=after(540)).report.features

    assert "custom:Region" in features
    assert not {"custom:Number", "custom:Remark", "custom:Story"} & set(features)


def test_where_no_deal_is_old_enough_to_try_a_model_it_says_so_and_not_that_it_is_no_better() -> None:
    long_cycle = a_team(SIGNAL, deals=150, over_days=200)

    untried, less = (
        train(replace(long_cycle, horizon_days=horizon), at=after(200))[Question.FORWARD] for horizon in (60, 75)
    )

    assert untried.report.verdict is Verdict.NOT_TRIED
    assert untried.report.lacking == 20
    assert untried.report.model is not None
    assert untried.model is not None
    assert less.report.verdict is Verdict.TOO_LITTLE
    assert 0 < less.report.lacking < 20
    assert less.model is None


def test_where_a_model_was_tried_no_deals_are_lacking(training: Training) -> None:
    assert training.report.lacking == 0


def test_an_empty_workspace_is_too_little() -> None:
    report = forward(a_past(), at=TRAINED_AT).report

    assert report.verdict is Verdict.TOO_LITTLE
    assert report.lacking == 40


def test_what_happens_after_the_moment_of_training_has_no_part_in_it() -> None:
    team = a_team(SIGNAL, deals=300)
    at = after(400)

    assert reports(train(team, at=at)) == reports(train(_as_known(team, at), at=at))


def test_no_moment_is_learnt_from_whose_horizon_reaches_into_the_comparison(team: Past, training: Training) -> None:
    window = training.report.window
    assert window is not None

    known = learnt(team, end=TRAINED_AT).where(lambda moment: moment.known_at <= window.cut)

    assert known.moments == learnt(_as_known(team, window.cut), end=window.cut).moments


def test_training_twice_gives_the_same_model() -> None:
    team = a_team(SIGNAL, deals=300)

    first, second = forward(team, at=after(540)), forward(team, at=after(540))

    assert first.report == second.report
    assert first.model is not None
    assert second.model is not None
    table = learnt(team, end=after(540)).table
    assert np.array_equal(first.model.scorer.predict_proba(table), second.model.scorer.predict_proba(table))


def test_a_model_that_serves_and_has_seen_it_all_cannot_be_compared_yet(team: Past, model: FittedModel) -> None:
    found = train(team, at=TRAINED_AT + days(1), incumbents={Question.FORWARD: Incumbent(1, model)})[
        Question.FORWARD
    ].report

    assert found.verdict is Verdict.TOO_NEW
    assert found.serving is None


def test_the_same_once_more_is_no_better_than_what_serves(team: Past, model: FittedModel) -> None:
    found = train(team, at=after(800), incumbents={Question.FORWARD: Incumbent(1, model)})[Question.FORWARD].report

    assert found.verdict is Verdict.NO_BETTER_THAN_SERVING
    assert found.gain_over_serving is not None
    assert not found.gain_over_serving.is_beyond_chance
    assert not found.steps_down


def test_a_model_that_has_gone_bad_steps_down_for_a_better_one(team: Past, model: FittedModel) -> None:
    turned = replace(model, scorer=misled(team))

    found = train(team, at=after(800), incumbents={Question.FORWARD: Incumbent(1, turned)})[Question.FORWARD].report

    assert found.steps_down
    assert found.verdict is Verdict.PUBLISHED
    assert found.gain_over_serving is not None
    assert found.gain_over_serving.is_beyond_chance


@pytest.mark.parametrize(("taken_back", "verdict"), [(590, Verdict.HELD), (400, Verdict.PUBLISHED)])
def test_after_a_model_was_taken_back_another_one_waits_until_enough_has_come_since(
    team: Past, taken_back: int, verdict: Verdict
) -> None:
    incumbent = Incumbent(taken_back_at=after(taken_back))

    found = train(team, at=TRAINED_AT, incumbents={Question.FORWARD: incumbent})[Question.FORWARD]

    assert found.report.verdict is verdict
    assert found.model is not None


def test_a_model_for_another_horizon_is_not_compared_with(team: Past, model: FittedModel) -> None:
    other = Incumbent(1, replace(model, horizon_days=7))

    found = train(team, at=after(800), incumbents={Question.FORWARD: other})

    assert found[Question.FORWARD].report.verdict is Verdict.PUBLISHED
    assert found[Question.FORWARD].report.serving is None


def test_the_card_is_json_and_tells_the_figures_and_the_window(training: Training) -> None:
    card = json.loads(json.dumps(training.report.card, allow_nan=False))

    assert card["verdict"] == "published"
    assert card["horizon_days"] == 30
    assert card["model"].keys() == card["base_rate"].keys() == {"log_loss", "brier", "calibration_error", "auc"}
    assert card["gain"].keys() == {"mean", "low", "high"}
    assert card["window"]["first"] < card["window"]["cut"] < card["window"]["last"] < TRAINED_AT.isoformat()
    assert {"stage", "days_in_stage", "meeting_recent", "custom:Region", "amount:USD"} <= set(card["features"])


def test_a_model_that_was_learnt_is_a_small_file(training: Training) -> None:
    assert training.model is not None
    assert len(dump(training.model)) < 400_000


def misled(past: Past) -> LeadScorer:
    """Has learnt the opposite of what happened."""
    known = learnt(past, end=TRAINED_AT)
    return LeadScorer(base=("stage",)).fit(known.table, ~known.answers, moments=known.days, groups=known.deal_ids)


def forward(past: Past, *, at: datetime) -> Training:
    return train(past, at=at)[Question.FORWARD]


def told_less(report: TrainingReport) -> float:
    """By how much the log loss that is told of the model is less than that of the base rate."""
    assert report.model is not None
    assert report.base_rate is not None
    return report.base_rate.log_loss - report.model.log_loss


def reports(trainings: Mapping[Question, Training]) -> list[TrainingReport]:
    return [training.report for training in trainings.values()]


def learnt(past: Past, *, end: datetime) -> Dataset:
    return datasets_of(past, end=end)[Question.FORWARD]


def stages(dataset: Dataset) -> list[str]:
    return [str(row["stage"]) for row in dataset.rows]


def _as_known(team: Past, at: datetime) -> Past:
    histories: list[DealHistory] = [each.as_of(at) for each in team.histories if each.created_at <= at]
    return replace(team, histories=histories)
