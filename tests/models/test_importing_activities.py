"""Notes, calls, e-mails and meetings come over once, each to its deal."""

from datetime import UTC, datetime
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
