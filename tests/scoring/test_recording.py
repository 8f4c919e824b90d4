"""What was trained is kept, and takes or leaves office only as against the version that it was compared with."""

from dataclasses import replace

import pytest

from models.database import Database
from models.model_version import ModelStatus, ModelVersions, Question, Withdrawal
from scoring.artifact import FittedModel
from scoring.recording import Outcome, incumbents_of, record
from scoring.training import NOBODY, Incumbent, Training, Verdict
from tests.factories import MONDAY, a_team, days


def keep(database: Database, training: Training, **told: object) -> Outcome:
    with database.begin() as session:
        found = replace(training, report=replace(training.report, **told))  # type: ignore[arg-type]  # by name
        return record(session, a_team(session).workspace, found, trained_by="Ann", at=MONDAY + days(1))


def statuses(database: Database) -> list[tuple[int, ModelStatus, Withdrawal | None]]:
    with database.reading() as session:
        versions = ModelVersions(session, a_team(session).workspace).all(Question.FORWARD)
        return [(each.number, each.status, each.withdrawal) for each in reversed(versions)]


def take_back(database: Database) -> None:
    with database.begin() as session:
        ModelVersions(session, a_team(session).workspace).roll_back(Question.FORWARD, at=MONDAY + days(3))


def test_a_model_that_is_no_good_steps_down_for_good(database: Database, training: Training) -> None:
    keep(database, training)

    keep(database, training, verdict=Verdict.NO_BETTER, steps_down=True, compared_with=1)

    assert statuses(database) == [
        (1, ModelStatus.RETIRED, Withdrawal.WORSE),
        (2, ModelStatus.CHALLENGER, None),
    ]


def test_one_that_another_process_published_meanwhile_does_not_step_down_in_its_place(
    database: Database, training: Training
) -> None:
    keep(database, training)
    keep(database, training, compared_with=1)

    keep(database, training, verdict=Verdict.NO_BETTER, steps_down=True, compared_with=1)

    assert [status for _, status, _ in statuses(database)][1] is ModelStatus.CHAMPION


@pytest.mark.parametrize("compared_with", [None, 1])
def test_a_model_that_was_compared_with_another_than_the_one_that_serves_by_now_is_kept_aside(
    database: Database, training: Training, compared_with: int | None
) -> None:
    keep(database, training)
    keep(database, training, compared_with=1)

    late = keep(database, training, compared_with=compared_with)

    assert late.report.verdict is Verdict.OVERTAKEN
    assert statuses(database)[1:] == [(2, ModelStatus.CHAMPION, None), (3, ModelStatus.CHALLENGER, None)]


def test_a_model_that_was_being_trained_when_its_rival_was_taken_back_does_not_undo_that(
    database: Database, training: Training
) -> None:
    keep(database, training)
    take_back(database)

    keep(database, training, compared_with=1)

    assert [status for _, status, _ in statuses(database)] == [ModelStatus.RETIRED, ModelStatus.CHALLENGER]


def test_who_serves_is_told_with_its_number_and_since_when_another_was_taken_back(
    database: Database, training: Training, model: FittedModel
) -> None:
    def incumbent() -> Incumbent:
        with database.reading() as session:
            return incumbents_of(session, a_team(session).workspace)[Question.FORWARD]

    with database.begin() as session:
        a_team(session)
    before = incumbent()
    keep(database, training)
    serving = incumbent()
    keep(database, training, compared_with=1)
    take_back(database)

    assert before == NOBODY
    assert (serving.number, serving.model and serving.model.learnt_from) == (1, model.learnt_from)
    assert (incumbent().number, incumbent().taken_back_at) == (1, MONDAY + days(3))
