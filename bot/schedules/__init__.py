"""Everything that the bot does because of the hour, in two tables: what it says, and what it does quietly."""

from bot.schedules import (
    alerts,
    digests,
    model_alerts,
    pacing,
    renewing,
    rescoring,
    retraining,
    stage_alerts,
    unasked,
    wins,
)
from bot.schedules.chore import Chore
from bot.schedules.occasion import Composer
from models.schedule import ScheduleKind

SCHEDULES: dict[ScheduleKind, Composer] = {
    ScheduleKind.DIGEST: digests.compose,
    ScheduleKind.WIN: wins.compose,
    ScheduleKind.NUDGE: unasked.morning,
    ScheduleKind.ALERT: unasked.apart(alerts.compose),
    ScheduleKind.MODEL: unasked.apart(model_alerts.compose),
    ScheduleKind.STAGE: unasked.apart(stage_alerts.compose),
}
"""What each scheduled post says."""

CHORES: dict[ScheduleKind, Chore] = {
    ScheduleKind.RESCORE: rescoring.rescore,
    ScheduleKind.RETRAIN: retraining.retrain,
    ScheduleKind.PACE: pacing.pace,
    ScheduleKind.RENEW: renewing.renew,
}
"""What is done without a post."""
