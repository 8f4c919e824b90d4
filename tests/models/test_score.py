"""What was said of deals is kept, each time, and the newest of it is found again."""

from sqlalchemy import select

from models.database import Database
from models.score import Estimate, Reason, Score, Scores
from tests.factories import MONDAY, a_team, days


def test_an_estimate_without_a_model_is_an_early_one() -> None:
    assert Estimate(0.5, horizon_days=30, version=None, learnt_from=10).is_early
    assert not Estimate(0.5, horizon_days=30, version=1, learnt_from=10).is_early


def test_what_was_said_of_a_deal_is_kept_each_time_with_its_reasons(database: Database) -> None:
    reason = Reason("reason.stage", {"stage": "Lead"}, weight=-0.5)
    with database.begin() as session:
        team = a_team(session)
        deal_id = team.adds("Acme").id
        for version, moment in ((None, MONDAY), (3, MONDAY + days(1))):
            estimate = Estimate(0.25, horizon_days=30, version=version, learnt_from=10, reasons=(reason,), won=0.125)
            Scores(session, team.workspace).keep({deal_id: estimate}, at=moment)
        Scores(session, team.workspace).keep({}, at=MONDAY)

    with database.reading() as session:
        kept = session.scalars(select(Score).order_by(Score.id)).all()
    assert [(each.workspace_id, each.deal_id, each.at, each.model_version) for each in kept] == [
        ("T1", deal_id, MONDAY, None),
        ("T1", deal_id, MONDAY + days(1), 3),
    ]
    assert (kept[0].probability, kept[0].won) == (0.25, 0.125)
    assert kept[0].reasons == {"reasons": [{"key": "reason.stage", "values": {"stage": "Lead"}, "weight": -0.5}]}


def test_the_newest_score_of_each_deal_is_found(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        scored, unscored = team.adds("Acme").id, team.adds("Globex").id
        scores = Scores(session, team.workspace)
        for day, chance in enumerate((0.2, 0.6, 0.4)):
            scores.keep({scored: Estimate(chance, 30, 1, 10)}, at=MONDAY + days(day))

        latest = scores.latest([scored, unscored])
        since_tuesday = scores.of(scored, since=MONDAY + days(1))

    assert {deal_id: score.probability for deal_id, score in latest.items()} == {scored: 0.4}
    assert [score.probability for score in since_tuesday] == [0.6, 0.4]
