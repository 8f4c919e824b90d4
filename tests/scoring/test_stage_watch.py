"""A stage is out of line when its own history and chance do not explain what happens in it, and only then."""

from datetime import timedelta

import numpy as np

from benchmarks.alarms import END, STAGES, Shift, a_team_s_past, found
from models.leaks import Abnormal
from scoring.stage_watch import StageWatch


def test_a_stable_funnel_seldom_raises_an_alarm() -> None:
    random, wrong = np.random.default_rng(1), 0
    for _ in range(4):
        watch = StageWatch(a_team_s_past(random, deals_a_week=30, loss=0.2, weeks=90), STAGES, until=END)
        wrong += sum(bool(watch.verdicts(END - timedelta(weeks=week)).abnormal) for week in range(24))

    assert wrong <= 4


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

    seen = [
        {(alarm.stage.id, alarm.kind): since for alarm, since in watch.alarms(END - timedelta(weeks=weeks))}.get(
            (0, Abnormal.ATTRITION)
        )
        for weeks in range(6, -1, -1)
    ]

    assert seen[0] is None
    assert len({since for since in seen if since}) == 1
    assert seen[-1] is not None
