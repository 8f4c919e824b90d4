"""Chance is not taken for skill: rates are drawn to the team's, and differences told only where chance is unlikely."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.history import Change
from models.pipeline import StageKind
from models.timeline import DealHistory
from scoring.funnel_statistics import ratio
from scoring.people import Comparison, differences, shrinkage
from tests.factories import MONDAY, a_pipeline, days
from tests.pasts import a_past, facts_of, pasts

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


@given(counts)
def test_rates_are_drawn_by_what_kleinman_s_moments_say_that_people_differ(people: list[tuple[int, int]]) -> None:
    """By the formula of docs/metrics.md, in fractions."""
    closed = [(Fraction(won), Fraction(count)) for won, count in people if count]
    k, n = len(closed), sum(count for _, count in closed)
    found = shrinkage(people)
    if not n:
        assert found is None
        return
    team = sum(won for won, _ in closed) / n
    room = n - sum(count**2 for _, count in closed) / n - (k - 1)
    spread = sum(count * (won / count - team) ** 2 for won, count in closed)
    alike = (spread / (team * (1 - team)) - (k - 1)) / room if 0 < team < 1 and room > 0 else Fraction(0)
    assert found is not None
    for won, count in closed:
        m = max(1 / alike - 1, Fraction(0)) if alike > 0 else None
        expected = team if m is None else (won + m * team) / (won + (count - won) + m)
        if abs(alike) > 1e-9:
            assert found.of(int(won), int(count)) == pytest.approx(float(expected))


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


def compared(histories: list[DealHistory], *member_ids: int) -> Comparison:
    return differences(histories, STAGES, member_ids, at=NOW, zone="UTC")


def test_a_large_difference_is_told_with_what_it_is_from() -> None:
    found = compared([*past(1, moved=5, lost=25), *past(2, moved=50, lost=20)], 1)

    (told,) = found.differences
    assert (told.member_id, told.stage.name, told.own) == (1, "Lead identified", ratio(5, 30))
    assert told.others == ratio(50, 70)


def test_only_the_people_who_are_asked_about_are_told_of() -> None:
    histories = [*past(1, moved=5, lost=25), *past(2, moved=50, lost=20)]

    assert {each.member_id for each in compared(histories, 2).differences} == {2}


def stays(histories: list[DealHistory], place: int, at: datetime) -> list[tuple[int | None, float, float, bool]]:
    """Of each deal that came to an open stage or beyond: whose it is, how many days ago it came, after how many it was
    decided (or as many, where it is not), and whether it got beyond; by the moves as they were written down."""
    names = {stage.id: stage.name for stage in STAGES}
    order = [stage.name for stage in STAGES if stage.kind is not StageKind.LOST]
    found = []
    for history in histories:
        led: list[tuple[str, datetime]] = []
        for move in history.moves:
            led = led[:-1] if move.change is Change.UNDONE else [*led, (names[move.to_stage_id], move.at)]
        is_won = led[-1][0] in ("Won", "After-sales")
        there = [(order.index(name), then) for name, then in led if name in order]
        there = [each for each in there if is_won or each[0] < order.index("Won")]
        came = [then for reach, then in there if reach >= place]
        beyond = [then for reach, then in there if reach > place]
        if came:
            end = beyond[0] if beyond else led[-1][1] if led[-1][0] == "Lost" else at
            found.append((history.owner_id, (at - came[0]) / days(1), (end - came[0]) / days(1), bool(beyond)))
    return found


def usual_days(some: list[tuple[int | None, float, float, bool]]) -> int | None:
    """By when nine of ten were decided, or three of four, or half, where those who are not are as long there as yet."""
    ended = [until for _, ago, until, moved in some if moved or until < ago]
    lasting = [until for _, ago, until, moved in some if not moved and until == ago]
    for share in (0.9, 0.75, 0.5):
        left = 1.0
        for day in sorted(set(ended)):
            left *= 1 - ended.count(day) / sum(each >= day for each in (*ended, *lasting))
            if left <= 1 - share + 1e-9:
                return ceil(day)
    return None


@given(pasts(PIPELINE))
def test_what_is_told_of_a_person_is_what_a_plain_recount_of_the_moves_finds(some: list[DealHistory]) -> None:
    """Each past many times over, so that what differs is beyond chance."""
    histories, late = some * 12, MONDAY + days(340)
    pairs = {}
    for place, stage in enumerate(each for each in STAGES if each.is_open):
        every = stays(histories, place, late)
        within = usual_days(every)
        ripe = [each for each in every if within is not None and each[1] >= within]
        for member_id in (1, 2):
            own, others = ([each for each in ripe if (each[0] == member_id) is mine] for mine in (True, False))
            moved = [sum(each[3] and each[2] <= (within or 0) for each in part) for part in (own, others)]
            pairs[member_id, stage.name] = (moved[0], len(own), moved[1], len(others))

    found = differences(histories, STAGES, (1, 2), at=late, zone="UTC")

    assert found.comparisons == sum(min(pair[1], pair[3]) >= 5 for pair in pairs.values())
    for told in found.differences:
        figures = (told.own.hits, told.own.count, told.others.hits, told.others.count)
        assert figures == pairs[told.member_id, told.stage.name]


def test_who_has_younger_deals_is_not_told_to_do_better() -> None:
    """Half of everybody's deals get on after three days, the other half are lost after thirty."""

    def sold(owner: int, day: float) -> list[DealHistory]:
        on = a_past(PIPELINE, ("Lead identified", day), ("First contact", day + 3), owner_id=owner)
        lost = [("Lost", day + 30)] if day + 30 < 80 else []
        return [on, a_past(PIPELINE, ("Lead identified", day), *lost, owner_id=owner)]

    histories = [deal for _ in range(12) for deal in (*sold(1, 0), *sold(2, 65))]

    found = differences(histories, STAGES, (1, 2), at=MONDAY + days(80), zone="UTC")

    assert found.differences == ()


def test_who_has_younger_deals_is_not_told_to_do_worse() -> None:
    """Nearly all deals get on after ten days, which those of one person that came the day before have not had yet."""

    def sold(owner: int) -> list[DealHistory]:
        on = [a_past(PIPELINE, ("Lead identified", 0), ("First contact", 10), owner_id=owner) for _ in range(19)]
        return [*on, a_past(PIPELINE, ("Lead identified", 0), ("Lost", 10), owner_id=owner)]

    young = [a_past(PIPELINE, ("Lead identified", 59), owner_id=2) for _ in range(60)]

    assert compared([*sold(1), *sold(2), *young], 1, 2).differences == ()


def test_deals_that_began_before_a_stage_was_put_in_did_not_get_beyond_it() -> None:
    """One person's deals passed where it was not yet; of those that came to it since, everybody's fare alike."""
    stages = [
        replace(each, inserted_at=MONDAY + days(20)) if each.name == "Qualified" else each
        for each in facts_of(PIPELINE)
    ]

    def since(owner: int) -> list[DealHistory]:
        on = [a_past(PIPELINE, ("Qualified", 21), ("Proposal", 25), owner_id=owner) for _ in range(10)]
        return on + [a_past(PIPELINE, ("Qualified", 21), ("Lost", 25), owner_id=owner) for _ in range(10)]

    before = [a_past(PIPELINE, ("First contact", 0), ("Proposal", 5), owner_id=1) for _ in range(60)]

    found = differences([*since(1), *since(2), *before], stages, (1, 2), at=NOW, zone="UTC")

    assert [each for each in found.differences if each.stage.name == "Qualified"] == []


def test_what_took_longer_than_most_take_counts_as_it_stood_then() -> None:
    late = [a_past(PIPELINE, ("Lead identified", 0), ("First contact", 60), owner_id=1) for _ in range(5)]
    histories = [*past(1, moved=5, lost=25), *late, *past(2, moved=150, lost=20)]

    (told,) = differences(histories, STAGES, (1,), at=MONDAY + days(80), zone="UTC").differences

    assert (told.within, told.own, told.others) == (3, ratio(5, 35), ratio(150, 170))


def test_few_deals_say_nothing() -> None:
    assert compared([*past(1, moved=0, lost=4), *past(2, moved=50, lost=20)], 1) == Comparison((), 0)


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
