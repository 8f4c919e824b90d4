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


def test_of_winning_only_what_was_said_of_deals_that_were_closed_in_time_is_found(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        still_open, lost, long_lost = (team.adds(name) for name in ("Open", "Lost", "Long lost"))
        for deal in (still_open, lost, long_lost):
            say(team, deal.id, 1, 0.5)
            say(team, deal.id, 12, 0.75)
        lost.lose("price", by=team.ann, at=MONDAY + days(12), via=Via.COMMAND)
        long_lost.lose("price", by=team.ann, at=MONDAY + days(2), via=Via.COMMAND)

        found = Sayings(session, team.workspace).of_winning(
            since=MONDAY, closed_since=MONDAY + days(5), until=MONDAY + days(20)
        )

    assert [(each.deal_id, each.at, each.chance) for each in found] == [(lost.id, MONDAY + days(1), 0.25)]
