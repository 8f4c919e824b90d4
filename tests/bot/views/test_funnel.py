"""The funnel in words says what waits, what moves on, and what has changed, and nothing that is not known."""

from dataclasses import replace
from datetime import date, timedelta

from moneyed import Money

from bot.say import Say
from bot.views.changes import changes_told
from bot.views.exchange import basis_note, short_basis
from bot.views.funnel import closed_line, counted, funnel_report, funnel_text, stage_line
from models.changes import Changes
from models.funnel import FunnelReport, StageRow
from models.pipeline import StageKind
from models.pricing import Basis, Unpriced, Worth
from models.tally import Tally
from tests.bot.reading import words_in
from tests.factories import MONDAY

SAY = Say()
NONE = Tally(0, (), 0)
SOME = Tally(12, (Money(340_000, "USD"), Money(5_000, "EUR")), 2)


NOTHING_MOVED = Changes(NONE, NONE, NONE, NONE, NONE, NONE)
UNPRICED = (Unpriced(1, Money(9_000, "JPY")),)
WORTH = Worth(Money(345_500, "USD"), UNPRICED)


def a_report(changes: Changes) -> FunnelReport:
    return FunnelReport(
        "Sales", MONDAY, "USD", (), SOME, SOME, NONE, MONDAY - timedelta(days=7), changes, NOTHING_MOVED
    )


def test_a_stage_says_how_many_how_much_how_far_and_how_long() -> None:
    row = StageRow(1, "Proposal", StageKind.OPEN, 12, SOME.amounts, 2, 0.615, 40, 9.4)

    assert stage_line(row, SAY) == "*Proposal*: 12 deals, $340K + €5K · 62% of 40 move on · usually 9 days"


def test_a_stage_says_nothing_that_is_not_known() -> None:
    assert stage_line(StageRow(1, "Proposal", StageKind.OPEN, 1, (), 1, None, 0, None), SAY) == "*Proposal*: 1 deal"


def test_of_a_stage_that_ends_the_funnel_it_is_said_how_far_back_its_deals_count() -> None:
    row = StageRow(1, "Won", StageKind.WON, 12, (), 2, None, 0, None)

    assert stage_line(row, SAY) == "*Won*: 12 deals · closed in the last 90 days"
    assert stage_line(row, Say("zh-CN")) == "*Won* 12 个商机 · 近 90 天内结束"


def test_deals_are_counted_with_what_they_are_worth() -> None:
    assert (counted(SOME, SAY), counted(NONE, SAY)) == ("12 deals, $340K + €5K", "0 deals")


def test_what_was_converted_is_told_in_the_team_s_currency_with_the_day_of_its_rates() -> None:
    basis = Basis("USD", ("EUR",), date(2026, 2, 27), date(2026, 2, 27), True, UNPRICED)
    some = Tally(12, (Money(340_000, "USD"), Money(5_000, "EUR"), Money(9_000, "JPY")), 2, WORTH)
    report = replace(a_report(NOTHING_MOVED), open=some, basis=basis)

    shown = words_in(funnel_report(report, SAY))

    assert funnel_text(report, SAY).startswith("Sales: 12 deals, $345.5K + ¥9K open · Amounts in EUR")
    assert "Amounts in EUR are counted in USD, at rates of Feb 27, 2026 · those of closed deals at rates of" in shown
    assert "1 deal is unpriced, as there is no rate: ¥9,000." in shown


def test_rates_of_several_days_are_told_from_the_first_to_the_last() -> None:
    basis = Basis("USD", ("EUR", "GBP"), date(2026, 2, 2), date(2026, 2, 27), False, ())

    told = basis_note(basis, SAY)

    assert told == "Amounts in EUR and GBP are counted in USD, at rates of Feb 2, 2026 to Feb 27, 2026"
    assert short_basis(basis, SAY) == "in USD at rates of Feb 2, 2026 to Feb 27, 2026"


def test_where_closed_deals_alone_were_converted_no_day_is_told() -> None:
    basis = Basis("USD", ("EUR",), None, None, True, ())

    assert basis_note(basis, SAY) == "Closed deals in EUR are counted in USD, at rates of the day they were closed"
    assert short_basis(basis, SAY) == ""


def test_what_has_changed_is_told_and_what_has_not_is_left_out() -> None:
    changed = a_report(Changes(new=SOME, forward=NONE, back=NONE, won=Tally(1, (), 1), lost=NONE, reopened=NONE))
    quiet = a_report(NOTHING_MOVED)

    assert changes_told(changed, SAY) == (
        "*Since Feb 23, 9:00\u202fAM:* 12 new ($340K + €5K; 2 without an amount) · 1 won"
    )
    assert changes_told(quiet, SAY) == "Nothing has moved since Feb 23, 9:00\u202fAM."
    assert closed_line(quiet, SAY) == "Last 90 days: 12 deals, $340K + €5K won, 0 deals lost"
    assert funnel_text(quiet, SAY) == "Sales: 12 deals, $340K + €5K open"
