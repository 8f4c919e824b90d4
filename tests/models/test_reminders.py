"""What an owner is reminded of, and in which order."""

from models.history import Via
from models.pipeline import StageKind, StagePlan
from models.playbook import PlannedTask
from models.reminders import Reminder, reminders
from tests.factories import MONDAY, a_deal, a_member, a_pipeline, days

TODAY = MONDAY.date()


def test_a_deal_is_named_once_with_all_that_is_the_matter() -> None:
    deal = a_deal(at=MONDAY - days(60), owner=a_member(), close_date=TODAY - days(1))
    step = deal.plan("Call", due=TODAY - days(1), by=None, at=MONDAY - days(40))

    found = reminders([deal, deal], today=TODAY, at=MONDAY)

    assert found == [Reminder(deal, (step,), should_have_closed=True, is_stalled=True)]


def test_what_is_ahead_or_snoozed_or_lost_is_left_in_peace() -> None:
    ahead = a_deal(close_date=TODAY)
    ahead.plan("Call", due=TODAY + days(1), by=None, at=MONDAY)
    snoozed = a_deal(at=MONDAY - days(60))
    snoozed.snooze(MONDAY + days(1))
    lost = a_deal(at=MONDAY - days(60))
    lost.plan("Call", due=TODAY, by=None, at=MONDAY)
    lost.lose("price", by=None, at=MONDAY, via=Via.BUTTON)

    assert reminders([ahead, snoozed, lost], today=TODAY, at=MONDAY) == []


def test_what_falls_due_of_a_snoozed_deal_is_told_on_the_first_working_morning_alone() -> None:
    deals = [a_deal(name, at=MONDAY - days(60), owner=a_member()) for name in ("Due before", "Due on Saturday")]
    for deal, due in zip(deals, (0, 5), strict=True):
        deal.plan("Call", due=TODAY + days(due), by=None, at=MONDAY)
        deal.close_date = TODAY
        deal.snooze(MONDAY + days(9))

    told = {
        day: [each.deal.name for each in reminders(deals, today=TODAY + days(day), at=MONDAY + days(day))]
        for day in (1, 2, 3, 4, 7, 8, 9)
    }

    assert told == {1: [], 2: [], 3: [], 4: [], 7: ["Due on Saturday"], 8: [], 9: ["Due before", "Due on Saturday"]}
    (on_monday,) = reminders(deals, today=TODAY + days(7), at=MONDAY + days(7))
    assert (on_monday.should_have_closed, on_monday.is_stalled) == (False, False)


def test_what_is_due_stands_first_then_slipped_dates_then_what_is_quiet_longest() -> None:
    quiet, quieter = a_deal("Quiet", at=MONDAY - days(50)), a_deal("Quieter", at=MONDAY - days(60))
    slipped = a_deal("Slipped", close_date=TODAY - days(1))
    due = a_deal("Due")
    due.plan("Call", due=TODAY, by=None, at=MONDAY)
    overdue = a_deal("Overdue")
    overdue.plan("Call", due=TODAY - days(3), by=None, at=MONDAY)

    found = reminders([quiet, due, slipped, quieter, overdue], today=TODAY, at=MONDAY)

    assert [each.deal.name for each in found] == ["Overdue", "Due", "Slipped", "Quieter", "Quiet"]


def test_a_customer_is_only_named_for_what_is_to_be_done() -> None:
    won = a_deal(close_date=TODAY - days(1), at=MONDAY - days(90))
    won.win(by=None, at=MONDAY - days(60), via=Via.BUTTON)

    assert reminders([won], today=TODAY, at=MONDAY) == []
    step = won.plan("Ask how it goes", due=TODAY, by=None, at=MONDAY)

    assert reminders([won], today=TODAY, at=MONDAY) == [Reminder(won, (step,))]


def test_what_a_stage_asked_for_that_the_deal_has_left_is_not_brought_up_again() -> None:
    pipeline = a_pipeline(
        StagePlan("Lead", tasks=(PlannedTask("Call", 1),)),
        StagePlan("Offer", tasks=(PlannedTask("Send", 1),)),
        StagePlan("Won", StageKind.WON),
        StagePlan("Lost", StageKind.LOST),
    )
    deal = a_deal(stage="Lead", pipeline=pipeline, at=MONDAY - days(3))
    deal.advance(by=None, at=MONDAY - days(2), via=Via.COMMAND)

    (found,) = reminders([deal], today=TODAY, at=MONDAY)

    assert [task.text for task in found.due] == ["Send"]
    assert [task.text for task in deal.left_behind] == ["Call"]
