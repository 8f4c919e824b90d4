"""Notes, calls, e-mails and meetings come over once, each to its deal."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.activity import ActivityKind
from models.database import Database
from tests.models.imports import Office, faults

ACTIVITIES = """\
deal,kind,time,by whom,text
Acme,Call,2026-01-02 10:00,Ann,"Spoke to ""the"" buyer, twice"
Acme,e-mail,2026-01-01 10:00,Ann,-- sent 🚀
Acme,e-mail,2026-01-01 10:00,Ann,-- sent 🚀
Beta,会议,2026-01-03 10:00,李雷,
"""


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    office = Office(database, tmp_path)
    office.deals("id,name\n1,Acme\n2,Beta\n")
    return office


def test_activities_come_over_in_the_order_of_time(office: Office) -> None:
    report = office.activities(ACTIVITIES)

    acme = office.deal("Acme")
    assert (report.added, report.members_made) == (4, 2)
    assert [(each.kind, each.text) for each in acme.activities] == [
        (ActivityKind.EMAIL, "-- sent 🚀"),
        (ActivityKind.EMAIL, "-- sent 🚀"),
        (ActivityKind.CALL, 'Spoke to "the" buyer, twice'),
    ]
    assert acme.last_activity_at == datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert [each.by.name for each in office.deal("Beta").activities if each.by] == ["李雷"]


def test_the_same_activities_twice_are_there_once(office: Office) -> None:
    office.activities(ACTIVITIES)

    a_third = "Acme,e-mail,2026-01-01 10:00,Ann,-- sent 🚀\n"
    again = office.activities(ACTIVITIES + "Beta,note,2026-01-01,,older\n" + a_third)

    assert (again.added, again.unchanged) == (2, 4)
    assert office.deal("Beta").last_activity_at == datetime(2026, 1, 3, 10, tzinfo=UTC)


def test_activities_of_unknown_deals_or_kinds_are_refused(office: Office) -> None:
    report = office.activities(
        f"deal,kind,time,text\nNobody,call,2026-01-01,\nAcme,dance,2026-01-01,\nAcme,note,2026-01-01,{'x' * 3_001}\n"
    )

    assert faults(report) == [
        (2, "error.deal_of_row_not_found"),
        (3, "error.activity_kind_unknown"),
        (4, "error.text_too_long"),
    ]


def test_what_customers_answered_and_tasks_come_over_with_their_stage(office: Office) -> None:
    rows = (
        "deal,kind,at,text,score,stage,due,done at\n"
        "Acme,satisfaction,2026-01-05,Quick,9,,,\n"
        "Acme,task,2026-01-05,Send an offer,,proposal,2026-01-09,\n"
        "Acme,task,2026-01-06,Call back,,,,2026-01-07\n"
    )

    first, again = office.activities(rows), office.activities(rows)

    assert (first.added, again.added, again.unchanged) == (3, 0, 3)
    offer, call = sorted(office.deal("Acme").tasks, key=lambda task: task.set_at)
    assert (offer.text, offer.due, offer.is_open, offer.is_next_step) == (
        "Send an offer",
        date(2026, 1, 9),
        True,
        False,
    )
    assert (call.is_next_step, call.is_open) == (True, False)


def test_an_open_task_needs_its_stage_and_an_answer_a_score(office: Office) -> None:
    report = office.activities(
        "deal,kind,at,text,score,stage\n"
        "Acme,task,2026-01-05,Send an offer,,\n"
        "Acme,task,2026-01-05,Send an offer,,nowhere\n"
        "Acme,task,2026-01-05,,,proposal\n"
        "Acme,satisfaction,2026-01-05,Fine,11,\n"
    )

    assert faults(report) == [
        (2, "error.stage_not_found"),
        (3, "error.stage_not_found"),
        (4, "error.text_missing"),
        (5, "error.score_out_of_range"),
    ]
