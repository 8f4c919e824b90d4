"""What people hear without having asked, each as they want it: muted, at their hour, apart or in one message.

Nobody gets more than one such message a day, alerts aside; and with `/funnel notifications one message` none beside it:
the picture of an alert then stands in its thread.
That a post could not be made is an alert to whoever set it up (`bot/schedules/telling.py`): it answers to what they
asked for, and comes once and at once, muted or not, as they would otherwise wait for a digest that never comes.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.reply import Reply
from bot.schedules import alerts, model_alerts, nudges, stage_alerts
from bot.schedules.occasion import Composer, Occasion
from bot.views.together import in_one
from models.workspace import Workspace


def apart(compose: Composer) -> Composer:
    """An alert as a message of its own, for those who have not chosen to hear all in one."""

    def composed(occasion: Occasion) -> Reply | None:
        if _is_left_in_peace(occasion) or (occasion.member is not None and occasion.member.is_bundled):
            return None
        return compose(occasion)

    return composed


def morning(occasion: Occasion) -> Reply | None:
    """The nudge, and for those who have chosen so whatever they would be alerted of, in the same message: first what is
    short and told once only, then what the next message tells if this one does not hold it."""
    if occasion.member is None or _is_left_in_peace(occasion):
        return None
    if not occasion.member.is_bundled:
        return nudges.compose(occasion)
    told = [reply for compose in (model_alerts.compose, stage_alerts.compose) if (reply := compose(occasion))]
    for compose_beside in (alerts.compose, nudges.compose):
        if reply := compose_beside(occasion, beside=[block for each in told for block in each.blocks]):
            told.append(reply)
    return _all_in_one(told, occasion)


def _all_in_one(told: Sequence[Reply], occasion: Occasion) -> Reply | None:
    if not told:
        return None
    notes = [reply.note for reply in told if reply.note]

    def note(session: Session, workspace: Workspace) -> None:
        for each in notes:
            each(session, workspace)

    picture = next((reply.picture for reply in told if reply.picture), None)
    below = replace(picture, is_below=True) if picture else None
    return replace(in_one(told, occasion.say), note=note, picture=below)


def _is_left_in_peace(occasion: Occasion) -> bool:
    """Whether the person has muted the bot, or nobody works today where they are, or where the channel's team is, and
    nobody has asked for it at once."""
    is_muted = occasion.member is not None and occasion.member.is_muted
    return is_muted or not (occasion.is_at_work or occasion.is_asked_for)
