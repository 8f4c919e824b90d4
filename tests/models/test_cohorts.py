"""A cohort keeps its deals: what moved in a month does not matter, only who began in it."""

from dataclasses import replace
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from models.cohorts import Cohort, cohorts_of, whole
from models.history import Change
from models.known_deals import Selection, known_before
from models.period import Period, Unit
from models.pipeline import StageKind
from models.timeline import DealHistory, PastMove
from tests.factories import MONDAY, days
from tests.models.test_stage_flow import APRIL, EVERYBODY, MARCH, PERIODS, PIPELINE, STAGES
from tests.pasts import DAYS, a_past, pasts

LATER = MONDAY + days(400)
WON = (StageKind.WON, StageKind.AFTER_SALES)
SPRING = Period(Unit.DAYS, date(2026, 3, 1), date(2026, 4, 30), "UTC")


def cohorts(histories: list[DealHistory], period: Period, *, at: datetime = LATER) -> tuple[Cohort, ...]:
    return cohorts_of(known_before(histories, at, EVERYBODY), STAGES, period)


def plainly_kept(history: DealHistory) -> list[PastMove]:
    kept: list[PastMove] = []
    for move in history.moves:
        if move.change is Change.UNDONE:
            kept.pop()
        else:
            kept.append(move)
    return kept


def test_deals_are_followed_from_the_month_in_which_they_began() -> None:
    histories = [
        a_past(PIPELINE, ("Lead", 0), ("Offer", 40), ("Won", 60), ("Care", 70)),
        a_past(PIPELINE, ("Lead", 0), ("Demo", 40), ("Lost", 50)),
        a_past(PIPELINE, ("Demo", 2)),
        a_past(PIPELINE, ("Lead", 35), ("Lost", 36)),
    ]

    march, april = cohorts(histories, SPRING)

    assert (march.month, april.month) == (date(2026, 3, 1), date(2026, 4, 1))
    assert (march.deals, march.won, march.lost, march.open) == (3, 1, 1, 1)
    assert march.reached == (3, 3, 1, 1, 1)
    assert (april.deals, april.lost, april.reached, april.dropped) == (1, 1, (1, 0, 0, 0, 0), (1, 0, 0, 0, 0))
    assert cohorts(histories, MARCH) == (march,)


def test_open_deals_count_neither_as_moved_on_nor_as_dropped() -> None:
    moved, dropped, waiting = (
        a_past(PIPELINE, ("Lead", 0), ("Demo", 3)),
        a_past(PIPELINE, ("Lead", 0), ("Lost", 3)),
        a_past(PIPELINE, ("Lead", 0)),
    )

    (march,) = cohorts([moved, dropped, waiting], MARCH)

    assert (march.onward[0], march.decided(0)) == (1, 2)
    assert (march.onward[1], march.decided(1)) == (0, 0)


def test_a_win_that_was_reopened_is_none() -> None:
    (march,) = cohorts([a_past(PIPELINE, ("Lead", 0), ("Won", 3), ("Demo", 5), ("Lost", 9))], MARCH)

    assert (march.won, march.lost) == (0, 1)
    assert march.reached == (1, 1, 0, 0, 0)


def test_a_deal_that_was_lost_when_it_was_written_down_reached_nothing() -> None:
    (march,) = cohorts([a_past(PIPELINE, ("Lost", 0))], MARCH)

    assert (march.deals, march.lost, march.reached, march.dropped) == (1, 1, (0,) * 5, (0,) * 5)


def test_a_month_is_one_of_the_workspace_s_zone() -> None:
    at_night = a_past(PIPELINE, ("Lead", 29.6))  # 23:24 UTC on March 31, which is April in Berlin
    year = Period(Unit.YEAR, date(2026, 1, 1), date(2026, 12, 31), "Europe/Berlin")

    assert [each.month for each in cohorts([at_night], year)] == [date(2026, 4, 1)]


@given(pasts(PIPELINE), PERIODS)
def test_each_deal_is_won_lost_or_open_and_reaches_no_stage_before_an_earlier_one(
    histories: list[DealHistory], period: Period
) -> None:
    for cohort in (found := cohorts(histories, period)):
        assert cohort.deals == cohort.won + cohort.lost + cohort.open
        assert list(cohort.reached) == sorted(cohort.reached, reverse=True)
        assert cohort.reached[3] == cohort.won
        assert sum(cohort.dropped) <= cohort.lost
    began = sum(period.has(history.moves[0].at) for history in histories)
    assert whole(found, STAGES).deals == began


@given(pasts(PIPELINE))
def test_cohorts_of_periods_that_follow_each_other_add_up(histories: list[DealHistory]) -> None:
    apart = (*cohorts(histories, MARCH), *cohorts(histories, APRIL))

    assert cohorts(histories, SPRING) == apart


def test_a_cohort_is_selected_by_what_is_known_when_it_is_looked_at() -> None:
    fair = a_past(PIPELINE, ("Lead", 0), source="Fair ")
    known = known_before([fair], LATER, Selection(source="FAIR"))

    assert len(known) == 1
    assert known_before([fair], LATER, Selection(source="web")) == []


@given(pasts(PIPELINE), PERIODS, st.integers(0, DAYS))
def test_a_stage_that_was_put_between_others_counts_the_deals_that_began_since(
    histories: list[DealHistory], period: Period, day: int
) -> None:
    inserted_at = MONDAY + days(day)
    late = [replace(stage, inserted_at=inserted_at if stage.name == "Demo" else None) for stage in STAGES]
    since = [each for each in histories if each.moves[0].at >= inserted_at]

    found = whole(cohorts_of(known_before(histories, LATER, EVERYBODY), late, period), late)
    every, young = (whole(cohorts(those, period), STAGES) for those in (histories, since))

    for figure in ("counted", "reached", "onward", "dropped"):
        expected = [*getattr(every, figure)]
        expected[1] = getattr(young, figure)[1]
        assert list(getattr(found, figure)) == expected
    assert (found.deals, found.won, found.lost, found.open) == (every.deals, every.won, every.lost, every.open)


def test_nobody_is_told_to_have_reached_a_stage_that_came_after_they_had_begun() -> None:
    late = [replace(stage, inserted_at=MONDAY + days(5) if stage.name == "Demo" else None) for stage in STAGES]
    old, young = a_past(PIPELINE, ("Lead", 0), ("Offer", 2)), a_past(PIPELINE, ("Lead", 6))

    before, both, nobody = (
        whole(cohorts_of(known_before(those, LATER, EVERYBODY), late, MARCH), late)
        for those in ([old], [old, young], [])
    )

    assert [each.reach(0) for each in (before, both, nobody)] == [1, 2, 0]
    assert [each.reach(1) for each in (before, both, nobody)] == [None, 0, 0]


@given(pasts(PIPELINE), PERIODS)
def test_figures_equal_those_of_a_naive_count(histories: list[DealHistory], period: Period) -> None:
    """One loop for each figure, over the raw moves."""
    kept = [plainly_kept(history) for history in histories if period.has(history.moves[0].at)]
    kinds = {stage.id: stage.kind for stage in STAGES}
    ends = [kinds[moves[-1].to_stage_id] for moves in kept]
    found = whole(cohorts(histories, period), STAGES)

    assert (found.won, found.lost) == (sum(each in WON for each in ends), ends.count(StageKind.LOST))
    for place, stage in enumerate(STAGES[:-1]):
        on = dropped = reached = 0
        for moves, end in zip(kept, ends, strict=True):
            passed = [kinds[move.to_stage_id] for move in moves]
            places = [each.position for move in moves for each in STAGES if each.id == move.to_stage_id]
            best = max(
                (
                    at
                    for at, kind in zip(places, passed, strict=True)
                    if kind is StageKind.OPEN or (kind in WON and end in WON)
                ),
                default=-1,
            )
            reached += best >= place
            on += best > place
            dropped += best == place and end is StageKind.LOST
        assert found.reached[place] == reached
        assert (found.onward[place], found.decided(place)) == (on, on + dropped), stage.name
