"""A stage is out of line when its own history and chance do not explain what happens in it, and only then."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from math import comb

import numpy as np
import pytest

from benchmarks.alarms import END, LOST, STAGES, WON, Shift, a_team_s_past, found
from models.history import Change
from models.known_deals import KnownDeal
from models.leaks import Abnormal, Verdict
from models.timeline import DealHistory, PastMove
from scoring.stage_watch import LOOKED_BACK, StageWatch
from tests.scoring.plain_watch import attrition, is_told_of, slowdown, stays_in, wandering, ways_of


def test_a_stable_funnel_seldom_raises_an_alarm() -> None:
    random, wrong = np.random.default_rng(1), 0
    for _ in range(4):
        watch = StageWatch(a_team_s_past(random, deals_a_week=30, loss=0.2, weeks=90), STAGES, until=END)
        wrong += sum(bool(watch.verdicts(END - timedelta(weeks=week)).abnormal) for week in range(24))

    assert wrong <= 4


def test_what_is_seen_and_usual_of_attrition_is_what_a_plain_recount_of_the_moves_finds() -> None:
    past = a_team_s_past(np.random.default_rng(5), deals_a_week=20, loss=0.25, weeks=78)
    recent, before = END - timedelta(days=21), END - timedelta(days=21 + 365)

    verdicts = StageWatch(past, STAGES, until=END).verdicts(END).verdicts

    told = [each for each in verdicts if each.kind is Abnormal.ATTRITION]
    assert [each.stage.id for each in told] == [stage.id for stage in STAGES if stage.is_open]
    for each in told:
        ways = [
            (move.at, move.change is Change.LOST)
            for deal in past
            for origin, move in pairwise(deal.moves)
            if origin.to_stage_id == each.stage.id and move.change in (Change.LOST, Change.FORWARD, Change.WON)
        ]
        lately = [is_lost for at, is_lost in ways if recent <= at < END]
        usually = [is_lost for at, is_lost in ways if before <= at < recent]
        assert (each.seen, each.among) == (sum(lately), len(lately))
        assert each.usual == pytest.approx(sum(usually) / len(usually))


@pytest.mark.parametrize(
    ("seed", "deals", "losses", "stays", "swing"),
    [
        (1, 150, 0.25, 1.0, 0.1),
        (2, 700, 0.8, 1.0, 0.1),
        (3, 700, 0.8, 1.0, 0.0),
        (4, 700, 0.25, 4.0, 0.1),
        (5, 700, 0.7, 8.0, 0.1),
        (6, 700, 0.25, 8.0, 0.0),
    ],
)
def test_chances_are_those_of_a_plain_recount_of_the_moves(
    seed: int, deals: int, losses: float, stays: float, swing: float
) -> None:
    past = wandering(
        np.random.default_rng(seed), END, stages=WON, lost=LOST, deals=deals, losses=losses, stays=stays, swing=swing
    )
    of_stages = {stage.id: stays_in(stage.id, past, END) for stage in STAGES if stage.is_open}
    old = [stage_id for stage_id, its_stays in of_stages.items() if is_told_of(its_stays)]
    assert ways_of(past) == {Change.FORWARD, Change.WON, Change.BACK, Change.LOST, Change.REOPENED}

    watched = StageWatch(past, STAGES, until=END).verdicts(END)

    attritions, slowdowns = 0.025 / 7 / len(old), 0.002 / 7 / len(old)
    plain = [
        chance
        for stage_id in old
        for chance in (attrition(of_stages[stage_id], attritions), slowdown(of_stages[stage_id], slowdowns))
    ]
    assert [each.stage.id for each in watched.verdicts[::2]] == old
    assert {each.id for each in watched.too_young} == of_stages.keys() - set(old)
    assert [each.chance for each in watched.verdicts] == pytest.approx(plain, rel=1e-6)
    for each, chance in zip(watched.verdicts, plain, strict=True):
        assert each.is_abnormal == (chance < (attritions if each.kind is Abnormal.ATTRITION else slowdowns))


def test_what_rests_for_long_changes_no_verdict() -> None:
    past = a_team_s_past(np.random.default_rng(4), deals_a_week=10, loss=0.2, weeks=190, shift=Shift(28, stays=3))
    lately = [deal for deal in past if deal.moves[-1].at >= END - LOOKED_BACK or deal.stage_id < WON]
    whole, short = (StageWatch(deals, STAGES, until=END).verdicts(END) for deals in (past, lately))

    assert len(lately) < len(past)
    assert whole == short
    assert whole.abnormal


def test_a_stage_that_always_swings_has_to_swing_more() -> None:
    def watched(usual: Sequence[float]) -> Verdict:
        """A hundred deals leave in each three weeks; so many of them are lost, at last 35."""
        shares = [0.35, *[*usual] * 12]
        deals = [
            _left_after_two_days(21 * number + day / 5, is_lost=day < 100 * share)
            for number, share in enumerate(shares)
            for day in range(100)
        ]
        return next(
            each
            for each in StageWatch(deals, STAGES, until=END).verdicts(END).verdicts
            if (each.stage.id, each.kind) == (0, Abnormal.ATTRITION)
        )

    steady, swinging = watched([0.2, 0.2]), watched([0.1, 0.3])

    assert steady.usual == pytest.approx(swinging.usual, abs=0.01)
    assert steady.is_abnormal
    assert not swinging.is_abnormal


def test_the_chance_of_so_many_losses_is_that_of_drawing_them_with_half_of_just_so_many() -> None:
    deals = [
        _left_after_two_days(21 * number + day / 5, is_lost=day < share)
        for number, share in enumerate([25, *[20] * 10])
        for day in range(100)
    ]

    verdict = StageWatch(deals, STAGES, until=END).verdicts(END).verdicts[0]

    ways = [comb(225, lost) * comb(875, 100 - lost) for lost in range(25, 101)]
    assert (verdict.kind, verdict.seen, verdict.among) == (Abnormal.ATTRITION, 25, 100)
    assert verdict.chance == pytest.approx((sum(ways) - ways[0] / 2) / comb(1100, 100))


@pytest.mark.parametrize(("stages", "is_abnormal"), [(1, True), (3, False)])
def test_a_stage_is_held_to_the_more_the_more_of_them_are_watched(stages: int, is_abnormal: bool) -> None:
    """What comes of chance in 0.2 % of looks is no news where three stages are looked at."""
    deals = [
        _left_after_two_days(21 * number + day / 5, is_lost=day < (share if stage == 0 else 20), stage=stage)
        for stage in range(stages)
        for number, share in enumerate([33, *[20] * 10])
        for day in range(100)
    ]

    verdict = StageWatch(deals, STAGES, until=END).verdicts(END).verdicts[0]

    assert verdict.chance == pytest.approx(0.00195, abs=0.0001)
    assert verdict.is_abnormal == is_abnormal


@pytest.mark.parametrize("kind", Abnormal)
def test_the_weeks_of_a_stage_are_what_the_watch_said_and_their_limit_is_where_it_begins_to_speak(
    kind: Abnormal,
) -> None:
    shift = Shift(30, losses=3) if kind is Abnormal.ATTRITION else Shift(30, stays=3)
    watch = StageWatch(
        a_team_s_past(np.random.default_rng(6), deals_a_week=20, loss=0.2, weeks=90, shift=shift), STAGES, until=END
    )
    (alarm,) = (each for each in watch.alarms(END) if (each.verdict.stage.id, each.verdict.kind) == (0, kind))

    weeks = watch.weeks(alarm, END, zone="UTC")

    ends = [END - timedelta(weeks=number) for number in range(26, -1, -1)]
    assert [week.last_day for week in weeks] == [(end - timedelta(hours=1)).date() for end in ends]
    said = [
        next(each for each in watch.verdicts(end).verdicts if (each.stage.id, each.kind) == (0, kind)) for end in ends
    ]
    assert [week.verdict for week in weeks] == said
    assert weeks[-1].verdict == alarm.verdict
    beyond = [
        week.limit is not None
        and (week.verdict.seen >= week.limit if kind is Abnormal.ATTRITION else week.verdict.seen <= week.limit)
        for week in weeks
    ]
    assert beyond == [week.verdict.is_abnormal for week in weeks]
    assert {True, False} == set(beyond)


def test_weeks_in_which_a_stage_was_too_young_have_no_limit_and_those_without_deals_are_left_out() -> None:
    busy = [number for number in range(16) if number not in (6, 7, 8)]
    deals = [
        _left_after_two_days(7 * number + day / 5, is_lost=number < 3 or day < 5)
        for number in busy
        for day in range(30)
    ]
    watch = StageWatch(deals, STAGES[:1], until=END)
    (alarm,) = (each for each in watch.alarms(END) if each.verdict.kind is Abnormal.ATTRITION)

    weeks = watch.weeks(alarm, END, zone="UTC")

    ages = [(END.date() - week.last_day).days // 7 for week in weeks]
    assert ages == [*range(15, 6, -1), *range(5, -1, -1)]
    assert [age for age, week in zip(ages, weeks, strict=True) if week.is_told] == [5, 4, 3, 2, 1, 0]
    assert [week.limit is not None for week in weeks] == [week.is_told for week in weeks]
    assert not any(week.verdict.is_abnormal for week in weeks if not week.is_told)


def test_the_limit_is_the_fewest_losses_that_chance_does_not_explain() -> None:
    deals = [
        _left_after_two_days(21 * number + day / 5, is_lost=day < (50 if number == 0 else 20))
        for number in range(11)
        for day in range(100)
    ]
    watch = StageWatch(deals, STAGES[:1], until=END)

    *_, week = watch.weeks(watch.alarms(END)[0], END, zone="UTC")

    def chance(lost: int) -> float:
        ways = [comb(200 + lost, many) * comb(900 - lost, 100 - many) for many in range(lost, 101)]
        return (sum(ways) - ways[0] / 2) / comb(1100, 100)

    fewest = next(lost for lost in range(20, 100) if chance(lost) < 0.025 / 7)
    assert (week.limit, week.verdict.seen) == (fewest, 50)


def _left_after_two_days(days_ago: float, *, is_lost: bool, stage: int = 0) -> KnownDeal:
    left = END - timedelta(days=days_ago + 0.1)
    change, to = (Change.LOST, LOST) if is_lost else (Change.WON, WON)
    moves = (
        PastMove(left - timedelta(days=2), Change.CREATED, None, stage, None),
        PastMove(left, change, stage, to, None, "price" if is_lost else ""),
    )
    return KnownDeal(DealHistory(1, 1, moves[0].at, None, "", "", None, "USD", None, {}, moves), moves)


def test_a_doubled_loss_rate_is_found_within_three_weeks() -> None:
    random = np.random.default_rng(2)

    weeks = [found(random, Shift(21, losses=2), Abnormal.ATTRITION, deals_a_week=30, loss=0.3) for _ in range(3)]

    assert None not in weeks


def test_a_slowdown_is_found_and_is_no_attrition() -> None:
    past = a_team_s_past(np.random.default_rng(3), deals_a_week=30, loss=0.2, weeks=78, shift=Shift(28, stays=3))

    abnormal = StageWatch(past, STAGES, until=END).verdicts(END).abnormal

    assert [(each.kind, each.stage.id) for each in abnormal] == [(Abnormal.SLOWDOWN, 0)]


def test_an_alarm_is_one_alarm_until_the_stage_is_back_to_normal() -> None:
    past = a_team_s_past(np.random.default_rng(4), deals_a_week=30, loss=0.3, weeks=90, shift=Shift(42, losses=2))
    watch = StageWatch(past, STAGES, until=END)

    days = [alarms.get((0, Abnormal.ATTRITION)) for alarms in watch.course(END - timedelta(days=42), END)]

    assert days[0] is None
    assert len({alarm.begun for alarm in filter(None, days)}) == 1
    assert days[-1] is not None


@pytest.mark.parametrize(("lost", "chance", "is_over"), [(26, 0.17, False), (25, 0.23, True)])
def test_a_stage_is_back_to_normal_once_so_much_comes_of_chance_one_time_in_five(
    lost: int, chance: float, is_over: bool
) -> None:
    """Twenty of a hundred are usual, fifty were lost three weeks ago."""
    deals = [
        _left_after_two_days(21 * number + day / 5, is_lost=day < share)
        for number, share in enumerate([lost, 50, *[20] * 15])
        for day in range(100)
    ]
    watch = StageWatch(deals, STAGES, until=END)

    first, *_, last = watch.course(END - timedelta(days=21), END)

    assert (0, Abnormal.ATTRITION) in first
    (now,) = (each for each in watch.verdicts(END).verdicts if each.stage.id == 0 and each.kind is Abnormal.ATTRITION)
    assert now.chance == pytest.approx(chance, abs=0.01)
    assert ((0, Abnormal.ATTRITION) not in last) == is_over
