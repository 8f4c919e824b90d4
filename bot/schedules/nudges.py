"""The nudge: on the morning some of their deals have gone quiet, the owner hears which."""

from bot.reply import Reply
from bot.schedules.occasion import Occasion
from bot.views.nudge import MOST, stalled_nudge


def compose(occasion: Occasion) -> Reply | None:
    """The stalled deals of the person; None when there are none."""
    if occasion.member is None:
        return None
    deals = occasion.deals.stalled(occasion.now, owner=occasion.member)
    if not deals:
        return None
    return stalled_nudge(deals, occasion.outlook.estimates(deals[:MOST]), now=occasion.now, say=occasion.say)
