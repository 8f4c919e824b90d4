"""In the morning managers and admins hear, once, of stages that lose more deals, or are slower, than usual."""

from bot.reply import Reply
from bot.schedules.occasion import Occasion
from bot.views.leaks import stage_alert


def compose(occasion: Occasion) -> Reply | None:
    """Of the stages that are out of line by the end of yesterday, and went so after this person last heard of such;
    which those are follows from the history."""
    found = occasion.stage_news.of(occasion.session, occasion.workspace, at=occasion.now)
    news = [each for each in found if occasion.since is None or each.begun > occasion.since]
    if not news:
        return None
    names = {member.id: member.name for member in occasion.members.all()}
    return stage_alert(news, names, occasion.say)
