"""Chance is not taken for skill: rates are drawn to the team's, and differences told only where chance is unlikely."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.timeline import DealHistory
from scoring.people import Compared, differences, shrinkage
from tests.factories import MONDAY, a_pipeline, days
from tests.pasts import a_past, facts_of

PIPELINE = a_pipeline()
STAGES = facts_of(PIPELINE)
NOW: datetime = MONDAY + days(60)

counts = st.lists(st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=8)


@given(counts)
def test_a_rate_lies_between_the_team_s_and_what_was_seen(people: list[tuple[int, int]]) -> None:
    found = shrinkage(people)

    assert (found is None) == (sum(count for _, count in people) == 0)
    for hits, count in people:
        if found and count:
            low, high = sorted((found.team, hits / count))
            assert low - 1e-9 <= found.of(hits, count) <= high + 1e-9


def test_of_few_deals_a_rate_is_drawn_further_than_of_many() -> None:
    found = shrinkage([(30, 100), (60, 100), (45, 100), (2, 2)])

    assert found is not None
    assert found.strength is not None
    assert 0.55 < found.of(60, 100) < 0.6
    assert found.of(2, 2) < 0.6


def test_people_who_differ_no_more_than_chance_have_the_team_s_rate() -> None:
    found = shrinkage([(5, 10), (5, 10), (10, 20)])

    assert found is not None
    assert found.of(5, 10) == 0.5
    assert found.of(0, 0) == 0.5


def past(owner: int, *, moved: int, lost: int) -> list[DealHistory]:
    """Deals that got beyond their first stage, and others that were lost there."""
    on = [a_past(PIPELINE, ("Lead identified", 0), ("First contact", 3), owner_id=owner) for _ in range(moved)]
    return on + [a_past(PIPELINE, ("Lead identified", 0), ("Lost", 3), owner_id=owner) for _ in range(lost)]


def compared(histories: list[DealHistory], *member_ids: int) -> Compared:
    return differences(histories, STAGES, member_ids, at=NOW, zone="UTC")


def test_a_large_difference_is_told_with_what_it_is_from() -> None:
    found = compared([*past(1, moved=5, lost=25), *past(2, moved=50, lost=20)], 1)

    (told,) = found.differences
    assert (told.member_id, told.stage.name, told.moved, told.decided) == (1, "Lead identified", 5, 30)
    assert (told.others_moved, told.others_decided) == (50, 70)
    assert told.rate < told.others_rate


def test_only_the_people_who_are_asked_about_are_told_of() -> None:
    histories = [*past(1, moved=5, lost=25), *past(2, moved=50, lost=20)]

    assert {each.member_id for each in compared(histories, 2).differences} == {2}


def test_few_deals_say_nothing() -> None:
    assert compared([*past(1, moved=0, lost=4), *past(2, moved=50, lost=20)], 1) == Compared((), 0)


def test_many_comparisons_ask_for_more_than_one_does() -> None:
    odd = past(1, moved=8, lost=14)
    others = [deal for owner in range(3, 30) for deal in past(owner, moved=13, lost=8)]

    alone = compared([*odd, *others], 1)
    among_many = compared([*odd, *others], 1, *range(3, 30))

    assert [each.member_id for each in alone.differences] == [1]
    assert among_many.comparisons == 28
    assert among_many.differences == ()


def test_people_who_are_all_alike_are_seldom_told_apart() -> None:
    chance = np.random.default_rng(7)
    told = 0
    for _ in range(40):
        moved = chance.binomial(20, 0.6, size=5)
        histories = [deal for owner, count in enumerate(moved, 1) for deal in past(owner, moved=count, lost=20 - count)]
        told += bool(compared(histories, 1, 2, 3, 4, 5).differences)

    assert told <= 5


@pytest.mark.parametrize("moved", [0, 10])
def test_a_team_that_never_or_always_gets_on_has_nothing_to_tell(moved: int) -> None:
    histories = [*past(1, moved=moved, lost=10 - moved), *past(2, moved=moved, lost=10 - moved)]

    assert compared(histories, 1).differences == ()
