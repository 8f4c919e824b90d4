"""`/funnel show` tells how the funnel stands, in words and as a picture."""

from datetime import timedelta

from bot.charts import funnel_alt_text, funnel_picture
from bot.reply import Picture, Place, Reply
from bot.services import Turn
from bot.views.funnel import funnel_report, funnel_text

LATELY = timedelta(days=7)


def run(words: str, turn: Turn) -> Reply:
    """Of the default pipeline or the one that is named. In the channel, as Slack shares pictures with all or nobody."""
    pipeline = turn.pipelines.named(words) if words else turn.pipeline
    report = turn.funnel.report(pipeline, at=turn.now, since=turn.now - LATELY)
    say = turn.say
    picture = Picture(
        draw=lambda: funnel_picture(report, say),
        title=say.plain("funnel.title", pipeline=report.pipeline),
        alt=funnel_alt_text(report, say),
        sorry=say("funnel.picture_not_shared"),
    )
    return Reply(funnel_text(report, say), funnel_report(report, say), Place.CHANNEL, picture=picture)
