"""A deal's past can be told as it was known at any moment, and nothing later is told with it."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money
from sqlalchemy import select

from models.activity import ActivityKind
from models.database import Database
from models.deal import Deal, DealField
from models.history import Change, Via, kept_moves
from models.timeline import DealHistory
from models.timelines import Timelines
from tests.factories import MONDAY, Team, a_team, days

FUTURE = MONDAY + days(1000)


def history(team: Team, deal: Deal) -> DealHistory:
    team.session.flush()
    (found,) = Timelines(team.session, team.workspace).of([deal.id])
    return found


def test_fields_read_as_they_did_then(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds(money=Money(1000, "USD"), company="Old Ltd", close_date=date(2026, 5, 1))
        deal.set_money(Money("1500.50", "EUR"), by=None, at=MONDAY + days(1))
        deal.set_text(DealField.COMPANY, "New Ltd", by=None, at=MONDAY + days(2))
        deal.set_close_date(None, by=None, at=MONDAY + days(3))
        deal.assign(team.bob, by=None, at=MONDAY + days(4))
        deal.set_custom("Industry", "Retail", by=None, at=MONDAY + days(5))
        deal.set_custom("Industry", "Finance", by=None, at=MONDAY + days(6))
        deal.set_money(None, by=None, at=MONDAY + days(7))
        told = history(team, deal)
        ann, bob = team.ann.id, team.bob.id

    known = [told.as_of(MONDAY + days(number)) for number in range(8)]
    assert [(each.amount, each.currency) for each in known[:2]] == [(1000, "USD"), (Decimal("1500.5"), "EUR")]
    assert [each.company for each in known[1:3]] == ["Old Ltd", "New Ltd"]
    assert [each.close_date for each in known[2:4]] == [date(2026, 5, 1), None]
    assert [each.owner_id for each in known[3:5]] == [ann, bob]
    assert [each.custom for each in known[4:7]] == [{}, {"Industry": "Retail"}, {"Industry": "Finance"}]
    assert [each.amount for each in known[6:8]] == [Decimal("1500.5"), None]


def test_a_next_step_was_open_until_it_was_done(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds()
        deal.plan("Call", due=None, by=None, at=MONDAY + days(1))
        deal.finish_step(at=MONDAY + days(3))
        told = history(team, deal)

    assert told.as_of(MONDAY).steps == ()
    assert told.as_of(MONDAY + days(2)).steps[0].done_at is None
    assert told.as_of(MONDAY + days(3)).steps[0].done_at == MONDAY + days(3)


def test_an_undone_move_stood_until_it_was_undone(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds()
        deal.lose("Price", by=None, at=MONDAY + days(1), via=Via.COMMAND)
        deal.undo(by=None, at=MONDAY + days(2), via=Via.COMMAND)
        told = history(team, deal)

    assert told.as_of(MONDAY + days(1)).standing.loss_reason == "Price"
    assert told.as_of(MONDAY + days(2)).standing.closed_at is None
    assert [move.change for move in told.moves] == [Change.CREATED, Change.LOST, Change.UNDONE]


def test_what_happened_at_that_very_moment_was_known(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds()
        deal.log(ActivityKind.CALL, "Called", by=None, at=MONDAY + days(1))
        told = history(team, deal)

    assert [len(told.as_of(MONDAY + days(number)).activities) for number in range(2)] == [0, 1]


def test_a_deal_was_not_known_before_it_was_added(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        told = history(team, team.adds(at=MONDAY))

    with pytest.raises(ValueError, match="did not exist"):
        told.as_of(MONDAY - days(1))


def test_open_deals_are_told_apart(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        is_open = team.adds("Open")
        won = team.adds("Won", stage="Won")
        timelines = Timelines(session, team.workspace)

        assert [each.deal_id for each in timelines.open()] == [is_open.id]
        assert [each.deal_id for each in timelines.all()] == [is_open.id, won.id]
        assert timelines.stages()[won.stage_id].name == "Won"


def test_of_many_deals_those_are_told_that_were_added_last_or_were_open_then(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        old = [team.adds(f"Old {way}", at=MONDAY) for way in ("open", "closed later", "closed")]
        new = team.adds("New", at=MONDAY + days(5))
        team.adds("Newest", at=MONDAY + days(6))
        team.adds("Later", at=MONDAY + days(20))
        old[1].win(by=None, at=MONDAY + days(12), via=Via.COMMAND)
        old[2].win(by=None, at=MONDAY + days(2), via=Via.COMMAND)
        new.win(by=None, at=MONDAY + days(7), via=Via.COMMAND)
        session.flush()
        timelines = Timelines(session, team.workspace)
        told = {deal.id: deal.name for deal in session.scalars(select(Deal))}

        def newest(most: int) -> set[str]:
            return {told[each.deal_id] for each in timelines.newest(most, at=MONDAY + days(10))}

        assert newest(1) == {"Old open", "Old closed later", "Newest", "Later"}
        assert newest(6) == set(told.values())


HAPPENINGS = ["move", "lose", "note", "plan", "money", "company", "custom", "undo"]
EVENTS = st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 4)), max_size=12)


@settings(max_examples=25)
@given(EVENTS, st.integers(0, 40))
def test_nothing_later_is_told_and_now_is_everything(
    sqlite: Database, events: list[tuple[str, int]], asked: int
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        deal, at = team.adds(), MONDAY
        told_then: DealHistory | None = None
        moment = MONDAY + days(asked)
        for event, wait in events:
            if told_then is None and at + days(wait) > moment:
                told_then = history(team, deal)
            at += days(wait)
            _happen(deal, event, at)
        told = history(team, deal)
        expected = told_then or told
        session.rollback()

    assert told.as_of(FUTURE) == told
    assert told.as_of(moment) == expected


def _happen(deal: Deal, event: str, at: datetime) -> None:
    """Something different each time, as the moment says."""
    number = len(deal.changes) + len(deal.activities) + len(deal.tasks) + (at - MONDAY).days
    match event:
        case "move" if not deal.is_lost:
            stages = deal.pipeline.open_stages
            deal.move(stages[(stages.index(deal.stage) + 1) % len(stages)], by=None, at=at, via=Via.COMMAND)
        case "lose" if not deal.is_lost:
            deal.lose("Price", by=None, at=at, via=Via.COMMAND)
        case "undo" if len(kept_moves(deal.changes)) > 1:
            deal.undo(by=None, at=at, via=Via.COMMAND)
        case "note":
            deal.log(ActivityKind.NOTE, f"Note {number}", by=None, at=at)
        case "plan":
            deal.plan(f"Step {number}", due=None, by=None, at=at)
        case "money":
            deal.set_money(Money(number, "USD"), by=None, at=at)
        case "company":
            deal.set_text(DealField.COMPANY, f"Company {number % 3}", by=None, at=at)
        case "custom":
            deal.set_custom("Field", "x" * (number % 3), by=None, at=at)


def test_of_the_newest_deals_and_all_that_were_open_since_nothing_is_missing(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        first, *_, third, fourth = [team.adds(f"Deal {number}", at=MONDAY + days(number)) for number in range(5)]
        for deal, day in ((first, 2), (third, 4)):
            deal.lose("Price", by=None, at=MONDAY + days(day), via=Via.COMMAND)
        timelines, pipeline_id = Timelines(session, team.workspace), team.pipeline.id
        session.flush()

        whole, always = timelines.lately_in_pipeline(pipeline_id, 99)
        lately, since = timelines.lately_in_pipeline(pipeline_id, 2)

    assert (always, whole) == (None, [*whole[:1], *lately])
    assert [each.created_at for each in lately] == [MONDAY + days(number) for number in range(1, 5)]
    assert since == third.created_at < fourth.created_at
