"""The database and the calendar tell the same day, in every zone, also where the clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from models.activity import Activity, ActivityKind
from models.database import Database
from models.local_days import date_told, local_day
from models.workspace import day_in
from tests.factories import a_team

SINCE = datetime(2026, 1, 10, 7, 7, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=340)


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "Asia/Beirut", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago"]
)
def test_the_database_tells_the_day_that_the_calendar_shows(database: Database, zone: str) -> None:
    hours = [SINCE + timedelta(hours=n, seconds=n % 3_600 + 0.5) for n in range(0, 340 * 24, 7)]
    clocks = ZoneInfo(zone)
    midnights = [
        SINCE.astimezone(clocks).replace(hour=0, minute=0, second=0) + timedelta(days=n) for n in range(1, 340)
    ]
    days = [each.astimezone(UTC) for each in midnights]
    before = [
        SINCE - timedelta(days=400),
        days[0] - timedelta(days=300, milliseconds=2),
        SINCE - timedelta(seconds=0.5),
    ]
    moments = {*hours, *days, *(each - timedelta(milliseconds=2) for each in days), *before}
    with database.begin() as session:
        team = a_team(session)
        team.session.flush()
        logged = {"workspace_id": team.workspace.id, "deal_id": team.adds().id, "kind": ActivityKind.NOTE, "text": ""}
        session.execute(insert(Activity), [{**logged, "at": at} for at in moments])
        told = session.execute(select(Activity.at, local_day(Activity.at, SINCE, UNTIL, clocks)))

        assert {at: date_told(day, clocks) for at, day in told} == {at: day_in(zone, at) for at in moments}
