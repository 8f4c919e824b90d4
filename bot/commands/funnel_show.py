"""`/funnel show` tells how the funnel stands, in words and as a picture, and then what a digest says beside it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.charts import funnel_alt_text, funnel_picture
from bot.digest_parts import delays, forecast, looks, people_in, pipeline_of, targets
from bot.digest_words import topic_and_rest
from bot.reply import Labour, Picture, Place, Reply
from bot.services import Turn
from bot.views.digest import what_to_look_at
from bot.views.funnel import funnel_report, funnel_text
from bot.views.schedules import whose
from models.database import Database
from models.members import Members
from models.schedule import EVERYTHING, Topic
from models.workspace import Workspace

LATELY = timedelta(days=7)


def run(words: str, turn: Turn) -> Reply:
    """Of the default pipeline or the one that is named, `for @bob` or `team @ann`. In the channel, as Slack shares
    pictures with all or nobody; what takes longer to find out follows."""
    topic, named = topic_and_rest(words, turn)
    topic = topic or EVERYTHING
    pipeline = turn.pipelines.named(named) if named else pipeline_of(topic, turn) or turn.pipeline
    topic = replace(topic, pipeline_id=pipeline.id)
    people, say = people_in(topic, turn), turn.say
    funnel, since = turn.funnel.owned_by(people), turn.now - LATELY
    report = funnel.report(pipeline, at=turn.now, since=since)
    if topic.owner_id is not None:
        owner = turn.members.get(topic.owner_id)
        report = replace(report, pipeline=f"{pipeline.name} · {whose(owner, say, with_team=topic.with_team)}")
    put_off = delays(topic, pipeline, turn, since=since)
    picture = Picture(
        draw=lambda: funnel_picture(report, say),
        title=say.plain("funnel.title", pipeline=report.pipeline),
        alt=funnel_alt_text(report, say),
        sorry=say("funnel.picture_not_shared"),
    )
    return Reply(
        funnel_text(report, say),
        funnel_report(report, say, put_off),
        Place.CHANNEL,
        picture=picture,
        labour=Labour(
            do=_beside(topic, report.pipeline, since, turn), sorry=say("digest.beside_failed"), is_short=True
        ),
    )


def _beside(topic: Topic, title: str, since: datetime, turn: Turn) -> Callable[[Database], Reply]:
    team_id, member_id, now, say, scorers = turn.workspace.id, turn.member.id, turn.now, turn.say, turn.scorers

    def do(database: Database) -> Reply:
        with database.reading() as session:
            workspace = session.get_one(Workspace, team_id)
            member = Members(session, workspace).get(member_id)
            later = Turn(session=session, workspace=workspace, member=member, now=now, say=say, scorers=scorers)
            pipeline = pipeline_of(topic, later) or later.pipeline
            return what_to_look_at(
                looks(topic, pipeline, later, delays(topic, pipeline, later, since=since)),
                say,
                title=title,
                targets=targets(topic, later),
                forecast=forecast(topic, pipeline, later),
            )

    return do
