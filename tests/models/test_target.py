"""A target holds from a day on, and the periods before keep the one that they had."""

from datetime import date
from decimal import Decimal

import pytest

from models.database import Database
from models.errors import TargetNotFound, TargetOutOfRange
from models.money import MAX_AMOUNT
from models.period import Unit, whole_unit
from models.target import Aim, Measure, Scope, Targets, latest_on
from tests.factories import MONDAY, Team, a_team

WINS = Aim(Measure.WON, Unit.MONTH)


def sets(team: Team, goal: int, since: date) -> None:
    Targets(team.session, team.workspace).set(WINS, Decimal(goal), currency="", since=since, by=team.ann, at=MONDAY)


def goals(team: Team, *days: date) -> list[Decimal | None]:
    targets = Targets(team.session, team.workspace)
    found = [latest_on(whole_unit(Unit.MONTH, day, "UTC").last, targets.by_aim()[WINS]) for day in days]
    return [each.goal if each else None for each in found]


def test_a_new_target_leaves_earlier_periods_the_old_one(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        sets(team, 5, date(2026, 1, 1))
        sets(team, 8, date(2026, 3, 1))

        assert goals(team, date(2025, 12, 9), date(2026, 2, 9), date(2026, 3, 9)) == [None, 5, 8]


def test_of_two_targets_the_one_that_begins_later_holds_though_it_was_set_first(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        sets(team, int(MAX_AMOUNT), date(2026, 3, 1))
        sets(team, 5, date(2026, 1, 1))

        assert goals(team, date(2026, 2, 9), date(2026, 3, 9)) == [5, MAX_AMOUNT]


def test_targets_are_shown_everybody_s_first_then_by_what_they_count_and_how_often(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        targets = Targets(session, team.workspace)
        aims = [
            Aim(Measure.AMOUNT, Unit.WEEK),
            Aim(Measure.AMOUNT, Unit.MONTH),
            Aim(Measure.CALL, Unit.DAYS),
            Aim(Measure.AMOUNT, Unit.DAYS, Scope.TEAM, team.bob.id),
            Aim(Measure.AMOUNT, Unit.DAYS, Scope.REP, team.ann.id),
        ]
        for aim in reversed(aims):
            targets.set(aim, Decimal(1), currency="USD", since=date(2026, 1, 1), by=team.ann, at=MONDAY)

        assert [each.aim for each in targets.on(date(2026, 3, 9))] == aims


def test_of_two_targets_from_one_day_on_the_one_set_last_holds(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        sets(team, 5, date(2026, 1, 1))
        sets(team, 6, date(2026, 1, 1))

        assert goals(team, date(2026, 1, 9)) == [6]


def test_a_target_that_is_removed_stays_in_the_past(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        targets = Targets(session, team.workspace)
        sets(team, 5, date(2026, 1, 1))
        targets.remove(WINS, since=date(2026, 3, 1), by=team.ann, at=MONDAY)

        assert goals(team, date(2026, 2, 9), date(2026, 3, 9)) == [5, None]
        assert targets.on(date(2026, 3, 9)) == []
        with pytest.raises(TargetNotFound):
            targets.remove(WINS, since=date(2026, 3, 1), by=team.ann, at=MONDAY)


@pytest.mark.parametrize("goal", ["0", "-1", "NaN", "1e12"])
def test_a_goal_is_a_number_above_nothing(database: Database, goal: str) -> None:
    with database.begin() as session:
        team = a_team(session)

        with pytest.raises(TargetOutOfRange):
            Targets(session, team.workspace).set(
                WINS, Decimal(goal), currency="", since=MONDAY.date(), by=team.ann, at=MONDAY
            )
