"""The funnel digest of a channel: how the team's funnel stands this morning, and what to look at first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.charts import funnel_alt_text, funnel_picture
from bot.reply import Picture, Reply
from bot.say import Say
from bot.schedules.cheering import cheers
from bot.schedules.occasion import Occasion
from bot.views.digest import funnel_digest, quiet_day
from bot.views.forecast import glance_line
from bot.views.schedules import whose
from bot.views.targets import progress_line
from models.attainment import people_of, progress
from models.attention import worth_a_look
from models.funnel import Funnel
from models.history import Change
from models.known_deals import Selection
from models.period import Unit, whole_unit
from models.pipeline import Pipeline
from models.pipelines import Pipelines
from models.schedule import EVERYTHING, Schedule, ScheduleKind, Schedules, Topic
from models.target import Scope
from models.timeline import DealHistory, Timelines
from models.workspace import day_in
from scoring.forecasting import forecast_past, target_of

LOOKS = 5
TARGETS = 6
CHEERS = 5


def compose(occasion: Occasion) -> Reply | None:
    """Of its topic, and what changed in it since the channel's last digest of it (a day ago for its first).

    A day on which nothing moved is told in a line, or passed over where the channel asks for that; None too while the
    team has no pipeline.
    """
    schedule = occasion.schedule
    topic = schedule.topic if schedule else EVERYTHING
    pipeline = _pipeline(occasion, topic)
    if pipeline is None:
        return None
    people = people_of(topic.scope, topic.owner_id, occasion.members.all())
    now, say = occasion.now, occasion.say
    since = occasion.since or now - timedelta(days=1)
    report = Funnel(occasion.session, occasion.workspace).owned_by(people).report(pipeline, at=now, since=since)
    title = " · ".join([pipeline.name, *_whose(schedule, say)])
    if report.changes.is_empty and schedule and schedule.is_quiet:
        return None
    deals = [
        deal
        for deal in occasion.deals.open()
        if deal.pipeline_id == pipeline.id and (people is None or deal.owner_id in people)
    ]
    outlook = occasion.outlook
    looks = worth_a_look(deals, outlook.estimates(deals), outlook.bands, outlook.pricing, at=now, most=LOOKS)
    if report.changes.is_empty:
        return quiet_day(report, looks, say, title=title)
    picture = Picture(
        draw=lambda: funnel_picture(report, say),
        title=say.plain("chart.funnel.title", pipeline=title),
        alt=funnel_alt_text(report, say),
        sorry="",
    )
    return replace(
        funnel_digest(
            report,
            looks,
            say,
            title=title,
            targets=_targets(occasion, topic),
            cheers=_cheers(occasion, since, people),
            forecast=_forecast(occasion, pipeline, Selection(owner_ids=people)),
        ),
        picture=picture,
    )


def _pipeline(occasion: Occasion, topic: Topic) -> Pipeline | None:
    """The one that is named, or the default one."""
    pipelines = Pipelines(occasion.session, occasion.workspace).all()
    named = [each for each in pipelines if each.id == topic.pipeline_id]
    return next(iter(named or pipelines), None)


def _whose(schedule: Schedule | None, say: Say) -> list[str]:
    return [whose(schedule.owner, say, with_team=schedule.with_team)] if schedule and schedule.owner else []


def _cheers(occasion: Occasion, since: datetime, people: frozenset[int] | None) -> list[str]:
    """What the wins of these people since the last digest were; each is cheered once, as no two digests of a topic
    tell of one time. A channel that hears of each win has heard of it."""
    gong = Schedules(occasion.session, occasion.workspace).find(ScheduleKind.WIN, occasion.target)
    if occasion.workspace.win_posts and gong and not gong.paused_because:
        return []
    if not _has_wins(Timelines(occasion.session, occasion.workspace).moved_since(since), since):
        return []
    return cheers(occasion, since, lambda win: people is None or win.owner_id in people)[:CHEERS]


def _has_wins(histories: Sequence[DealHistory], since: datetime) -> bool:
    return any(move.change is Change.WON and move.at > since for history in histories for move in history.moves)


def _targets(occasion: Occasion, topic: Topic) -> list[str]:
    """Where the targets of those whom it is about stand; of everybody's digest also those of teams."""
    workspace = occasion.workspace
    found = progress(
        occasion.session,
        workspace,
        occasion.members.all(),
        at=occasion.now,
        of=lambda target: (
            target.scope is not Scope.REP
            if topic.owner_id is None
            else (target.scope, target.member_id) == (topic.scope, topic.owner_id)
        ),
    )
    return [progress_line(each, workspace.currency, occasion.say) for each in found[:TARGETS]]


def _forecast(occasion: Occasion, pipeline: Pipeline, whose: Selection) -> str:
    """How the quarter is likely to end; nothing while the past is too short to say."""
    session, workspace, now = occasion.session, occasion.workspace, occasion.now
    past = forecast_past(session, workspace, pipeline.id, at=now, chances={})
    quarter = whole_unit(Unit.QUARTER, day_in(workspace.time_zone, now), workspace.time_zone)
    target = target_of(session, workspace, past, quarter, whose)
    found = past.glance(quarter, whose, at=now, target=target)
    return glance_line(found, occasion.say) if found else ""
