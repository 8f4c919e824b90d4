"""The funnel in words says what waits, what moves on, and what has changed, and nothing that is not known."""

from datetime import timedelta

from moneyed import Money

from bot.say import Say
from bot.views.funnel import changes_line, closed_line, counted, funnel_text, stage_line
from models.funnel import Changes, FunnelReport, StageRow, Tally
from models.pipeline import StageKind
from tests.factories import MONDAY

SAY = Say()
NONE = Tally(0, (), 0)
SOME = Tally(12, (Money(340_000, "USD"), Money(5_000, "EUR")), 2)


def a_report(changes: Changes) -> FunnelReport:
    return FunnelReport("Sales", MONDAY, "USD", (), SOME, SOME, NONE, MONDAY - timedelta(days=7), changes)


def test_a_stage_says_how_many_how_much_how_far_and_how_long() -> None:
    row = StageRow(1, "Proposal", StageKind.OPEN, 12, SOME.amounts, 2, 0.615, 40, 9.4)

    assert stage_line(row, SAY) == "*Proposal*: 12 deals, $340K + €5K · 62% move on · usually 9 days"


def test_a_stage_says_nothing_that_is_not_known() -> None:
    assert stage_line(StageRow(1, "Proposal", StageKind.OPEN, 1, (), 1, None, 0, None), SAY) == "*Proposal*: 1 deal"


def test_deals_are_counted_with_what_they_are_worth() -> None:
    assert (counted(SOME, SAY), counted(NONE, SAY)) == ("12 deals, $340K + €5K", "0 deals")


def test_what_has_changed_is_told_and_what_has_not_is_left_out() -> None:
    changed = a_report(Changes(new=SOME, forward=NONE, back=NONE, won=Tally(1, (), 1), lost=NONE, reopened=NONE))
    quiet = a_report(Changes(NONE, NONE, NONE, NONE, NONE, NONE))

    assert changes_line(changed, SAY) == "Last 7 days: 12 new and 1 won"
    assert changes_line(quiet, SAY) == "Last 7 days: nothing has moved"
    assert closed_line(quiet, SAY) == "Last 90 days: 12 deals, $340K + €5K won, 0 deals lost"
    assert funnel_text(quiet, SAY) == "Sales: 12 deals, $340K + €5K open"
