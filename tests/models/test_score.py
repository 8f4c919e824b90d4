"""What was said of deals is kept, each time, and the newest of it is found again."""

from sqlalchemy import select

from models.activity import ActivityKind
from models.database import Database
from models.history import Via
from models.model_version import ModelStatus, ModelVersions, Question
from models.score import KEPT_FOR, Estimate, Prospect, Score, Scores
from tests.factories import MONDAY, a_team, days


def test_an_estimate_without_a_model_from_few_deals_is_an_early_one() -> None:
    assert Estimate(0.5, horizon_days=30, version=None, learnt_from=10).is_early
    assert not Estimate(0.5, horizon_days=30, version=1, learnt_from=10).is_early
    assert not Estimate(0.5, horizon_days=30, version=None, learnt_from=5_000).is_early


def test_what_was_said_of_a_deal_is_kept_each_time(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal_id = team.adds("Acme").id
        for version, moment in ((None, MONDAY), (3, MONDAY + days(1))):
            estimate = Estimate(0.25, horizon_days=30, version=version, learnt_from=10, won=0.125)
            Scores(session, team.workspace).keep({deal_id: estimate}, at=moment)
        Scores(session, team.workspace).keep({}, at=MONDAY)

    with database.reading() as session:
        kept = session.scalars(select(Score).order_by(Score.id)).all()
    assert [(each.workspace_id, each.deal_id, each.at, each.model_version) for each in kept] == [
        ("T1", deal_id, MONDAY, None),
        ("T1", deal_id, MONDAY + days(1), 3),
    ]
    assert (kept[0].probability, kept[0].won) == (0.25, 0.125)


def test_of_each_deal_the_scores_since_a_moment_are_found(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal_id = team.adds("Acme").id
        scores = Scores(session, team.workspace)
        for day, chance in enumerate((0.2, 0.6, 0.4)):
            scores.keep({deal_id: Estimate(chance, 30, 1, 10)}, at=MONDAY + days(day))

        since_tuesday = scores.of(deal_id, since=MONDAY + days(1))

    assert [score.probability for score in since_tuesday] == [0.6, 0.4]


def test_the_prospect_is_of_winning_where_that_is_known() -> None:
    assert Estimate(0.5, 30, 1, 10).prospect == Prospect(0.5, is_of_winning=False)
    assert Estimate(0.5, 30, 1, 10, won=0.25).prospect == Prospect(0.25, is_of_winning=True)


def test_the_newest_prospect_of_each_open_deal_is_found(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        twice, lost, old, unscored = (team.adds(name) for name in ("Twice", "Lost", "Old", "Unscored"))
        scores = Scores(session, team.workspace)
        scores.keep({old.id: Estimate(0.9, 30, 1, 10)}, at=MONDAY)
        for day, won in ((1, None), (2, 0.25)):
            estimate = Estimate(0.5, 30, 1, 10, won=won)
            scores.keep({twice.id: estimate, lost.id: estimate}, at=MONDAY + days(day))
        lost.lose("price", by=team.ann, at=MONDAY + days(2), via=Via.COMMAND)

        found = scores.prospects(since=MONDAY + days(1))

    assert found == {twice.id: Prospect(0.25, is_of_winning=True)}
    assert unscored.id not in found


def test_what_was_said_before_a_deal_moved_or_was_worked_on_counts_no_more(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        moved, met, left = (team.adds(name) for name in ("Moved", "Met", "Left"))
        moved.log(ActivityKind.MEETING, "Met before", by=team.ann, at=MONDAY)
        scores = Scores(session, team.workspace)
        scores.keep({deal.id: Estimate(0.5, 30, 1, 10) for deal in (moved, met, left)}, at=MONDAY)
        moved.advance(by=team.ann, at=MONDAY + days(1), via=Via.COMMAND)
        met.log(ActivityKind.MEETING, "Met", by=team.ann, at=MONDAY + days(1))

        before = scores.prospects(since=MONDAY)
        scores.keep({deal.id: Estimate(0.6, 30, 1, 10) for deal in (moved, met)}, at=MONDAY + days(1))
        after = scores.prospects(since=MONDAY)

    assert before.keys() == {left.id}
    assert {deal_id: prospect.chance for deal_id, prospect in after.items()} == {
        moved.id: 0.6,
        met.id: 0.6,
        left.id: 0.5,
    }


def test_a_chance_has_moved_only_where_the_same_model_said_both(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        sold, moving = team.adds("Sold"), team.adds("Moving")
        scores, versions = Scores(session, team.workspace), ModelVersions(session, team.workspace)
        for day, chance in ((0, 0.7), (7, 0.4)):
            scores.keep({sold.id: Estimate(0.5, 30, day, 10, won=chance)}, at=MONDAY + days(day))
            scores.keep({moving.id: Estimate(chance, 30, 1, 10)}, at=MONDAY + days(day))

        def fell() -> dict[int, float]:
            moved = scores.moved(since=MONDAY, at=MONDAY + days(7))
            return {deal_id: round(by, 2) for deal_id, by in moved.items()}

        before = fell()
        for question, day in ((Question.FORWARD, 3), (Question.WON, -3), (Question.WON, 4)):
            versions.record(
                question=question,
                status=ModelStatus.CHAMPION,
                card={},
                artifact=b"",
                sha256="",
                trained_by="nobody",
                at=MONDAY + days(day),
            )

        assert before == {sold.id: -0.3, moving.id: -0.3}
        assert fell() == {moving.id: -0.3}


def test_scores_are_forgotten_when_nobody_looks_back_so_far(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme")
        scores = Scores(session, team.workspace)
        for day in (0, 1):
            scores.keep({deal.id: Estimate(0.5, 30, 1, 10)}, at=MONDAY + days(day))

        scores.forget_old(MONDAY + days(1) + KEPT_FOR)

        assert [score.at for score in scores.of(deal.id, since=MONDAY)] == [MONDAY + days(1)]
