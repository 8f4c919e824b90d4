"""Models are asked about leads that they have not seen, and learn from nothing that was not known then."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.arrays import Floats
from scoring.lesson import Lesson
from scoring.members import LOGISTIC
from scoring.tables import table_of_rows
from scoring.unseen import Answers
from tests.scoring.leads import made_up

N = 1000
DAYS = np.arange(float(N))
KNOWN = DAYS + 100


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    leads = made_up(N, signal=2)
    return Lesson(leads.table, leads.won, moments=DAYS, known=KNOWN)


def asked(lesson: Lesson) -> Answers:
    answers = Answers.of((LOGISTIC,), lesson, random_state=0)
    assert answers is not None
    return answers


def of_window(answers: Answers, fold: int) -> Floats:
    said: Floats = answers.log_odds[LOGISTIC][answers.fold == fold]
    return said


def test_what_became_known_only_later_is_not_learnt_from(lesson: Lesson) -> None:
    begin = asked(lesson).begins[0]
    known_later = begin < KNOWN
    otherwise_later = replace(lesson, won=lesson.won ^ known_later)
    otherwise_before = replace(lesson, won=lesson.won ^ ~known_later)

    assert np.array_equal(of_window(asked(otherwise_later), 0), of_window(asked(lesson), 0))
    assert not np.allclose(of_window(asked(otherwise_before), 0), of_window(asked(lesson), 0))


def test_base_rates_too_are_of_what_was_known(lesson: Lesson) -> None:
    answers = asked(lesson)
    all_won_later = asked(replace(lesson, won=lesson.won | (answers.begins[0] < KNOWN)))

    first = answers.fold == 0
    for share, said in answers.rates.items():
        assert np.array_equal(all_won_later.rates[share][first], said[first])


def test_calibrations_look_only_at_answers_that_had_come_true_by_then(lesson: Lesson) -> None:
    answers = asked(lesson)

    known = answers.asked.known
    assert known is not None
    assert not answers.besides(0).any()
    for fold in (1, 2):
        assert known[answers.besides(fold)].max() == answers.begins[fold]


def test_a_deal_may_be_asked_about_and_learnt_from_where_its_earlier_outcome_was_known() -> None:
    random = np.random.default_rng(0)
    customer = np.tile(np.arange(50), 20)
    won = np.tile(random.random(50) < 0.5, 20)
    table = table_of_rows([{"customer": f"C{one}"} for one in customer])
    half_go_on = np.where(customer < 25, customer, 1000 + np.arange(N))

    known = asked(Lesson(table, won, moments=DAYS, known=KNOWN, groups=half_go_on))
    apart = asked(Lesson(table, won, moments=DAYS, groups=half_go_on))

    going_on = (known.groups < 25) & (known.fold == 0)
    said, came = known.log_odds[LOGISTIC][going_on], known.won[going_on]
    assert said[came].min() > said[~came].max()
    assert len(set(apart.log_odds[LOGISTIC][going_on])) == 1


def test_a_base_rate_is_that_of_the_leads_value(lesson: Lesson) -> None:
    by_source = asked(replace(lesson, base=("source",)))

    first = np.flatnonzero(by_source.fold == 0).tolist()
    rates = {(by_source.asked.values[place], float(by_source.rates[1.0][place])) for place in first}
    assert len(rates) == len(dict(rates)) == 4
    assert dict(rates)["fair"] > dict(rates)["web"]
