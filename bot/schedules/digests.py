"""The funnel digest of a channel: how the team's funnel stands this morning, and what to look at first."""

from dataclasses import replace
from datetime import timedelta

from bot.charts import funnel_alt_text, funnel_picture
from bot.reply import Picture, Reply
from bot.schedules.occasion import Occasion
from bot.views.digest import funnel_digest
from models.attention import worth_a_look
from models.funnel import Funnel
from models.pipelines import Pipelines

LOOKS = 5


def compose(occasion: Occasion) -> Reply | None:
    """The team's default pipeline, and what changed in it since the channel's last digest (a day ago for its first);
    None while the team has no pipeline."""
    pipelines = Pipelines(occasion.session, occasion.workspace).all()
    if not pipelines:
        return None
    pipeline, now, say = pipelines[0], occasion.now, occasion.say
    since = occasion.since or now - timedelta(days=1)
    report = Funnel(occasion.session, occasion.workspace).report(pipeline, at=now, since=since)
    deals = [deal for deal in occasion.deals.open() if deal.pipeline_id == pipeline.id]
    outlook = occasion.outlook
    looks = worth_a_look(deals, outlook.estimates(deals), outlook.bands, outlook.pricing, at=now, most=LOOKS)
    picture = Picture(
        draw=lambda: funnel_picture(report, say),
        title=say.plain("chart.funnel.title", pipeline=report.pipeline),
        alt=funnel_alt_text(report, say),
        sorry="",
    )
    return replace(funnel_digest(report, looks, say), picture=picture)
