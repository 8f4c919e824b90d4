"""Reads which time a command is about, where nothing else may stand in its words."""

from zoneinfo import ZoneInfo

from bot.faults import SettingNotUnderstood
from bot.services import Turn
from models.period import Period, Unit, as_far_as, whole_unit
from models.reading_periods import find_period


def period_wanted(words: str, turn: Turn, *, usual: Unit, example: str) -> Period:
    """Without words the running one of the usual unit. Raises PeriodNotUnderstood and SettingNotUnderstood."""
    zone = turn.workspace.time_zone
    if not words.strip():
        return as_far_as(whole_unit(usual, turn.now.astimezone(ZoneInfo(zone)).date(), zone), turn.now)
    found = find_period(words, now=turn.now, zone=zone, locale=turn.say.locale)
    if found is None or found[1].strip(" ,，"):
        raise SettingNotUnderstood(words, example)
    return found[0]
