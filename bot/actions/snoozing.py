"""The menu that keeps a quiet deal from being named again for some days, and the form that asks until which."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.origin import Click, Origin, Submission
from bot.faults import SnoozeInThePast
from bot.reply import Reply
from bot.services import Turn
from bot.views.buttons import UNTIL
from bot.views.forms import snooze_form
from models.deal import Deal
from models.reading_dates import read_date


def snooze(click: Click, turn: Turn) -> Reply:
    """The chosen number of days travels behind the deal and its stage, or that a form shall ask for a date."""
    deal = click.origin.deal(turn)
    if click.value == UNTIL:
        return Reply(form=snooze_form(deal, private=click.origin.model_dump_json(), say=turn.say))
    return _snoozed(deal, turn.today + timedelta(days=int(click.value)), click.origin, turn)


def snooze_until(submission: Submission, turn: Turn) -> Reply:
    """Raises DateNotUnderstood, DateOutOfRange, SnoozeInThePast."""
    deal = submission.origin.deal(turn)
    day = read_date(submission.entered("until"), today=turn.today, locale=turn.say.locale)
    if day <= turn.today:
        raise SnoozeInThePast(day)
    return _snoozed(deal, day, submission.origin, turn)


def _snoozed(deal: Deal, until: date, origin: Origin, turn: Turn) -> Reply:
    """Until the day begins where the person is, so that its morning names the deal again."""
    deal.snooze(datetime.combine(until, time(), tzinfo=ZoneInfo(turn.say.time_zone)))
    return origin.settled(deal, turn, turn.say("settled.snoozed", name=deal.name, until=until))
