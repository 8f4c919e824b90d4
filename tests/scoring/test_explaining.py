"""Reasons point where the truth points, move when their feature moves, and add up to the chance."""

from dataclasses import replace

import numpy as np
import pytest

from models.activity import ActivityKind
from models.score import Reason
from models.timeline import DealHistory, PastActivity, PastStep
from scoring.artifact import FittedModel
from scoring.dataset import Past
from scoring.explaining import LEAST_WEIGHT, MOST_REASONS, REASONS, Telling, contributions, reasons
from scoring.features import features_of
from scoring.scorer import ModelScorer
from scoring.training import Training
from tests.scoring.conftest import TRAINED_AT
from tests.scoring.simulation import NEWCOMER, STAGES, a_deal, after, days

NOW = after(20)


@pytest.fixture
def scorer(training: Training) -> ModelScorer:
    assert training.model is not None
    return ModelScorer(training.model, 1, STAGES, {1: "Ana"}, NEWCOMER)


@pytest.fixture
def model(training: Training) -> FittedModel:
    assert training.model is not None
    return training.model


def reason(scorer: ModelScorer, deal: DealHistory, key: str) -> Reason:
    estimate = scorer.score(deal, NOW)
    assert estimate is not None
    return next(each for each in estimate.reasons if each.key == key)


def test_a_good_source_speaks_for_a_deal_and_a_bad_one_against_it(scorer: ModelScorer) -> None:
    partner = reason(scorer, replace(a_deal(), source="partner"), "reason.source")
    web = reason(scorer, replace(a_deal(), source="web"), "reason.source")

    assert partner.values == {"source": "partner"}
    assert partner.weight > 0.3
    assert web.weight < -0.2


def test_a_field_of_the_teams_own_is_a_reason_when_it_matters(scorer: ModelScorer) -> None:
    north = reason(scorer, replace(a_deal(), custom={"Region": "North"}), "reason.own_field")
    south = reason(scorer, replace(a_deal(), custom={"Region": "South"}), "reason.own_field")

    assert north.values == {"field": "Region", "value": "North"}
    assert north.weight > 0 > south.weight


def test_meetings_raise_the_chance_and_say_so(scorer: ModelScorer) -> None:
    quiet = a_deal()
    busy = replace(
        quiet, activities=(PastActivity(after(14), ActivityKind.MEETING), PastActivity(after(18), ActivityKind.MEETING))
    )

    before, now = scorer.score(quiet, NOW), scorer.score(busy, NOW)

    assert before is not None
    assert now is not None
    assert now.probability > before.probability
    told = reason(scorer, busy, "reason.meetings")
    assert told.values == {"recent": 2, "total": 2}
    assert told.weight > reason(scorer, quiet, "reason.meetings").weight


def test_reasons_come_strongest_first_and_few(scorer: ModelScorer) -> None:
    estimate = scorer.score(replace(a_deal(), source="partner"), NOW)

    assert estimate is not None
    weights = [abs(each.weight) for each in estimate.reasons]
    assert weights == sorted(weights, reverse=True)
    assert 0 < len(weights) <= MOST_REASONS
    assert min(weights) > LEAST_WEIGHT


def test_all_contributions_together_are_the_chance(model: FittedModel, team: Past) -> None:
    rows = [features_of(each, TRAINED_AT, STAGES, NEWCOMER) for each in team.histories if each.created_at <= TRAINED_AT]

    _, summands = contributions(model.pipeline, model.pipeline[0].transform(rows))

    log_odds = summands.sum(axis=1) + model.pipeline[-1].intercept_[0]
    assert log_odds == pytest.approx(model.pipeline.decision_function(rows))


USUAL = {
    "days_in_stage": {"1": 12.4, "": 9.0},
    "days_since_creation": {"1": 30.0, "": 40.0},
    "days_since_activity": {"": 5.0},
}
FULL = replace(
    a_deal(),
    close_date=(NOW + days(8)).date(),
    custom={"Region": "North"},
    activities=tuple(PastActivity(after(18), kind) for kind in ActivityKind),
    steps=(PastStep(after(1), (NOW + days(3)).date(), None),),
)
BARE = replace(a_deal(), amount=None, source="", owner_id=None, company="")
LATE = replace(
    a_deal(),
    close_date=(NOW - days(2)).date(),
    steps=(PastStep(after(1), (NOW - days(4)).date(), None),),
)
UNDATED = replace(a_deal(), steps=(PastStep(after(1), None, None),))

TOLD = [
    (FULL, "stage", "reason.stage", {"stage": "Lead"}),
    (FULL, "days_in_stage", "reason.days_in_stage", {"stage": "Lead", "days": 20, "usual": 12}),
    (FULL, "days_since_creation", "reason.days_since_creation", {"stage": "Lead", "days": 20, "usual": 30}),
    (FULL, "days_since_activity", "reason.days_since_activity", {"stage": "Lead", "days": 2, "usual": 5}),
    (BARE, "days_since_activity", "reason.no_activity", {}),
    (FULL, "moves_forward", "reason.moves_forward", {"count": 0}),
    (FULL, "moves_back", "reason.moves_back", {"count": 0}),
    (FULL, "stages_skipped", "reason.stages_skipped", {"count": 0}),
    (FULL, "close_date_slips", "reason.close_date_slips", {"count": 0}),
    (FULL, "close_date_in", "reason.close_date_ahead", {"days": 8}),
    (LATE, "close_date_in", "reason.close_date_passed", {"days": 2}),
    (BARE, "close_date_in", "reason.no_close_date", {}),
    (FULL, "amount", "reason.amount", {"amount": 5000.0, "currency": "USD"}),
    (BARE, "amount", "reason.no_amount", {}),
    (FULL, "source", "reason.source", {"source": "web"}),
    (BARE, "source", "reason.no_source", {}),
    (FULL, "owner", "reason.owner", {"owner": "Ana"}),
    (BARE, "owner", "reason.no_owner", {}),
    (FULL, "company_known", "reason.company_known", {}),
    (BARE, "company_known", "reason.company_unknown", {}),
    (FULL, "note", "reason.notes", {"recent": 1, "total": 1}),
    (FULL, "call", "reason.calls", {"recent": 1, "total": 1}),
    (FULL, "email", "reason.emails", {"recent": 1, "total": 1}),
    (BARE, "meeting", "reason.meetings", {"recent": 0, "total": 0}),
    (FULL, "next_step", "reason.next_step_ahead", {"days": 3}),
    (LATE, "next_step", "reason.next_step_overdue", {"days": 4}),
    (UNDATED, "next_step", "reason.next_step_set", {}),
    (BARE, "next_step", "reason.no_next_step", {}),
    (FULL, "custom:Region", "reason.own_field", {"field": "Region", "value": "North"}),
    (BARE, "custom:Region", "reason.own_field_missing", {"field": "Region"}),
]


@pytest.mark.parametrize(("deal", "subject", "key", "values"), TOLD)
def test_a_reason_tells_the_fact_it_rests_on(
    deal: DealHistory, subject: str, key: str, values: dict[str, object]
) -> None:
    telling = Telling(deal, features_of(deal, NOW, STAGES, NEWCOMER), stage="Lead", owner="Ana", usual=USUAL)

    (told,) = reasons(telling, [subject], np.array([0.5]))

    assert told == Reason(key, values, 0.5)
    assert tuple(values) == REASONS[key]


def test_every_reason_is_told_by_something() -> None:
    assert {key for _, _, key, _ in TOLD} | {"reason.stage_rate"} == REASONS.keys()


def test_every_feature_has_words(model: FittedModel) -> None:
    subjects, _ = contributions(model.pipeline, model.pipeline[0].transform([{}]))
    telling = Telling(FULL, features_of(FULL, NOW, STAGES, NEWCOMER), stage="Lead", owner="Ana", usual=USUAL)

    for subject in subjects:
        (told,) = reasons(telling, [subject], np.array([0.5]))
        assert told.key in REASONS
