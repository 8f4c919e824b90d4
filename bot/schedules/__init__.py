"""Everything that the bot does because of the hour, in two tables: what it says, and what it does quietly."""

from bot.schedules import alerts, digests, nudges, rescoring
from bot.schedules.occasion import Composer
from bot.schedules.rescoring import Chore
from models.schedule import ScheduleKind

SCHEDULES: dict[ScheduleKind, Composer] = {
    ScheduleKind.DIGEST: digests.compose,
    ScheduleKind.NUDGE: nudges.compose,
    ScheduleKind.ALERT: alerts.compose,
}
"""What each scheduled post says."""

CHORES: dict[ScheduleKind, Chore] = {
    ScheduleKind.RESCORE: rescoring.rescore,
}
"""What is done without a post."""
