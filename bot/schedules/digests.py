"""The funnel digest of a channel: how the team's funnel stands this morning, and what to look at first."""

from dataclasses import replace
from datetime import timedelta

from bot.charts import funnel_alt_text, funnel_picture
from bot.digest_parts import delays, forecast, looks, people_in, pipeline_of, targets
from bot.reply import Picture, Reply
from bot.schedules.cheering import cheers
from bot.schedules.occasion import Occasion
from bot.views.digest import funnel_digest, quiet_day
from bot.views.schedules import whose
from models.funnel import Funnel
from models.rhythm import Rhythm
from models.schedule import EVERYTHING

UNHEEDED = 20
_FIRST = {
    Rhythm.DAILY: timedelta(days=1),
    Rhythm.WEEKLY: timedelta(days=7),
    Rhythm.MONTHLY: timedelta(days=30),
    Rhythm.QUARTERLY: timedelta(days=91),
}
"""How far the first one looks back."""


def compose(occasion: Occasion) -> Reply | None:
    """Of its topic, and what changed in it since the channel's last digest of it, held against as long a time before.

    A day on which nothing moved is told in a line, or passed over where the channel asks for that and nobody for the
    digest; None too while the team has no pipeline.
    """
    schedule = occasion.schedule
    topic = schedule.topic if schedule else EVERYTHING
    pipeline = pipeline_of(topic, occasion)
    if pipeline is None:
        return None
    now, say, people = occasion.now, occasion.say, people_in(topic, occasion)
    since = occasion.since or now - _FIRST[schedule.rhythm if schedule else Rhythm.DAILY]
    funnel = Funnel(occasion.session, occasion.workspace).owned_by(people)
    report = funnel.report(pipeline, at=now, since=since)
    put_off = delays(topic, pipeline, occasion, since=since)
    nothing_moved = report.changes.is_empty and not put_off
    if nothing_moved and schedule and schedule.is_quiet and not occasion.is_asked_for:
        return None
    title = pipeline.name
    if schedule and schedule.owner:
        title = f"{title} · {whose(schedule.owner, say, with_team=schedule.with_team)}"
    to_look_at = looks(topic, pipeline, occasion, put_off)
    if nothing_moved:
        return quiet_day(report, to_look_at, say, title=title, offered=_offered(occasion))
    picture = Picture(
        draw=lambda: funnel_picture(report, say),
        title=say.plain("chart.funnel.title", pipeline=title),
        alt=funnel_alt_text(report, say),
        sorry="",
    )
    digest = funnel_digest(
        report,
        to_look_at,
        say,
        title=title,
        delays=put_off,
        targets=targets(topic, occasion),
        cheers=cheers(occasion, since, people, channel=occasion.target),
        forecast=forecast(topic, pipeline, occasion),
        offered=_offered(occasion),
    )
    return replace(digest, picture=picture)


def _offered(occasion: Occasion) -> int:
    """The schedule, where it is offered once a week: the first of several a week after which nobody has looked for
    UNHEEDED working days asks whether one would do. 0 otherwise."""
    schedule, since = occasion.schedule, occasion.since
    if schedule is None or since is None or schedule.heeded_at is None or schedule.rhythm is not Rhythm.DAILY:
        return 0
    calendar = occasion.working_days
    begun = schedule.heeded_at
    is_time = calendar.waited(begun, since) < UNHEEDED <= calendar.waited(begun, occasion.now)
    return schedule.id if is_time else 0
