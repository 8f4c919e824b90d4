"""The funnel digest of a channel: how the team's funnel stands this morning, and what to look at first."""

from dataclasses import replace
from datetime import timedelta

from bot.charts import funnel_alt_text, funnel_picture
from bot.reply import Picture, Reply
from bot.schedules.occasion import Occasion
from bot.views.digest import funnel_digest
from bot.views.targets import progress_line
from models.attainment import progress
from models.attention import worth_a_look
from models.funnel import Funnel
from models.pipelines import Pipelines
from models.target import Scope

LOOKS = 5
TARGETS = 6


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
    return replace(funnel_digest(report, looks, say, targets=_targets(occasion)), picture=picture)


def _targets(occasion: Occasion) -> list[str]:
    """Where the targets of all and of teams stand; what one person means to reach is on their Home tab."""
    workspace = occasion.workspace
    found = progress(
        occasion.session,
        workspace,
        occasion.members.all(),
        at=occasion.now,
        of=lambda target: target.scope is not Scope.REP,
    )
    return [progress_line(each, workspace.currency, occasion.say) for each in found[:TARGETS]]
