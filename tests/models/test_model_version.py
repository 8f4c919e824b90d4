"""One model serves each question of a workspace at a time, and every model it ever had is kept."""

from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import select

from models.database import Database
from models.errors import NoModelServes
from models.model_card import Group, Quality, Watch, WatchVerdict, card_from
from models.model_version import ModelStatus, ModelVersion, ModelVersions, Question, Withdrawal
from models.workspace import Workspace
from tests.factories import MONDAY, a_team, days
from tests.models.at_once import at_once


def record(
    database: Database, status: ModelStatus, question: Question = Question.FORWARD, *, at: datetime = MONDAY
) -> int:
    with database.begin() as session:
        versions = ModelVersions(session, a_team(session).workspace)
        version = versions.record(
            question=question,
            status=status,
            card={"auc": 0.7},
            artifact=b"\x00\xff",
            sha256="ab",
            trained_by="Ann",
            at=at,
        )
        return version.number


def kept(database: Database) -> list[tuple[int, ModelStatus]]:
    with database.reading() as session:
        rows = session.execute(select(ModelVersion.number, ModelVersion.status).order_by(ModelVersion.number))
        return [(number, status) for number, status in rows]


def roll_back(database: Database) -> int | None:
    with database.begin() as session:
        version = ModelVersions(session, a_team(session).workspace).roll_back(Question.FORWARD, at=MONDAY + days(9))
        return version.number if version else None


def test_a_new_champion_retires_the_one_before(database: Database) -> None:
    numbers = [record(database, ModelStatus.CHAMPION) for _ in range(3)]

    assert numbers == [1, 2, 3]
    assert kept(database) == [(1, ModelStatus.RETIRED), (2, ModelStatus.RETIRED), (3, ModelStatus.CHAMPION)]


def test_a_challenger_leaves_the_champion_in_office_and_gives_way_to_the_next_one(database: Database) -> None:
    for status in (ModelStatus.CHAMPION, ModelStatus.CHALLENGER, ModelStatus.CHALLENGER):
        record(database, status)

    assert kept(database) == [(1, ModelStatus.CHAMPION), (2, ModelStatus.RETIRED), (3, ModelStatus.CHALLENGER)]
    with database.begin() as session:
        champion = ModelVersions(session, a_team(session).workspace).champion(Question.FORWARD)
        assert champion is not None
        assert (champion.number, champion.artifact, champion.card) == (1, b"\x00\xff", {"auc": 0.7})


def test_a_champion_of_one_question_leaves_that_of_the_other_in_office(database: Database) -> None:
    record(database, ModelStatus.CHAMPION, Question.FORWARD)
    record(database, ModelStatus.CHAMPION, Question.WON)

    with database.begin() as session:
        versions = ModelVersions(session, a_team(session).workspace)
        champions = [versions.champion(question) for question in Question]
        assert [champion and champion.number for champion in champions] == [1, 2]


def test_there_is_no_champion_before_a_model_was_good_enough(database: Database) -> None:
    record(database, ModelStatus.CHALLENGER)

    with database.begin() as session:
        assert ModelVersions(session, a_team(session).workspace).champion(Question.FORWARD) is None


def test_rolling_back_returns_to_the_one_that_served_before(database: Database) -> None:
    record(database, ModelStatus.CHAMPION)
    record(database, ModelStatus.CHALLENGER)
    record(database, ModelStatus.CHAMPION)

    assert roll_back(database) == 1
    assert kept(database) == [(1, ModelStatus.CHAMPION), (2, ModelStatus.RETIRED), (3, ModelStatus.RETIRED)]


def test_rolling_back_the_first_model_lets_base_rates_answer(database: Database) -> None:
    record(database, ModelStatus.CHAMPION)

    assert roll_back(database) is None
    assert kept(database) == [(1, ModelStatus.RETIRED)]
    with pytest.raises(NoModelServes):
        roll_back(database)


def test_rolling_back_goes_by_who_served_and_never_returns_to_one_that_was_taken_back(database: Database) -> None:
    for _ in range(3):
        record(database, ModelStatus.CHAMPION)
    assert [roll_back(database), roll_back(database)] == [2, 1]

    record(database, ModelStatus.CHAMPION)

    assert roll_back(database) == 1
    assert roll_back(database) is None


@pytest.mark.parametrize("fault", ["worse", "bad", "other horizon"])
def test_rolling_back_passes_over_a_model_that_would_be_no_good(database: Database, fault: str) -> None:
    for _ in range(3):
        record(database, ModelStatus.CHAMPION)
    with database.begin() as session:
        second = session.scalars(select(ModelVersion).where(ModelVersion.number == 2)).one()
        match fault:
            case "worse":
                second.withdraw(Withdrawal.WORSE, at=MONDAY)
            case "bad":
                second.take_note(a_watch(WatchVerdict.WORSE))
            case _:
                second.card = {"horizon_days": 7}

    assert roll_back(database) == 1


def test_that_a_model_was_taken_back_is_known_until_a_later_one_serves(database: Database) -> None:
    def taken_back() -> int | None:
        with database.reading() as session:
            version = ModelVersions(session, session.scalars(select(Workspace)).one()).rolled_back(Question.FORWARD)
            return version.number if version else None

    for _ in range(2):
        record(database, ModelStatus.CHAMPION)
    before = taken_back()
    roll_back(database)
    record(database, ModelStatus.CHALLENGER, at=MONDAY + days(20))
    meanwhile = taken_back()
    record(database, ModelStatus.CHAMPION, at=MONDAY + days(30))

    assert (before, meanwhile, taken_back()) == (None, 2, None)


def test_models_that_are_trained_at_once_leave_one_champion(database: Database) -> None:
    with database.begin() as session:
        a_team(session)

    results = at_once([partial(record, database, ModelStatus.CHAMPION)] * 4)

    assert sorted(map(str, results)) == ["1", "2", "3", "4"]
    assert [status for _, status in kept(database)].count(ModelStatus.CHAMPION) == 1


def a_watch(verdict: WatchVerdict, at: datetime = MONDAY) -> Watch:
    quality = Quality(log_loss=0.5, brier=0.2, calibration_error=0.15)
    return Watch(verdict, at, 120, quality, quality, (Group(0.3, 0.28, 60, 0.2, 0.4),))


def test_how_a_version_has_done_is_kept_and_since_when_it_is_bad(database: Database) -> None:
    record(database, ModelStatus.CHAMPION)
    fell = a_watch(WatchVerdict.WORSE, MONDAY + days(2))
    for watch in (a_watch(WatchVerdict.WELL, MONDAY + days(1)), fell, a_watch(WatchVerdict.OFF, MONDAY + days(3))):
        with database.begin() as session:
            champion = ModelVersions(session, a_team(session).workspace).champion(Question.FORWARD)
            assert champion is not None
            champion.take_note(watch)

    with database.reading() as session:
        (version,) = session.scalars(select(ModelVersion))
        assert version.watched == a_watch(WatchVerdict.OFF, MONDAY + days(3))
        assert version.went_bad_at == fell.at


def test_what_was_seen_of_a_version_before_it_came_back_into_office_is_of_the_past(database: Database) -> None:
    for _ in range(2):
        record(database, ModelStatus.CHAMPION)
    with database.begin() as session:
        for version in session.scalars(select(ModelVersion)):
            version.take_note(a_watch(WatchVerdict.WELL, MONDAY + days(1)))

    roll_back(database)

    with database.reading() as session:
        assert [version.watched for version in session.scalars(select(ModelVersion)) if version.number == 1] == [None]


def test_the_card_is_read_back_and_what_it_lacks_is_left_out() -> None:
    figures = {"log_loss": 0.5, "brier": 0.2, "calibration_error": 0.1, "auc": None}
    window = {"first": "2026-01-01T09:00:00+00:00", "cut": "2026-02-01T09:00:00+00:00", "last": str(MONDAY)}

    told = card_from({"outcomes": 200, "chosen": "logistic", "window": window, "model": figures, "strange": 1})

    assert (told.outcomes, told.chosen, told.base_rate) == (200, "logistic", None)
    assert told.model == Quality(0.5, 0.2, 0.1)
    assert told.window is not None
    assert told.window.last == MONDAY
