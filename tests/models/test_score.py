"""One model serves a workspace at a time, and every model it ever had is kept."""

from functools import partial

from sqlalchemy import select

from models.database import Database
from models.score import Estimate, ModelStatus, ModelVersion, ModelVersions, Reason, Score, keep_scores
from tests.factories import MONDAY, a_team, days
from tests.models.at_once import at_once


def record(database: Database, status: ModelStatus) -> int:
    with database.begin() as session:
        versions = ModelVersions(session, a_team(session).workspace)
        version = versions.record(
            status=status, card={"auc": 0.7}, artifact=b"\x00\xff", sha256="ab", trained_by="Ann", at=MONDAY
        )
        return version.number


def kept(database: Database) -> list[tuple[int, ModelStatus]]:
    with database.reading() as session:
        rows = session.execute(select(ModelVersion.number, ModelVersion.status).order_by(ModelVersion.number))
        return [(number, status) for number, status in rows]


def test_a_new_champion_retires_the_one_before(database: Database) -> None:
    numbers = [record(database, ModelStatus.CHAMPION) for _ in range(3)]

    assert numbers == [1, 2, 3]
    assert kept(database) == [(1, ModelStatus.RETIRED), (2, ModelStatus.RETIRED), (3, ModelStatus.CHAMPION)]


def test_a_rejected_model_leaves_the_champion_in_office(database: Database) -> None:
    record(database, ModelStatus.CHAMPION)
    record(database, ModelStatus.REJECTED)

    with database.begin() as session:
        champion = ModelVersions(session, a_team(session).workspace).champion()
        assert champion is not None
        assert (champion.number, champion.artifact, champion.card) == (1, b"\x00\xff", {"auc": 0.7})


def test_there_is_no_champion_before_a_model_was_good_enough(database: Database) -> None:
    record(database, ModelStatus.REJECTED)

    with database.begin() as session:
        assert ModelVersions(session, a_team(session).workspace).champion() is None


def test_models_that_are_trained_at_once_leave_one_champion(database: Database) -> None:
    with database.begin() as session:
        a_team(session)

    results = at_once([partial(record, database, ModelStatus.CHAMPION)] * 4)

    assert sorted(map(str, results)) == ["1", "2", "3", "4"]
    assert [status for _, status in kept(database)].count(ModelStatus.CHAMPION) == 1


def test_an_estimate_without_a_model_is_an_early_one() -> None:
    assert Estimate(0.5, horizon_days=30, version=None, learnt_from=10).is_early
    assert not Estimate(0.5, horizon_days=30, version=1, learnt_from=10).is_early


def test_what_was_said_of_a_deal_is_kept_each_time_with_its_reasons(database: Database) -> None:
    reason = Reason("reason.stage", {"stage": "Lead"}, weight=-0.5)
    with database.begin() as session:
        team = a_team(session)
        deal_id = team.adds("Acme").id
        for version, moment in ((None, MONDAY), (3, MONDAY + days(1))):
            estimate = Estimate(0.25, horizon_days=30, version=version, learnt_from=10, reasons=(reason,))
            keep_scores(session, team.workspace, {deal_id: estimate}, at=moment)
        keep_scores(session, team.workspace, {}, at=MONDAY)

    with database.reading() as session:
        kept = session.scalars(select(Score).order_by(Score.id)).all()
    assert [(each.workspace_id, each.deal_id, each.at, each.model_version) for each in kept] == [
        ("T1", deal_id, MONDAY, None),
        ("T1", deal_id, MONDAY + days(1), 3),
    ]
    assert kept[0].probability == 0.25
    assert kept[0].reasons == {"reasons": [{"key": "reason.stage", "values": {"stage": "Lead"}, "weight": -0.5}]}
