"""In the morning managers and admins hear, once, of stages that lose more deals, or are slower, than usual; a picture
shows what the watch has seen of them week by week."""

from dataclasses import replace

from bot.reply import Reply, picture_of
from bot.schedules.occasion import Occasion
from bot.stage_chart import out_of_line_alt_text, out_of_line_picture, out_of_line_title
from bot.views.leaks import stage_alert


def compose(occasion: Occasion) -> Reply | None:
    """Of the stages that are out of line by the end of yesterday, and went so after this person last heard of such;
    which those are follows from the history."""
    found = occasion.stage_news.of(occasion.session, occasion.workspace, at=occasion.now)
    news = [each for each in found if occasion.since is None or each.begun > occasion.since]
    if not news:
        return None
    names = {member.id: member.name for member in occasion.members.all()}
    say = occasion.say
    picture = picture_of(
        draw=lambda: out_of_line_picture(news, say),
        title=out_of_line_title(news, say),
        alt=out_of_line_alt_text(news, say),
        say=say,
        filename="stages.png",
    )
    return replace(stage_alert(news, names, say), picture=picture)
