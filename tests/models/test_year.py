"""Two weeks of a year that `benchmarks.year` lives through as a whole: those in which most clocks change."""

from contextlib import closing
from datetime import UTC, datetime

from benchmarks.year import ZONES, live
from models.database import Database
from models.migrations import migrate


def test_through_changes_of_clocks_outages_and_crashes_each_post_comes_once(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        migrate(database.engine)
    begin, end = datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 4, 7, tzinfo=UTC)

    lived = live(database_url, range(len(ZONES)), begin=begin, end=end, outages=3)

    assert len(lived.expected) > 500
    assert (lived.missing, lived.extra) == (set(), [])
    assert lived.late
