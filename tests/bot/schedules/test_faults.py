"""A few of the runs that `benchmarks.faults` makes by the hundred: processes are killed, Slack breaks down, and every
post appears once all the same."""

from contextlib import closing

from benchmarks.faults import run
from models.database import Database
from models.migrations import migrate

SEEDS = (3, 12)


def test_of_two_processes_that_are_killed_again_and_again_each_post_comes_once(database_url: str) -> None:
    with closing(Database(database_url)) as database:
        migrate(database.engine)

    outcome = run(SEEDS["sqlite" not in database_url], database_url, is_quiet=True)

    assert (outcome.lost, outcome.doubled, outcome.untrue, outcome.commands_twice) == ([], [], [], 0)
    assert outcome.kills
    assert outcome.troubles
