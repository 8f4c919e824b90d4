"""Stages are renamed, inserted and merged while deals are in them: no deal is lost, and history still reads."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.database import Database
from models.deal import Deal
from models.errors import DomainError, PipelineInvalid, StageNotFound
from models.funnel import Funnel
from models.history import Change, StageChange, Via, kept_moves, standings
from models.importing_moves import NewMove, write_moves
from models.importing_stages import known_stage
from models.moving_errors import NothingToUndo, StageTakenOver
from models.pipeline import Stage, StageKind
from models.pipelines import Pipelines
from models.reshaping import Reshaping
from models.timelines import Timelines
from tests.factories import MONDAY, Team, a_team, days
from tests.models.at_once import at_once
from tests.models.test_stage_counts import assert_counted


def reshaping(team: Team) -> Reshaping:
    return Pipelines(team.session, team.workspace).reshaping(team.pipeline)


def retire(team: Team, stage: str, into: str) -> int:
    change = reshaping(team)
    return change.retire(change.pipeline.stage_named(stage), into=change.pipeline.stage_named(into), at=MONDAY)


def names(team: Team) -> list[str]:
    return [stage.name for stage in team.pipeline.stages]


def test_a_stage_gets_another_name_and_keeps_its_deals(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme", stage="Proposal")

        reshaping(team).rename(team.pipeline.stage_named("Proposal"), "  Offer ")

        assert team.deals.get(deal.id).stage.name == "Offer"
        with pytest.raises(PipelineInvalid):
            reshaping(team).rename(deal.stage, "Ｑualified")
        reshaping(team).rename(deal.stage, "OFFER")


@pytest.mark.parametrize(
    ("beside", "before", "place", "kind"),
    [
        ("Lead identified", True, 0, StageKind.OPEN),
        ("Qualified", False, 3, StageKind.OPEN),
        ("Won", True, 5, StageKind.OPEN),
        ("Won", False, 6, StageKind.AFTER_SALES),
        ("After-sales", False, 7, StageKind.AFTER_SALES),
    ],
)
def test_a_stage_is_put_between_others(
    database: Database, beside: str, before: bool, place: int, kind: StageKind
) -> None:
    with database.begin() as session:
        team = a_team(session)
        was = names(team)

        made = reshaping(team).insert("Demo", beside=team.pipeline.stage_named(beside), at=MONDAY, before=before)

        session.expire_all()
        assert names(team) == [*was[:place], "Demo", *was[place:]]
        assert [stage.position for stage in team.pipeline.stages] == list(range(9))
        assert (made.kind, made.stalled_after_days is None) == (kind, kind is not StageKind.OPEN)


def test_a_merged_stage_hands_over_its_deals_and_its_past(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        acme = team.adds("Acme", stage="Qualified")
        moved_on = team.adds("Beta", stage="Qualified")
        moved_on.advance(by=team.ann, at=MONDAY + days(2), via=Via.COMMAND)
        session.flush()

        count = retire(team, "Qualified", into="Proposal")

        assert count == 1
        assert "Qualified" not in names(team)
        deal = team.deals.get(acme.id)
        assert (deal.stage.name, deal.entered_stage_at, len(deal.changes)) == ("Proposal", MONDAY, 1)
        assert deal.changes[0].to_stage.name == "Qualified"
        proposal = team.pipeline.stage_named("Proposal").id
        timelines = Timelines(session, team.workspace)
        assert {move.to_stage_id for each in timelines.all() for move in each.moves} == {proposal}
        assert timelines.stages().keys() == {stage.id for stage in team.pipeline.stages}


def test_a_merge_is_no_move_and_days_in_the_stage_go_on(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme", stage="Qualified")
        deal.advance(by=None, at=MONDAY + days(2), via=Via.COMMAND)
        deal.advance(by=None, at=MONDAY + days(10), via=Via.COMMAND)
        lost = team.adds("Beta", stage="Qualified")
        lost.lose("price", by=None, at=MONDAY + days(1), via=Via.COMMAND)
        session.flush()
        funnel = Funnel(session, team.workspace)
        before = funnel.report(team.pipeline, at=MONDAY + days(30), since=MONDAY - days(1))

        retire(team, "Qualified", into="Proposal")

        after = funnel.report(team.pipeline, at=MONDAY + days(30), since=MONDAY - days(1))
        row = next(each for each in after.rows if each.name == "Proposal")
        assert after.changes == before.changes
        assert (row.conversion, row.decided, row.median_days) == (0.5, 2, 5.5)


def test_a_stage_that_was_taken_over_twice_is_read_as_the_last_one(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal_id = team.adds("Acme", stage="Qualified").id
        session.flush()
        old = team.pipeline.stage_named("Qualified").id

        retire(team, "Qualified", into="Proposal")
        retire(team, "Proposal", into="First contact")

        assert team.pipeline.stage_now(old).name == team.deals.get(deal_id).stage.name == "First contact"
        assert [stage.position for stage in team.pipeline.stages] == list(range(6))


def test_undo_and_reopen_lead_to_what_took_the_stage_over(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        undone, reopened = team.adds("Acme", stage="Qualified"), team.adds("Beta", stage="Qualified")
        undone.move(team.pipeline.stage_named("Negotiation"), by=None, at=MONDAY + days(1), via=Via.COMMAND)
        reopened.lose("price", by=None, at=MONDAY + days(1), via=Via.COMMAND)
        session.flush()
        retire(team, "Qualified", into="Proposal")

        first, second = team.deals.get(undone.id), team.deals.get(reopened.id)
        first.undo(by=None, at=MONDAY + days(2), via=Via.COMMAND)
        second.reopen(by=None, at=MONDAY + days(2), via=Via.COMMAND)

        assert (first.stage.name, first.entered_stage_at) == ("Proposal", MONDAY)
        assert second.stage.name == "Proposal"


def test_undo_passes_over_moves_between_stages_that_are_one_now(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal, other = team.adds("Acme", stage="Qualified"), team.adds("Beta", stage="Proposal")
        deal.win(by=team.ann, at=MONDAY + days(1), via=Via.COMMAND)
        deal.set_money(Money(15_000, "USD"), by=team.ann, at=MONDAY + days(1))
        deal.move(team.pipeline.stage_named("After-sales"), by=team.ann, at=MONDAY + days(2), via=Via.COMMAND)
        other.move(team.pipeline.stage_named("Negotiation"), by=None, at=MONDAY + days(1), via=Via.COMMAND)
        session.flush()
        retire(team, "After-sales", into="Won")
        retire(team, "Negotiation", into="Proposal")

        deal, other = team.deals.get(deal.id), team.deals.get(other.id)
        team.deals.undo(deal, by=team.ann, at=MONDAY + days(3), via=Via.COMMAND)

        assert (deal.stage.name, deal.entered_stage_at, deal.closed_at, deal.money) == ("Qualified", MONDAY, None, None)
        assert not deal.has_move_to_undo
        assert not other.has_move_to_undo
        with pytest.raises(NothingToUndo):
            other.undo(by=team.ann, at=MONDAY + days(3), via=Via.COMMAND)


def test_a_button_that_shows_the_old_stage_says_what_became_of_it(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme", stage="Qualified")
        seen = deal.stage_id
        session.flush()
        retire(team, "Qualified", into="Proposal")

        with pytest.raises(StageTakenOver) as told:
            team.deals.get(deal.id).expect_in(seen)

        assert (told.value.old, told.value.stage) == ("Qualified", "Proposal")


def test_people_name_stages_in_use_and_files_also_those_of_the_past(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        retire(team, "Negotiation", into="Proposal")

        with pytest.raises(StageNotFound):
            team.pipeline.stage_named("Negotiation")
        found = known_stage(team.pipeline, "negotiation")
        assert found is not None
        assert found.name == "Proposal"


@pytest.mark.parametrize(
    ("stage", "into", "reason"),
    [
        ("Proposal", "Proposal", "stage_into_itself"),
        ("Won", "After-sales", "ends_stay"),
        ("Lost", "Won", "ends_stay"),
        ("Proposal", "Won", "other_kind"),
        ("Proposal", "Lost", "other_kind"),
        ("After-sales", "Proposal", "other_kind"),
    ],
)
def test_what_would_leave_no_pipeline_is_refused(database: Database, stage: str, into: str, reason: str) -> None:
    with database.begin() as session:
        team = a_team(session)

        with pytest.raises(PipelineInvalid) as refused:
            retire(team, stage, into)

        assert refused.value.reason == reason


def test_the_last_open_stage_stays_and_nothing_stands_beside_lost(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        for stage in ("First contact", "Qualified", "Proposal", "Negotiation"):
            retire(team, stage, into="Lead identified")

        with pytest.raises(PipelineInvalid) as refused:
            retire(team, "Lead identified", into="Won")
        with pytest.raises(PipelineInvalid) as beside_lost:
            reshaping(team).insert("Gone", beside=team.pipeline.lost, at=MONDAY)

        assert (refused.value.reason, beside_lost.value.reason) == ("no_open_stage", "lost_is_last")


def test_won_deals_may_stay_won_where_after_sales_ends(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme", stage="After-sales")
        session.flush()
        closed_at = deal.closed_at

        retire(team, "After-sales", into="Won")

        assert (deal.stage.name, deal.closed_at) == ("Won", closed_at)


@pytest.mark.parametrize("name", ["Acme", "Globex", "Initech"])  # the race is run three times
def test_who_moves_or_adds_a_deal_meanwhile_leaves_none_in_a_stage_that_is_gone(database: Database, name: str) -> None:
    with database.begin() as session:
        team = a_team(session)
        ids = [team.adds(f"{name} {number}", stage="First contact").id for number in range(6)]

    def advance(number: int) -> None:
        with database.begin() as session:
            team = a_team(session)
            at = MONDAY + days(1)
            team.deals.get(ids[number]).advance(by=None, at=at, via=Via.COMMAND)
            team.adds(f"New {number}", stage="Qualified", at=at)

    def merge() -> None:
        with database.begin() as session:
            retire(a_team(session), "Qualified", into="Proposal")

    jobs: list[Callable[[], None]] = [*(partial(advance, number) for number in range(6)), merge]
    results = at_once(jobs)

    # who named the stage by what they had read before the merge is told that there is none
    assert [each for each in results if each is not None and not isinstance(each, StageNotFound)] == []
    with database.begin() as session:
        retired = select(Stage.id).where(Stage.retired_into_id.is_not(None))
        assert session.scalar(select(func.count()).where(Deal.stage_id.in_(retired))) == 0
        for deal in session.scalars(select(Deal)):
            assert_replays(session, deal)


def test_who_read_the_stages_before_a_merge_adds_to_what_they_are_now(postgres: Database) -> None:
    with postgres.begin() as session:
        a_team(session)

    with postgres.begin() as session:
        team = a_team(session)
        seen = team.pipeline.stage_named("Qualified")
        with postgres.begin() as other:
            retire(a_team(other), "Qualified", into="Proposal")

        deal = team.deals.add("Acme", stage=seen, owner=None, at=MONDAY, via=Via.COMMAND)

        assert deal.stage.name == "Proposal"
        assert_replays(session, deal)


EDITS = st.one_of(
    st.tuples(st.just("retire"), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(st.just("insert"), st.integers(0, 9), st.integers(0, 1)),
    st.tuples(st.just("rename"), st.integers(0, 9), st.integers(0, 99)),
    st.tuples(st.just("move"), st.integers(0, 3), st.integers(0, 9)),
    st.tuples(st.just("undo"), st.integers(0, 3), st.just(0)),
    st.tuples(st.just("lose"), st.integers(0, 3), st.just(0)),
    st.tuples(st.just("reopen"), st.integers(0, 3), st.just(0)),
)


@settings(max_examples=60)
@given(st.lists(EDITS, max_size=25))
def test_no_sequence_of_edits_loses_a_deal_or_breaks_the_replay(
    sqlite: Database, steps: list[tuple[str, int, int]]
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        ids = [team.adds(f"Deal {number}").id for number in range(4)]
        session.flush()
        written: dict[int, tuple[int, int]] = {}
        for number, step in enumerate(steps, start=1):
            with suppress(DomainError):
                carry_out(team, ids, step, MONDAY + timedelta(minutes=number))
            session.flush()
            now = {each.id: (each.deal_id, each.to_stage_id) for each in session.scalars(select(StageChange))}
            assert written.items() <= now.items()  # append-only
            written = now

        stages = team.pipeline.stages
        assert [stage.position for stage in stages] == list(range(len(stages)))
        assert [stage.kind for stage in stages] == sorted((each.kind for each in stages), key=list(StageKind).index)
        assert team.pipeline.open_stages
        assert team.pipeline.won
        histories = {each.deal_id: each for each in Timelines(session, team.workspace).of(ids)}
        assert len(histories) == len(ids)
        for deal_id in ids:
            deal = team.deals.get(deal_id)
            assert_replays(session, deal)
            assert deal.stage in stages
            assert histories[deal_id].standing.stage_id == deal.stage_id
        assert_counted(session, team.pipeline, at=MONDAY + days(1))
        report = Funnel(session, team.workspace).report(team.pipeline, at=MONDAY + days(1), since=MONDAY - days(1))
        assert sum(row.count for row in report.rows) + report.lost.count == len(ids)
        session.rollback()


def test_a_stage_that_is_put_between_others_has_no_past(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        for name in ("Acme", "Beta", "Core"):
            deal = team.adds(name, stage="Qualified")
            deal.move(team.pipeline.stage_named("Proposal"), by=None, at=MONDAY + days(1), via=Via.COMMAND)

        demo = reshaping(team).insert("Demo", beside=team.pipeline.stage_named("Qualified"), at=MONDAY + days(9))

        assert pace_of(team, demo, at=MONDAY + days(10)) == (None, 0)
        assert pace_of(team, team.pipeline.stage_named("Qualified"), at=MONDAY + days(10)) == (1.0, 3)
        young = team.adds("Young", stage="Qualified", at=MONDAY + days(40))
        young.move(team.pipeline.stage_named("Proposal"), by=None, at=MONDAY + days(41), via=Via.COMMAND)
        session.flush()
        assert pace_of(team, demo, at=MONDAY + days(42)) == (1.0, 1)


def test_a_stage_is_as_old_as_what_it_takes_over_and_as_a_file_of_moves_has_it(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme", stage="Qualified")
        demo = reshaping(team).insert("Demo", beside=team.pipeline.stage_named("Qualified"), at=MONDAY + days(9))
        move = NewMove(Change.FORWARD, deal.stage.id, demo.id, MONDAY + days(2), None, "", "", Via.IMPORT)

        write_moves(session, team.workspace, [(deal.id, replace(move, via=Via.DERIVED))])
        assert demo.inserted_at == MONDAY + days(9)
        write_moves(session, team.workspace, [(deal.id, move)])
        assert demo.inserted_at == MONDAY + days(2)

        retire(team, "Qualified", "Demo")
        assert team.pipeline.stage_named("Demo").inserted_at is None


def pace_of(team: Team, stage: Stage, *, at: datetime) -> tuple[float | None, int]:
    report = Funnel(team.session, team.workspace).report(team.pipeline, at=at, since=MONDAY)
    (row,) = (row for row in report.rows if row.stage_id == stage.id)
    return row.conversion, row.decided


def carry_out(team: Team, ids: list[int], step: tuple[str, int, int], at: datetime) -> None:
    what, first, second = step
    stages = team.pipeline.stages
    stage, other = stages[first % len(stages)], stages[second % len(stages)]
    match what:
        case "retire":
            reshaping(team).retire(stage, into=other, at=at)
        case "insert":
            reshaping(team).insert(f"Stage {at:%H:%M}", beside=stage, at=at, before=bool(second))
        case "rename":
            reshaping(team).rename(stage, f"Name {second}")
        case "move":
            team.deals.get(ids[first]).move(other, by=None, at=at, via=Via.COMMAND)
        case "undo":
            team.deals.get(ids[first]).undo(by=None, at=at, via=Via.COMMAND)
        case "lose":
            team.deals.get(ids[first]).lose("price", by=None, at=at, via=Via.COMMAND)
        case "reopen":
            team.deals.get(ids[first]).reopen(by=None, at=at, via=Via.COMMAND)


def assert_replays(session: Session, deal: Deal) -> None:
    """The deal stands where its history, read with the stages of today, says that it stands."""
    moves = session.scalars(
        select(StageChange).where(StageChange.deal_id == deal.id).order_by(StageChange.at, StageChange.id)
    ).all()
    end = standings(moves)[-1]
    assert kept_moves(moves)
    assert deal.pipeline.stage_now(end.stage_id).id == deal.stage_id
    assert (deal.entered_stage_at, deal.closed_at, deal.loss_reason) == (end.entered_at, end.closed_at, end.loss_reason)
    assert deal.is_open == (deal.closed_at is None)
