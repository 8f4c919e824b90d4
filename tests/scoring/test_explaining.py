"""Reasons point where the truth points, move when their feature moves, and add up to the chance."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from bot.say import known
from models.activity import ActivityKind
from models.history import Change
from models.pricing import Rate, Rates
from models.score import Reason
from models.timeline import DealHistory, PastActivity, PastStep
from scoring.artifact import FittedModel
from scoring.conversion import Conversion
from scoring.explaining import LEAST_WEIGHT, MOST_EACH_WAY, reasons, weightiest
from scoring.features import features_of
from scoring.scorer import Scorer
from scoring.telling import REASONS, Telling
from scoring.usual import Usual
from tests.scoring.simulation import DEMO, NEWCOMER, STAGES, a_deal, after, created, days, move

NOW = after(20)


def reason(scorer: Scorer, deal: DealHistory, key: str) -> Reason:
    estimate = scorer.score(deal, NOW)
    assert estimate is not None
    return next(each for each in estimate.reasons if each.key == key)


def test_a_good_source_speaks_for_a_deal_and_a_bad_one_against_it(scorer: Scorer) -> None:
    partner = reason(scorer, replace(a_deal(), source="partner"), "reason.source")
    web = reason(scorer, replace(a_deal(), source="web"), "reason.source")

    assert partner.values == {"source": "partner"}
    assert partner.weight > 0.3
    assert web.weight < -0.2


def test_a_field_of_the_teams_own_is_a_reason_when_it_matters(scorer: Scorer) -> None:
    north = reason(scorer, replace(a_deal(), custom={"Region": "North"}), "reason.own_field")
    south = reason(scorer, replace(a_deal(), custom={"Region": "South"}), "reason.own_field")

    assert north.values == {"field": "Region", "value": "North"}
    assert north.weight > 0 > south.weight


def test_meetings_raise_the_chance_and_say_so(scorer: Scorer) -> None:
    quiet = a_deal()
    busy = replace(
        quiet, activities=(PastActivity(after(14), ActivityKind.MEETING), PastActivity(after(18), ActivityKind.MEETING))
    )

    before, now = scorer.score(quiet, NOW), scorer.score(busy, NOW)

    assert before is not None
    assert now is not None
    assert now.probability > before.probability
    told = reason(scorer, busy, "reason.meetings")
    assert told.values == {"count": 2, "days": 30}
    assert told.weight > reason(scorer, quiet, "reason.no_meetings").weight


def test_reasons_come_strongest_first_and_few(scorer: Scorer) -> None:
    estimate = scorer.score(replace(a_deal(), source="partner"), NOW)

    assert estimate is not None
    weights = [abs(each.weight) for each in estimate.reasons]
    assert weights == sorted(weights, reverse=True)
    assert 0 < len(weights) <= 2 * MOST_EACH_WAY
    assert min(weights) > LEAST_WEIGHT


def in_stage_for(number: float, deal_id: int) -> DealHistory:
    return replace(a_deal(move(Change.FORWARD, DEMO, after(number)), deal_id=deal_id), amount=Decimal(1000))


TEAM = Usual([replace(in_stage_for(number, number), company="Acme") for number in (8, 9, 10)], STAGES)
"""A team whose deals leave their first stage after nine days and are worth 1,000."""


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
YOUNG = replace(a_deal(), created_at=after(15), moves=(created(at=after(15)),))
QUIET = replace(
    YOUNG,
    created_at=NOW - days(60),
    moves=(created(at=NOW - days(60)),),
    activities=tuple(PastActivity(NOW - days(40), kind) for kind in ActivityKind for _ in range(2)),
)
OLDER = replace(a_deal(), created_at=after(6), moves=(created(at=after(6)),))
MOVED = {number: a_deal(move(Change.FORWARD, DEMO, after(number))) for number in (3, 9, 19)}
IN_EUROS = replace(a_deal(), currency="EUR", company="Globex")

TALKED_OF = replace(FULL, custom={"Story": "so it went" * 6})
TOLD = [
    (FULL, "stage", "reason.stage_above", {"stage": "Lead"}),
    (FULL, "days_in_stage", "reason.days_in_stage_twice", {"stage": "Lead", "days": 20}),
    (FULL, "days_since_creation", "reason.days_since_creation_twice", {"stage": "Lead", "days": 20}),
    (OLDER, "days_in_stage", "reason.days_in_stage_times", {"stage": "Lead", "days": 14, "times": 1.5}),
    (OLDER, "days_since_creation", "reason.days_since_creation_times", {"stage": "Lead", "days": 14, "times": 1.5}),
    (YOUNG, "days_in_stage", "reason.days_in_stage_usual", {"stage": "Lead", "days": 5, "usual": 9}),
    (YOUNG, "days_since_creation", "reason.days_since_creation_usual", {"stage": "Lead", "days": 5, "usual": 9}),
    (FULL, "days_since_activity", "reason.days_since_activity", {"days": 2}),
    (FULL, "pace_so_far", "reason.no_stage_left", {}),
    (MOVED[3], "pace_so_far", "reason.pace_fast", {}),
    (MOVED[9], "pace_so_far", "reason.pace_usual", {}),
    (MOVED[19], "pace_so_far", "reason.pace_slow", {}),
    (BARE, "days_since_activity", "reason.no_activity", {}),
    (FULL, "moves_forward", "reason.moves_forward", {"count": 0}),
    (FULL, "moves_back", "reason.moves_back", {"count": 0}),
    (FULL, "stages_skipped", "reason.stages_skipped", {"count": 0}),
    (FULL, "close_date_slips", "reason.close_date_slips", {"count": 0}),
    (FULL, "close_date_in", "reason.close_date_ahead", {"days": 8}),
    (LATE, "close_date_in", "reason.close_date_passed", {"days": 2}),
    (BARE, "close_date_in", "reason.no_close_date", {}),
    (FULL, "amount", "reason.amount_above", {"amount": 5000.0, "currency": "USD", "usual_amount": 1000}),
    (
        replace(FULL, amount=Decimal(1111)),
        "amount",
        "reason.amount_above",
        {"amount": 1111.0, "currency": "USD", "usual_amount": 1000},
    ),
    (
        replace(FULL, amount=Decimal(1100)),
        "amount",
        "reason.amount_usual",
        {"amount": 1100.0, "currency": "USD", "usual_amount": 1000},
    ),
    (
        replace(FULL, amount=Decimal(909)),
        "amount",
        "reason.amount_below",
        {"amount": 909.0, "currency": "USD", "usual_amount": 1000},
    ),
    (IN_EUROS, "amount", "reason.amount", {"amount": 5000.0, "currency": "EUR"}),
    (BARE, "amount", "reason.no_amount", {}),
    (FULL, "source", "reason.source", {"source": "web"}),
    (BARE, "source", "reason.no_source", {}),
    (FULL, "owner", "reason.owner", {"owner": "Ana"}),
    (BARE, "owner", "reason.no_owner", {}),
    (YOUNG, "company", "reason.company_again", {"count": 3}),
    (IN_EUROS, "company", "reason.company_new", {}),
    (BARE, "company", "reason.company_unknown", {}),
    *((FULL, f"{kind}", f"reason.{kind}s", {"count": 1, "days": 30}) for kind in ActivityKind),
    *((QUIET, f"{kind}", f"reason.{kind}s_before", {"count": 2, "days": 30}) for kind in ActivityKind),
    *((BARE, f"{kind}", f"reason.no_{kind}s", {}) for kind in ActivityKind),
    (FULL, "next_step", "reason.next_step_ahead", {"days": 3}),
    (LATE, "next_step", "reason.next_step_overdue", {"days": 4}),
    (UNDATED, "next_step", "reason.next_step_set", {}),
    (BARE, "next_step", "reason.no_next_step", {}),
    (FULL, "month", "reason.month", {}),
    (FULL, "quarter_ends_in", "reason.quarter_ends_in", {"days": 70}),
    (FULL, "custom:Region", "reason.own_field", {"field": "Region", "value": "North"}),
    (BARE, "custom:Region", "reason.own_field_missing", {"field": "Region"}),
    (TALKED_OF, "length:Story", "reason.own_text", {"field": "Story", "count": 60}),
]


@pytest.mark.parametrize(("deal", "subject", "key", "values"), TOLD)
def test_a_reason_tells_the_fact_it_rests_on(
    deal: DealHistory, subject: str, key: str, values: dict[str, object]
) -> None:
    telling = telling_of(deal)

    ((told,),) = reasons([telling], [subject], np.array([[0.5]]))

    assert told == Reason(key, values, 0.5)
    assert tuple(values) == REASONS[key]


def test_of_a_stage_it_is_told_which_way_it_speaks() -> None:
    ((below,),) = reasons([telling_of(FULL)], ["stage"], np.array([[-0.5]]))

    assert below == Reason("reason.stage_below", {"stage": "Lead"}, -0.5)


def test_what_is_usual_is_left_out_where_it_is_not_known() -> None:
    beginners = replace(telling_of(FULL), usual=NEWCOMER)

    ((in_stage,), (age,)) = (
        reasons([beginners], [feature], np.array([[0.5]]))[0] for feature in ("pace_in_stage", "pace_since_creation")
    )

    assert (in_stage.key, in_stage.values) == ("reason.days_in_stage", {"stage": "Lead", "days": 20})
    assert (age.key, age.values) == ("reason.days_since_creation", {"days": 20})


def test_every_reason_is_told_by_something() -> None:
    told = {key for _, _, key, _ in TOLD} | {"reason.days_in_stage", "reason.days_since_creation", "reason.stage_below"}

    assert told | {"reason.stage_rate", "reason.stage_guess"} == REASONS.keys()


def test_every_feature_has_words(model: FittedModel) -> None:
    for feature in (*model.scorer.subjects_, *telling_of(FULL).row):
        (subject,) = weightiest([feature], np.array([[0.5]]))
        assert subject == feature if feature.startswith("custom:") else known(f"model.thing.{subject}")
        ((told,),) = reasons([telling_of(FULL)], [feature], np.array([[0.5]]))
        assert told.key in REASONS
        assert feature.startswith("custom:") == told.key.startswith("reason.own_field")


def test_what_is_usual_is_told_in_the_currency_of_the_deal() -> None:
    in_euros = replace(a_deal(), currency="EUR", amount=Decimal(200))
    rates = Rates([Rate("EUR", "USD", after(15).date(), Decimal(4))])
    team = Usual([replace(a_deal(), amount=Decimal(1000))], STAGES, Conversion("USD", rates))
    telling = Telling(in_euros, NOW, features_of(in_euros, NOW, STAGES, team), stage="Lead", owner="Ana", usual=team)

    (told,) = reasons([telling], ["amount:USD"], np.array([[1.0]]))[0]

    assert told.key == "reason.amount_below"
    assert told.values == {"amount": 200.0, "currency": "EUR", "usual_amount": 250}


def telling_of(deal: DealHistory) -> Telling:
    known = deal.as_of(NOW)
    return Telling(known, NOW, features_of(known, NOW, STAGES, TEAM), stage="Lead", owner="Ana", usual=TEAM)
