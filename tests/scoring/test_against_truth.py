"""What the score says of deals, held against what is true of them: here the true chances are known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest

from models.model_version import Question
from models.score import Estimate, Reason
from models.timeline import DealHistory
from scoring.answering import Answers, BaseRates, ModelAnswers
from scoring.arrays import Floats
from scoring.past import FOR_MODELS
from scoring.scorer import Scorer
from scoring.training import Training, Verdict, train
from tests.scoring.funnel_law import PLAIN, RICH, FunnelLaw
from tests.scoring.simulation import after
from tests.scoring.truth import Simulated, a_funnel

OVER_DAYS = 700
TRAINED_AT = 560
ASKED_AT = [after(day) for day in range(TRAINED_AT, OVER_DAYS, 14)]
STEADY = replace(RICH, season={})
TURNED = replace(
    RICH,
    stages=tuple(replace(stage, on=stage.on - 0.7) for stage in RICH.stages),
    sources={source: -effect for source, effect in RICH.sources.items()},
)


@dataclass(frozen=True)
class Outlook:
    """What was said of deals that were open later than what was learnt from, beside the truth and the base rates."""

    trainings: Mapping[Question, Training]
    histories: list[DealHistory]
    estimates: list[Estimate]
    said: Mapping[Question, Floats]
    true: Mapping[Question, Floats]
    base: Mapping[Question, Floats]

    def regret(self, question: Question) -> float:
        """How much log loss it cost not to know the truth."""
        return log_loss(self.true[question], self.said[question]) - self.least(question)

    def regret_of_base_rates(self, question: Question) -> float:
        return log_loss(self.true[question], self.base[question]) - self.least(question)

    def least(self, question: Question) -> float:
        """The log loss of the truth itself."""
        return log_loss(self.true[question], self.true[question])

    def reasons(self, key: str, field: str = "") -> Iterator[tuple[DealHistory, Reason]]:
        for history, estimate in zip(self.histories, self.estimates, strict=True):
            for reason in estimate.reasons:
                if reason.key == key and reason.values.get("field", "") == field:
                    yield history, reason

    def share_told(self, key: str, field: str = "") -> float:
        """Of how many deals it is among the reasons."""
        return len(list(self.reasons(key, field))) / len(self.estimates)

    def weight_told(self, key: str, field: str = "") -> float:
        """How much it weighs on average; nothing where it is not among the reasons."""
        return sum(abs(reason.weight) for _, reason in self.reasons(key, field)) / len(self.estimates)


def log_loss(true: Floats, said: Floats) -> float:
    """The expected one."""
    return float(-(true * np.log(said) + (1 - true) * np.log(1 - said)).mean())


def off_by_tenths(true: Floats, said: Floats) -> float:
    """The mean distance of what was said from the truth, over ten bins of equally many deals."""
    bins = np.array_split(np.argsort(said), 10)
    return float(np.mean([abs(said[each].mean() - true[each].mean()) for each in bins]))


def outlook(funnel: Simulated) -> Outlook:
    """With the models that were published, and with base rates where none was."""
    past = funnel.past()
    at = after(TRAINED_AT)
    trainings = train(past, at=at)
    base = {question: BaseRates.of(past, question, at=at, at_most=FOR_MODELS) for question in Question}

    def served(question: Question) -> Answers:
        training = trainings[question]
        if training.model is None or training.report.verdict is not Verdict.PUBLISHED:
            return base[question]
        return ModelAnswers(training.model, 1)

    def asked(forward: Answers, won: Answers) -> list[Estimate | None]:
        scorer = Scorer(forward, won, past.stages, {}, past.usual)
        return [estimate for moment in ASKED_AT for estimate in scorer.score_all(past.histories, moment)]

    everything = [(history, moment) for moment in ASKED_AT for history in past.histories]
    estimates = asked(served(Question.FORWARD), served(Question.WON))
    told = [(*who, estimate) for who, estimate in zip(everything, estimates, strict=True) if estimate]
    keys = [(history.deal_id, moment) for history, moment, _ in told]
    found = [estimate for *_, estimate in told]
    within_days = served(Question.WON).days
    by_rates = [each for each in asked(base[Question.FORWARD], base[Question.WON]) if each]
    return Outlook(
        trainings=trainings,
        histories=[history for history, *_ in told],
        estimates=found,
        said=_both(found),
        true={
            Question.FORWARD: funnel.chances_of_moving(keys, past.horizon_days),
            Question.WON: funnel.chances_of_winning(keys, within_days),
        },
        base=_both(by_rates),
    )


def _both(estimates: list[Estimate]) -> dict[Question, Floats]:
    return {
        Question.FORWARD: np.array([estimate.probability for estimate in estimates]),
        Question.WON: np.array([estimate.won for estimate in estimates], dtype=np.float64),
    }


@pytest.fixture(scope="module")
def rich() -> Outlook:
    """Without seasons, of which a year and a half says little: see below."""
    return outlook(a_funnel(STEADY, deals=1300, over_days=OVER_DAYS, seed=1))


@pytest.mark.parametrize("question", Question)
def test_what_is_said_comes_close_to_the_truth_and_much_closer_than_base_rates(
    rich: Outlook, question: Question
) -> None:
    assert rich.trainings[question].report.verdict is Verdict.PUBLISHED
    assert len(rich.estimates) > 500
    assert off_by_tenths(rich.true[question], rich.said[question]) < 0.07
    assert rich.regret(question) < 0.5 * rich.regret_of_base_rates(question)
    assert np.corrcoef(rich.said[question], rich.true[question])[0, 1] > 0.8


def test_what_matters_is_told_as_a_reason_and_what_means_nothing_is_not(rich: Outlook) -> None:
    matters = [
        ("reason.own_field", "Industry"),
        ("reason.own_field", "Seats"),
        ("reason.source", ""),
        ("reason.owner", ""),
    ]
    means_nothing = [
        *(rich.weight_told("reason.own_field", name) for name in ("Colour", "Luck", "Remark", "Reference")),
        *(rich.weight_told(f"reason.{kind}") for kind in ("notes", "calls", "emails")),
    ]

    for subject in matters:
        assert rich.share_told(*subject) > 0.25
        assert rich.weight_told(*subject) > 3 * max(means_nothing)
    assert rich.share_told("reason.own_field", "Office") == 0


def test_reasons_speak_for_a_deal_where_the_law_does_and_against_it_where_it_does(rich: Outlook) -> None:
    effects = [
        *((reason.weight, RICH.sources[deal.source]) for deal, reason in rich.reasons("reason.source")),
        *((reason.weight, RICH.owners[deal.owner_id or 0]) for deal, reason in rich.reasons("reason.owner")),
        *(
            (reason.weight, RICH.industries[deal.custom["Industry"]])
            for deal, reason in rich.reasons("reason.own_field", "Industry")
        ),
        *(
            (reason.weight, (float(deal.custom["Seats"]) - 250) / 250)
            for deal, reason in rich.reasons("reason.own_field", "Seats")
        ),
    ]

    right = [weight * effect > 0 for weight, effect in effects if abs(effect) >= 0.5]

    assert len(right) > 500
    assert np.mean(right) > 0.95


def test_seasons_that_were_seen_but_once_or_twice_cost_calibration_but_leave_it_better_than_base_rates() -> None:
    found = outlook(a_funnel(RICH, deals=1300, over_days=OVER_DAYS, seed=2))

    for question in Question:
        assert off_by_tenths(found.true[question], found.said[question]) < 0.12
        assert found.regret(question) < 0.6 * found.regret_of_base_rates(question)


@pytest.mark.parametrize("seed", [1, 2])
def test_where_only_the_stage_matters_nothing_is_published(seed: int) -> None:
    found = outlook(a_funnel(PLAIN, deals=700, over_days=OVER_DAYS, seed=seed))

    assert {training.report.verdict for training in found.trainings.values()} == {Verdict.NO_BETTER}
    assert all(estimate.version is None for estimate in found.estimates)


@pytest.mark.parametrize("law", [replace(RICH, later=TURNED), replace(RICH, interests=PLAIN.interests, later=PLAIN)])
def test_while_the_law_drifts_what_is_said_is_hardly_worse_than_base_rates(law: FunnelLaw) -> None:
    found = outlook(a_funnel(law, deals=900, over_days=OVER_DAYS, seed=3))

    for question in Question:
        loss, of_rates = (log_loss(found.true[question], each[question]) for each in (found.said, found.base))
        assert loss < 1.01 * of_rates


def test_of_slow_deals_base_rates_come_closer_to_what_is_won_in_the_end_than_if_they_looked_as_far_as_models() -> None:
    slow = replace(PLAIN, stages=tuple(replace(each, on=each.on - 1, lost=each.lost - 1) for each in PLAIN.stages))
    funnel, at = a_funnel(slow, deals=200, over_days=402), after(400)
    past = funnel.past()
    there = [deal for deal in past.histories if deal.created_at <= at and deal.as_of(at).standing.closed_at is None]
    true = funnel.chances_of_winning([(deal.deal_id, at) for deal in there])
    rows = [past.row_of(deal.deal_id, at) for deal in there]

    far = BaseRates.of(past, Question.WON, at=at).chances(rows)
    near = BaseRates.of(past, Question.WON, at=at, at_most=FOR_MODELS).chances(rows)

    assert log_loss(true, far) < log_loss(true, near) - 0.1
    assert near.mean() + 0.1 < far.mean() < true.mean()
