"""An admin hears, once of each model, that what it says no longer comes true."""

from bot.reply import Reply
from bot.schedules.occasion import Occasion
from bot.views.model_alert import model_alert
from models.member import Role
from models.model_version import ModelVersions, Question


def compose(occasion: Occasion) -> Reply | None:
    """Of the serving models that are bad now, if one of them went bad after this person last heard of such."""
    if occasion.member is None or occasion.member.role is not Role.ADMIN:
        return None
    versions = ModelVersions(occasion.session, occasion.workspace)
    champions = (champion for question in Question if (champion := versions.champion(question)))
    bad = [champion for champion in champions if champion.watched and champion.watched.is_bad]
    told_until = occasion.since
    if not any(told_until is None or each.went_bad_at is None or each.went_bad_at > told_until for each in bad):
        return None
    return model_alert(bad, occasion.say)
