"""Everything that the bot does because of the hour, in two tables: what it says, and what it does quietly."""

from bot.schedules import (
    alerts,
    digests,
    model_alerts,
    nudges,
    pacing,
    renewing,
    rescoring,
    retraining,
    stage_alerts,
    wins,
)
from bot.schedules.chore import Chore
from bot.schedules.occasion import Composer
from models.schedule import ScheduleKind

SCHEDULES: dict[ScheduleKind, Composer] = {
    ScheduleKind.DIGEST: digests.compose,
    ScheduleKind.WIN: wins.compose,
    ScheduleKind.NUDGE: nudges.compose,
    ScheduleKind.ALERT: alerts.compose,
    ScheduleKind.MODEL: model_alerts.compose,
    ScheduleKind.STAGE: stage_alerts.compose,
}
"""What each scheduled post says."""

CHORES: dict[ScheduleKind, Chore] = {
    ScheduleKind.RESCORE: rescoring.rescore,
    ScheduleKind.RETRAIN: retraining.retrain,
    ScheduleKind.PACE: pacing.pace,
    ScheduleKind.RENEW: renewing.renew,
}
"""What is done without a post."""
