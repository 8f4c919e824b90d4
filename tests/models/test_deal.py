"""A deal keeps its own rules, and needs no database for it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money
from sqlalchemy import inspect

from models.activity import ActivityKind, Revision
from models.deal import Deal, DealField
from models.deal_moves import AT_ONCE
from models.errors import DomainError, StageNotFound, TextMissing, TextTooLong
from models.history import Change, Via, kind_of_change, standings
from models.member import Member
from models.moving_errors import (
    AlreadyThere,
    DealIsLost,
    DealIsOpen,
    DealMoved,
    LossReasonMissing,
    MovedInThePast,
    NoStageAhead,
    NotForward,
    NothingToUndo,
)
from models.pipeline import Stage
from models.stalling import Wait
from tests.factories import MONDAY, a_deal, a_member, a_pipeline, days

A_DAY = timedelta(days=1)
LATER = MONDAY + A_DAY


def stage(deal: Deal, name: str) -> Stage:
    return deal.pipeline.stage_named(name)


def advance(deal: Deal, to: str | None = None, *, by: Member | None = None, after: timedelta = A_DAY) -> None:
    target = stage(deal, to) if to else None
    deal.advance(target, by=by, at=deal.changes[-1].at + after, via=Via.COMMAND)


def undo(deal: Deal) -> None:
    deal.undo(by=None, at=deal.changes[-1].at + days(1), via=Via.BUTTON)


def where(deal: Deal) -> tuple[object, ...]:
    """What a deal remembers of where it stands."""
    return deal.stage.name, deal.stage_id, deal.entered_stage_at, deal.closed_at, deal.loss_reason


def revisions(deal: Deal) -> list[tuple[str, str, str]]:
    added = inspect(deal).attrs.revisions.history.added
    return [(each.field, each.old, each.new) for each in added if isinstance(each, Revision)]


# Advancing


def test_a_new_deal_remembers_how_it_began() -> None:
    ann = a_member("Ann")

    deal = a_deal(owner=ann)

    (first,) = deal.changes
    assert (first.change, first.from_stage_id, first.to_stage_id) == (Change.CREATED, None, deal.stage_id)
    assert (first.by, first.at, first.via) == (ann, MONDAY, Via.COMMAND)


def test_a_deal_advances_to_the_next_stage() -> None:
    ann = a_member("Ann")
    deal = a_deal(stage="Qualified")

    change = deal.advance(by=ann, at=LATER, via=Via.BUTTON, note="Budget is there")

    assert deal.stage.name == "Proposal"
    assert deal.entered_stage_at == LATER
    assert change.change is Change.FORWARD
    assert change.from_stage_id == stage(deal, "Qualified").id
    assert (change.by, change.via, change.note) == (ann, Via.BUTTON, "Budget is there")


def test_a_deal_advances_several_stages_in_one_move() -> None:
    deal = a_deal()

    advance(deal, "Negotiation")

    assert deal.stage.name == "Negotiation"
    assert len(deal.changes) == 2


def test_a_deal_is_won_by_advancing_out_of_the_last_open_stage() -> None:
    deal = a_deal(stage="Negotiation")

    advance(deal)

    assert deal.is_won
    assert deal.changes[-1].change is Change.WON
    assert deal.closed_at == LATER


def test_a_won_deal_advances_to_after_sales_and_stays_closed_since_it_was_won() -> None:
    deal = a_deal(stage="Negotiation")

    advance(deal)
    advance(deal)

    assert deal.stage.name == "After-sales"
    assert deal.is_won
    assert deal.closed_at == LATER


def test_nothing_lies_ahead_of_after_sales() -> None:
    deal = a_deal(stage="After-sales")

    with pytest.raises(NoStageAhead):
        advance(deal)


def test_a_deal_does_not_advance_into_the_stage_it_is_in() -> None:
    deal = a_deal(stage="Proposal")

    with pytest.raises(AlreadyThere):
        advance(deal, "Proposal")


@pytest.mark.parametrize(("target", "error"), [("First contact", NotForward), ("Lost", LossReasonMissing)])
def test_a_deal_does_not_advance_to_what_does_not_lie_ahead(target: str, error: type[Exception]) -> None:
    deal = a_deal(stage="Proposal")

    with pytest.raises(error):
        advance(deal, target)

    assert len(deal.changes) == 1


def test_a_lost_deal_does_not_advance() -> None:
    deal = a_deal(stage="Lost")

    with pytest.raises(DealIsLost):
        advance(deal)


# Moving


def test_a_deal_goes_back() -> None:
    deal = a_deal(stage="Proposal")

    deal.move(stage(deal, "First contact"), by=None, at=LATER, via=Via.COMMAND)

    assert deal.stage.name == "First contact"
    assert deal.changes[-1].change is Change.BACK


def test_a_deal_is_not_moved_to_lost_without_a_reason() -> None:
    deal = a_deal(stage="Proposal")

    with pytest.raises(LossReasonMissing):
        deal.move(stage(deal, "Lost"), by=None, at=LATER, via=Via.COMMAND)


def test_a_deal_does_not_move_into_another_pipeline() -> None:
    deal = a_deal()

    with pytest.raises(StageNotFound):
        deal.move(a_pipeline().stages[3], by=None, at=LATER, via=Via.COMMAND)


def test_a_deal_is_not_moved_before_its_latest_move() -> None:
    deal = a_deal(at=MONDAY)

    with pytest.raises(MovedInThePast):
        deal.advance(by=None, at=MONDAY - days(1), via=Via.IMPORT)


def test_a_clock_that_is_a_little_behind_does_not_disorder_the_history() -> None:
    deal = a_deal(at=MONDAY)

    deal.advance(by=None, at=MONDAY - timedelta(seconds=1), via=Via.COMMAND)

    assert [change.at for change in deal.changes] == [MONDAY, MONDAY]
    assert deal.entered_stage_at == MONDAY


def test_a_move_ends_a_snooze() -> None:
    deal = a_deal()
    deal.snooze(MONDAY + days(30))

    advance(deal)

    assert deal.snoozed_until is None


# Winning and losing


def test_a_deal_is_won_from_any_open_stage() -> None:
    deal = a_deal()

    deal.win(by=None, at=LATER, via=Via.COMMAND)

    assert deal.stage.name == "Won"
    assert deal.closed_at == LATER


@pytest.mark.parametrize("name", ["Won", "After-sales"])
def test_a_deal_is_won_once(name: str) -> None:
    deal = a_deal(stage=name)

    with pytest.raises(AlreadyThere):
        deal.win(by=None, at=LATER, via=Via.COMMAND)


def test_a_lost_deal_keeps_its_reason() -> None:
    deal = a_deal()

    deal.lose(" Too\nexpensive ", by=None, at=LATER, via=Via.COMMAND)

    assert deal.is_lost
    assert deal.closed_at == LATER
    assert deal.loss_reason == deal.changes[-1].reason == "Too expensive"


@pytest.mark.parametrize("reason", ["price", "价格", "2x too dear", "$$", "💸"])
def test_any_word_number_or_sign_is_a_reason(reason: str) -> None:
    deal = a_deal()

    deal.lose(reason, by=None, at=LATER, via=Via.COMMAND)

    assert deal.loss_reason == reason


@pytest.mark.parametrize("reason", ["nobody asked", "no budget", "无预算", "Nil Ltd was cheaper"])
def test_a_reason_may_begin_with_no(reason: str) -> None:
    deal = a_deal()

    deal.lose(reason, by=None, at=LATER, via=Via.COMMAND)

    assert deal.loss_reason == reason


@pytest.mark.parametrize(
    "reason", ["", "  \n", "\u200b", "-", "...", "？", "– –", "None", "n/a", " N/A. ", "*none*", "_n/a_", "无", "没有"]
)
def test_a_deal_is_not_lost_without_a_reason(reason: str) -> None:
    deal = a_deal()

    with pytest.raises(LossReasonMissing):
        deal.lose(reason, by=None, at=LATER, via=Via.COMMAND)

    assert deal.is_open


def test_a_deal_is_lost_once() -> None:
    deal = a_deal(stage="Lost")

    with pytest.raises(AlreadyThere):
        deal.lose("Price", by=None, at=LATER, via=Via.COMMAND)


# Reopening


def test_a_deal_is_reopened_where_it_was_closed() -> None:
    deal = a_deal(stage="Proposal")
    deal.lose("Price", by=None, at=LATER, via=Via.COMMAND)

    deal.reopen(by=None, at=LATER + days(1), via=Via.COMMAND)

    assert where(deal) == ("Proposal", stage(deal, "Proposal").id, LATER + days(1), None, "")
    assert deal.changes[-1].change is Change.REOPENED


def test_a_deal_from_after_sales_is_reopened_in_the_last_open_stage_it_saw() -> None:
    deal = a_deal(stage="Qualified")
    deal.win(by=None, at=LATER, via=Via.COMMAND)
    advance(deal)

    deal.reopen(by=None, at=LATER + days(9), via=Via.COMMAND)

    assert deal.stage.name == "Qualified"


def test_a_deal_that_was_never_open_is_reopened_in_the_first_stage() -> None:
    deal = a_deal(stage="Lost")

    deal.reopen(by=None, at=LATER, via=Via.COMMAND)

    assert deal.stage.name == "Lead identified"


def test_an_open_deal_is_not_reopened() -> None:
    with pytest.raises(DealIsOpen):
        a_deal().reopen(by=None, at=LATER, via=Via.COMMAND)


# Undoing


def test_an_undone_move_leaves_the_deal_where_it_was_since_when_it_was() -> None:
    deal = a_deal(stage="Proposal")
    before = where(deal)
    advance(deal)

    undo(deal)

    assert where(deal) == before
    assert deal.changes[-1].change is Change.UNDONE
    assert len(deal.changes) == 3


def test_an_undone_loss_is_forgotten_by_the_deal_but_not_by_its_history() -> None:
    deal = a_deal(stage="Proposal")
    deal.lose("Price", by=None, at=LATER, via=Via.COMMAND)

    undo(deal)

    assert where(deal) == ("Proposal", stage(deal, "Proposal").id, MONDAY, None, "")
    assert [change.reason for change in deal.changes] == ["", "Price", ""]


def test_an_undone_reopening_restores_the_loss() -> None:
    deal = a_deal(stage="Proposal")
    deal.lose("Price", by=None, at=LATER, via=Via.COMMAND)
    lost = where(deal)
    deal.reopen(by=None, at=LATER + days(1), via=Via.COMMAND)

    undo(deal)

    assert where(deal) == lost


def test_undoing_again_takes_back_the_move_before() -> None:
    deal = a_deal()
    beginnings = [where(deal)]
    for _ in range(3):
        advance(deal)
        beginnings.append(where(deal))

    for before in reversed(beginnings[:-1]):
        undo(deal)
        assert where(deal) == before

    with pytest.raises(NothingToUndo):
        undo(deal)


def test_a_move_after_an_undo_is_what_the_next_undo_takes_back() -> None:
    deal = a_deal()
    advance(deal)
    undo(deal)
    advance(deal, "Negotiation")

    undo(deal)

    assert deal.stage.name == "Lead identified"
    with pytest.raises(NothingToUndo):
        undo(deal)


# Two people, one deal


def test_two_people_who_advance_at_once_meant_the_same_step() -> None:
    deal, ann, bob = a_deal(), a_member("Ann"), a_member("Bob")
    advance(deal, by=ann)

    with pytest.raises(DealMoved) as told:
        advance(deal, by=bob, after=AT_ONCE - timedelta(seconds=1))

    assert (told.value.by, told.value.stage, told.value.at) == ("Ann", "First contact", LATER)
    assert deal.stage.name == "First contact"


def test_whoever_clicked_first_but_came_second_is_told_as_well() -> None:
    deal, ann, bob = a_deal(), a_member("Ann"), a_member("Bob")
    advance(deal, by=ann)

    with pytest.raises(DealMoved):
        advance(deal, by=bob, after=-timedelta(milliseconds=3))


@pytest.mark.parametrize("verb", ["move", "advance to", "win", "lose", "reopen", "undo"])
def test_no_move_of_any_kind_runs_over_a_colleagues(verb: str) -> None:
    deal, ann, bob = a_deal(stage="Proposal"), a_member("Ann"), a_member("Bob")
    deal.win(by=ann, at=LATER, via=Via.COMMAND)
    moves = {
        "move": lambda: deal.move(stage(deal, "Qualified"), by=bob, at=LATER, via=Via.COMMAND),
        "advance to": lambda: deal.advance(stage(deal, "After-sales"), by=bob, at=LATER, via=Via.COMMAND),
        "win": lambda: deal.win(by=bob, at=LATER, via=Via.COMMAND),
        "lose": lambda: deal.lose("Price", by=bob, at=LATER, via=Via.COMMAND),
        "reopen": lambda: deal.reopen(by=bob, at=LATER, via=Via.COMMAND),
        "undo": lambda: deal.undo(by=bob, at=LATER, via=Via.COMMAND),
    }

    with pytest.raises(DealMoved):
        moves[verb]()

    assert deal.is_won


def test_a_colleague_may_move_a_deal_once_there_was_time_to_see_it() -> None:
    deal, ann, bob = a_deal(), a_member("Ann"), a_member("Bob")
    advance(deal, by=ann)

    advance(deal, by=bob, after=AT_ONCE)

    assert deal.stage.name == "Qualified"


def test_one_person_may_advance_as_fast_as_they_like() -> None:
    deal, ann = a_deal(), a_member("Ann")

    advance(deal, by=ann, after=timedelta(0))
    advance(deal, by=ann, after=timedelta(0))

    assert deal.stage.name == "Qualified"


def test_a_colleague_may_advance_a_deal_that_was_added_just_now() -> None:
    deal = a_deal(owner=a_member("Ann"))

    advance(deal, by=a_member("Bob"), after=timedelta(0))

    assert deal.stage.name == "First contact"


def test_an_import_may_tell_of_two_people_on_one_day() -> None:
    deal, ann, bob = a_deal(), a_member("Ann"), a_member("Bob")
    deal.advance(by=ann, at=LATER, via=Via.IMPORT)

    deal.advance(by=bob, at=LATER, via=Via.IMPORT)

    assert deal.stage.name == "Qualified"


def test_a_click_on_an_old_card_tells_who_moved_the_deal() -> None:
    deal = a_deal()
    seen = deal.stage_id
    advance(deal, by=a_member("Ann"))

    with pytest.raises(DealMoved) as told:
        deal.expect_in(seen)

    assert told.value.by == "Ann"
    deal.expect_in(deal.stage_id)


# Stalling


def test_a_deal_stalls_once_its_owner_has_let_as_many_working_days_pass_as_its_stage_allows() -> None:
    deal = a_deal(stage="Proposal", at=MONDAY)

    assert not deal.is_stalled(MONDAY + days(14) - timedelta(hours=MONDAY.hour, microseconds=1))
    assert deal.is_stalled(MONDAY + days(14) - timedelta(hours=MONDAY.hour))


def test_holidays_of_the_owner_s_country_do_not_count() -> None:
    owner = a_member()
    owner.time_zone = "Europe/Berlin"
    deal = a_deal(stage="Proposal", owner=owner, at=datetime(2026, 3, 30, 9, tzinfo=UTC))
    after_two_weeks = datetime(2026, 4, 13, 9, tzinfo=UTC)

    assert not deal.is_stalled(after_two_weeks)  # Good Friday and Easter Monday
    assert not deal.is_stalled(after_two_weeks + days(1))
    assert deal.is_stalled(after_two_weeks + days(2))

    owner.country = "US"
    assert deal.is_stalled(after_two_weeks)


def test_a_deal_that_people_are_busy_with_stalls_after_twice_the_days_in_its_stage() -> None:
    deal = a_deal(stage="Proposal", at=MONDAY)
    for number in range(30):
        deal.log(ActivityKind.CALL, "Again", by=None, at=MONDAY + days(number))

    assert not deal.is_stalled(MONDAY + days(25))
    assert deal.is_stalled(MONDAY + days(28))


def test_what_is_usual_in_the_team_lengthens_both_limits_and_never_shortens_them() -> None:
    deal = a_deal(stage="Proposal", at=MONDAY)

    deal.stage.stays_learnt_from = 2_000
    deal.stage.usual_days_quiet, deal.stage.usual_days_in_stage = 12, 30
    assert not deal.is_stalled(MONDAY + days(15))
    assert deal.is_stalled(MONDAY + days(16))

    deal.stage.usual_days_quiet, deal.stage.usual_days_in_stage = 1, 1
    assert not deal.is_stalled(MONDAY + days(11))
    assert deal.is_stalled(MONDAY + days(14))


@pytest.mark.parametrize(("stays", "quiet", "in_stage"), [(0, 10, 20), (5, 12, 22), (20, 15, 25), (180, 19, 29)])
def test_what_few_stays_tell_is_drawn_to_the_days_that_were_set(stays: int, quiet: int, in_stage: int) -> None:
    wait = Wait(in_stage=in_stage, quiet=quiet, limit=10, usual_in_stage=30, usual_quiet=20, stays=stays)

    assert (wait.quiet_limit, wait.in_stage_limit) == (quiet, in_stage)
    assert wait.is_usual_known is (stays >= 20)
    assert not replace(wait, in_stage=in_stage - 1, quiet=quiet - 1).is_stalled
    assert replace(wait, quiet=0).is_stalled


def test_an_activity_holds_the_clock() -> None:
    deal = a_deal(stage="Proposal", at=MONDAY)

    deal.log(ActivityKind.CALL, "They are thinking", by=None, at=MONDAY + days(5))

    assert not deal.is_stalled(MONDAY + days(17))
    assert deal.is_stalled(MONDAY + days(18))


def test_an_older_activity_that_is_logged_late_does_not_set_the_clock_back() -> None:
    deal = a_deal(stage="Proposal", at=MONDAY)
    deal.log(ActivityKind.CALL, "Second", by=None, at=MONDAY + days(5))

    deal.log(ActivityKind.CALL, "First", by=None, at=MONDAY + days(2))

    assert deal.quiet_since == MONDAY + days(5)


def test_a_snooze_holds_the_clock_until_it_ends() -> None:
    deal = a_deal(stage="Proposal", at=MONDAY)

    deal.snooze(MONDAY + days(20))

    assert not deal.is_stalled(MONDAY + days(20) - timedelta(seconds=1))
    assert deal.is_stalled(MONDAY + days(20))


def test_a_next_step_that_is_still_ahead_holds_the_clock_through_its_day() -> None:
    deal = a_deal(stage="Proposal", at=MONDAY)

    deal.plan("Meet", due=(MONDAY + days(20)).date(), by=None, at=MONDAY)

    assert not deal.is_stalled(MONDAY + days(20))
    assert deal.is_stalled(MONDAY + days(21))


@pytest.mark.parametrize(
    ("zone", "day_is_over"),
    [
        ("Pacific/Auckland", datetime(2026, 3, 21, 11, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 3, 21, 18, 30, tzinfo=UTC)),
    ],
)
def test_the_day_of_a_next_step_ends_where_the_owner_is(zone: str, day_is_over: datetime) -> None:
    owner = a_member()
    owner.time_zone = zone
    deal = a_deal(stage="Proposal", owner=owner, at=MONDAY)

    deal.plan("Meet", due=date(2026, 3, 21), by=None, at=MONDAY)

    assert not deal.is_stalled(day_is_over - timedelta(seconds=1))
    assert deal.is_stalled(day_is_over)


def test_a_next_step_without_a_date_holds_nothing() -> None:
    deal = a_deal(stage="Proposal", at=MONDAY)

    deal.plan("Meet some day", due=None, by=None, at=MONDAY)

    assert deal.is_stalled(MONDAY + days(14))


@pytest.mark.parametrize("name", ["Won", "After-sales", "Lost"])
def test_a_closed_deal_never_stalls(name: str) -> None:
    deal = a_deal(stage=name)

    assert not deal.is_stalled(MONDAY + days(1000))


# What is said about it


def test_the_latest_next_step_is_the_one_that_counts() -> None:
    deal, ann = a_deal(), a_member("Ann")
    first = deal.plan("Call", due=None, by=ann, at=MONDAY)

    second = deal.plan("Meet", due=date(2026, 4, 1), by=ann, at=LATER)

    assert deal.next_step is second
    assert first.done_at == LATER
    assert (second.by_id, second.due) == (ann.id, date(2026, 4, 1))


def test_a_finished_next_step_leaves_none_and_keeps_when_it_was_done() -> None:
    deal = a_deal()
    step = deal.plan("Call", due=None, by=None, at=MONDAY)

    deal.finish_step(at=LATER)
    deal.finish_step(at=LATER + days(1))

    assert deal.next_step is None
    assert step.done_at == LATER


def test_a_next_step_that_cannot_be_written_leaves_the_one_before() -> None:
    deal = a_deal()
    step = deal.plan("Call", due=None, by=None, at=MONDAY)

    with pytest.raises(TextTooLong):
        deal.plan("x" * 301, due=None, by=None, at=LATER)

    assert deal.next_step is step


def test_every_setter_remembers_what_it_replaced() -> None:
    ann = a_member("Ann")
    deal = a_deal(money=Money(1200, "USD"))

    deal.rename("Acme Corp", by=ann, at=LATER)
    deal.set_text(DealField.COMPANY, " Acme  Ltd ", by=ann, at=LATER)
    deal.set_money(Money("1500.50", "EUR"), by=ann, at=LATER)
    deal.set_close_date(date(2026, 5, 1), by=ann, at=LATER)
    deal.assign(ann, by=ann, at=LATER)
    deal.set_custom("Industry", "Retail", by=ann, at=LATER)

    assert revisions(deal) == [
        ("name", "Acme", "Acme Corp"),
        ("company", "", "Acme Ltd"),
        ("amount", "1200 USD", "1500.5 EUR"),
        ("close_date", "", "2026-05-01"),
        ("owner", "", str(ann.id)),
        ("custom:Industry", "", "Retail"),
    ]
    assert (deal.name, deal.name_key, deal.company) == ("Acme Corp", "acme corp", "Acme Ltd")
    assert deal.money == Money("1500.50", "EUR")
    assert (deal.close_date, deal.owner, deal.custom) == (date(2026, 5, 1), ann, {"Industry": "Retail"})


def test_writing_what_is_there_already_is_no_revision() -> None:
    ann = a_member("Ann")
    deal = a_deal(owner=ann, money=Money("1200.5", "USD"), close_date=date(2026, 5, 1))

    deal.rename("Acme", by=ann, at=LATER)
    deal.set_text(DealField.SOURCE, "", by=ann, at=LATER)
    deal.set_money(Money("1200.50", "USD"), by=ann, at=LATER)
    deal.set_close_date(date(2026, 5, 1), by=ann, at=LATER)
    deal.assign(ann, by=ann, at=LATER)
    deal.set_custom("Industry", "", by=ann, at=LATER)

    assert revisions(deal) == []


def test_two_owners_in_a_row_are_both_remembered() -> None:
    ann, bob = a_member("Ann"), a_member("Bob")
    deal = a_deal(owner=ann)

    deal.assign(bob, by=ann, at=LATER)
    deal.assign(ann, by=ann, at=LATER)

    assert revisions(deal) == [("owner", str(ann.id), str(bob.id)), ("owner", str(bob.id), str(ann.id))]


def test_a_field_can_be_cleared() -> None:
    deal = a_deal(money=Money(1200, "USD"), close_date=date(2026, 5, 1))
    deal.set_custom("Industry", "Retail", by=None, at=LATER)

    deal.set_money(None, by=None, at=LATER)
    deal.set_close_date(None, by=None, at=LATER)
    deal.set_custom("Industry", " ", by=None, at=LATER)

    assert (deal.money, deal.close_date, deal.custom) == (None, None, {})


def test_a_note_must_say_something_and_not_too_much() -> None:
    deal = a_deal()

    with pytest.raises(TextMissing):
        deal.log(ActivityKind.NOTE, "\x00 \u200b", by=None, at=LATER)
    with pytest.raises(TextTooLong):
        deal.log(ActivityKind.NOTE, "x" * 3001, by=None, at=LATER)

    assert deal.activities == []
    assert deal.last_activity_at is None


def test_an_amount_is_money_only_with_a_number() -> None:
    nothing_named, nothing_worth = a_deal(), a_deal()

    nothing_worth.set_money(Money(0, "JPY"), by=None, at=LATER)

    assert nothing_named.money is None
    assert nothing_worth.money == Money(0, "JPY")
    assert revisions(nothing_worth) == [("amount", "", "0 JPY")]


# Whatever happens

KINDS = st.sampled_from(["advance", "move", "win", "lose", "reopen", "undo"])
WALKS = st.lists(st.tuples(KINDS, st.integers(0, 7), st.integers(0, 10_000)), max_size=30)


def walk(deal: Deal, steps: list[tuple[str, int, int]]) -> None:
    """Try each of the moves; those against the rules are refused."""
    for verb, position, seconds in steps:
        at = deal.changes[-1].at + timedelta(seconds=seconds)
        try:
            match verb:
                case "advance":
                    deal.advance(by=None, at=at, via=Via.COMMAND)
                case "move":
                    deal.move(deal.pipeline.stages[position], by=None, at=at, via=Via.COMMAND)
                case "win":
                    deal.win(by=None, at=at, via=Via.COMMAND)
                case "lose":
                    deal.lose("Price", by=None, at=at, via=Via.COMMAND)
                case "reopen":
                    deal.reopen(by=None, at=at, via=Via.COMMAND)
                case "undo":
                    deal.undo(by=None, at=at, via=Via.COMMAND)
        except DomainError:
            pass


@given(WALKS)
def test_a_deal_stands_where_the_replay_of_its_history_ends(steps: list[tuple[str, int, int]]) -> None:
    deal = a_deal()

    walk(deal, steps)

    end = standings(deal.changes)[-1]
    assert (deal.stage_id, deal.entered_stage_at) == (end.stage_id, end.entered_at)
    assert (deal.closed_at, deal.loss_reason) == (end.closed_at, end.loss_reason)
    assert deal.stage.id == deal.stage_id
    assert deal.is_open == (deal.closed_at is None)
    assert deal.is_lost == bool(deal.loss_reason)


@given(WALKS, KINDS, st.integers(0, 7))
def test_undo_takes_back_exactly_the_move_before(steps: list[tuple[str, int, int]], verb: str, position: int) -> None:
    deal = a_deal()
    walk(deal, steps)
    before, length = where(deal), len(deal.changes)

    walk(deal, [(verb, position, 60)])
    if len(deal.changes) > length and verb != "undo":
        undo(deal)

        assert where(deal) == before


@given(WALKS)
def test_the_history_is_in_order_and_unbroken_and_names_each_move_rightly(steps: list[tuple[str, int, int]]) -> None:
    deal = a_deal()
    by_id = {each.id: each for each in deal.pipeline.stages}

    walk(deal, steps)

    for earlier, later in pairwise(deal.changes):
        assert later.from_stage_id == earlier.to_stage_id
        assert later.at >= earlier.at
        origin, target = by_id[earlier.to_stage_id], by_id[later.to_stage_id]
        assert later.change in (Change.UNDONE, kind_of_change(origin, target))
        if later.change.is_forward:
            assert target.position > origin.position or origin.name == "Lost"
