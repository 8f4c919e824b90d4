"""The funnel digest of a channel: how the team's funnel stands this morning, and what to look at first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.charts import funnel_alt_text, funnel_picture
from bot.reply import Picture, Reply
from bot.schedules.occasion import Occasion
from bot.views.cheers import cheer
from bot.views.digest import funnel_digest
from bot.views.forecast import glance_line
from bot.views.targets import progress_line
from models.attainment import progress
from models.attention import worth_a_look
from models.exchange import ExchangeRates
from models.funnel import Funnel
from models.history import Change
from models.known_deals import Selection, known_before
from models.period import Unit, whole_unit
from models.pipeline import Pipeline
from models.pipelines import Pipelines
from models.records import feats, won_of
from models.target import Scope
from models.timeline import DealHistory, Timelines
from models.workspace import day_in
from scoring.forecasting import forecast_past, target_of

LOOKS = 5
TARGETS = 6
CHEERS = 5
_INSTANT = timedelta(microseconds=1)


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
    return replace(
        funnel_digest(
            report,
            looks,
            say,
            targets=_targets(occasion),
            cheers=_cheers(occasion, since),
            forecast=_forecast(occasion, pipeline),
        ),
        picture=picture,
    )


def _cheers(occasion: Occasion, since: datetime) -> list[str]:
    """What the wins since the last digest were; each is cheered once, as no two digests tell of one time."""
    workspace, now, timelines = occasion.workspace, occasion.now, Timelines(occasion.session, occasion.workspace)
    if not workspace.leaderboard or not _has_wins(timelines.moved_since(since), since):
        return []
    known = known_before(timelines.ever_won(), now + _INSTANT, Selection())
    first = min((day_in(workspace.time_zone, each.closed_at) for each in known if each.closed_at), default=None)
    pricing = ExchangeRates(occasion.session, workspace).pricing(at=now, since=first)
    found = feats(won_of(known, timelines.stages(), pricing), since=since)[:CHEERS]
    names = {each.id: each.name for each in occasion.members.all()}
    return [
        cheer(
            each,
            deal=occasion.deals.get(each.win.deal_id).name,
            owner=names.get(each.win.owner_id or 0, ""),
            currency=pricing.currency,
            say=occasion.say,
        )
        for each in found
    ]


def _has_wins(histories: Sequence[DealHistory], since: datetime) -> bool:
    return any(move.change is Change.WON and move.at > since for history in histories for move in history.moves)


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


def _forecast(occasion: Occasion, pipeline: Pipeline) -> str:
    """How the quarter is likely to end; nothing while the past is too short to say."""
    session, workspace, now = occasion.session, occasion.workspace, occasion.now
    past = forecast_past(session, workspace, pipeline.id, at=now, chances={})
    quarter = whole_unit(Unit.QUARTER, day_in(workspace.time_zone, now), workspace.time_zone)
    target = target_of(session, workspace, past, quarter, Selection())
    found = past.glance(quarter, Selection(), at=now, target=target)
    return glance_line(found, occasion.say) if found else ""
