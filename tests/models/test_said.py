"""What a model said is found once a deal and week, and only where its outcome is known."""

from datetime import datetime

from models.database import Database
from models.history import Via
from models.model_version import ModelStatus, ModelVersion, ModelVersions, Question
from models.said import Sayings
from models.score import Estimate, Scores
from tests.factories import MONDAY, Team, a_team, days


def a_version(team: Team, at: datetime = MONDAY) -> ModelVersion:
    return ModelVersions(team.session, team.workspace).record(
        question=Question.FORWARD,
        status=ModelStatus.CHAMPION,
        card={},
        artifact=b"",
        sha256="",
        trained_by="Ann",
        at=at,
    )


def say(team: Team, deal_id: int, day: float, chance: float, *, version: int | None = 1) -> None:
    estimate = Estimate(chance, 30, version, 10, won=chance / 2)
    Scores(team.session, team.workspace).keep({deal_id: estimate}, at=MONDAY + days(day))


def test_of_each_deal_the_first_score_of_a_week_is_found(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        version, one, other = a_version(team), team.adds("Acme").id, team.adds("Globex").id
        for night in range(16):
            say(team, one, night, night / 100)
        say(team, other, 9, 0.5)

        found = Sayings(session, team.workspace).of_moving_forward(version, since=MONDAY, until=MONDAY + days(14))

    assert [(each.deal_id, each.at, each.chance) for each in found] == [
        (one, MONDAY, 0.0),
        (one, MONDAY + days(7), 0.07),
        (one, MONDAY + days(14), 0.14),
        (other, MONDAY + days(9), 0.5),
    ]


def test_what_others_said_before_or_after_is_left_out(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        version, deal_id = a_version(team), team.adds("Acme").id
        for number, day in ((1, -1), (None, 1), (2, 2), (1, 3), (1, 6)):
            say(team, deal_id, day, 0.5, version=number)

        found = Sayings(session, team.workspace).of_moving_forward(version, since=MONDAY, until=MONDAY + days(5))

    assert [each.at for each in found] == [MONDAY + days(3)]


def test_of_winning_it_is_found_whoever_said_it_and_whatever_became_of_the_deal(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        still_open, lost = (team.adds(name) for name in ("Open", "Lost"))
        for deal in (still_open, lost):
            for day, version in ((1, 1), (12, None)):
                say(team, deal.id, day, 0.5, version=version)
        lost.lose("price", by=team.ann, at=MONDAY + days(12), via=Via.COMMAND)

        found = Sayings(session, team.workspace).of_winning(since=MONDAY, until=MONDAY + days(5))

    assert [(each.deal_id, each.at, each.chance) for each in found] == [
        (deal.id, MONDAY + days(1), 0.25) for deal in (still_open, lost)
    ]
