"""`/funnel nudges` tells whether nudges help: of the deals nudged, how many moved within a week."""

from datetime import timedelta

from bot.period_words import period_wanted
from bot.reply import Reply
from bot.services import Turn
from bot.views.nudges import Help, nudges_view
from models.nudge import Nudges
from models.period import Period, Unit, as_far_as
from scoring.funnel_statistics import difference, ratio

EXAMPLE = "/funnel nudges last quarter"
_USUAL = timedelta(days=89)


def run(words: str, turn: Turn) -> Reply:
    """Without a time it is of the last 90 days. Raises PeriodNotUnderstood."""
    if words:
        period = period_wanted(words, turn, usual=Unit.QUARTER, example=EXAMPLE)
    else:
        last = Period(Unit.DAYS, turn.today - _USUAL, turn.today, turn.workspace.time_zone)
        period = as_far_as(last, turn.now)
    tried = Nudges(turn.session, turn.workspace).tried(period, at=turn.now)
    nudged, held_back = (ratio(arm.moved, arm.count) for arm in (tried.nudged, tried.held_back))
    found = Help(
        period,
        nudged,
        held_back,
        gap=difference(nudged, held_back) if nudged and held_back else None,
        waiting=tried.waiting,
        holdback=turn.workspace.nudge_holdback,
    )
    return Reply(turn.say("nudges.title"), nudges_view(found, turn.say))
