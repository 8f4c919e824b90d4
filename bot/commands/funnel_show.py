"""`/funnel show` tells how the funnel stands, in words and as a picture, and then what a digest says beside it,
but for cheers, which are told once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.charts import funnel_alt_text, funnel_picture
from bot.digest_parts import delays, forecast, looks, people_in, pipeline_of, targets
from bot.digest_words import topic_and_rest
from bot.grammar import unquoted
from bot.reply import Labour, Place, Reply, picture_of
from bot.services import Turn
from bot.views.digest import what_to_look_at
from bot.views.funnel import funnel_report, funnel_text
from bot.views.schedules import whose
from models.database import Database
from models.members import Members
from models.pipeline import Pipeline
from models.schedule import EVERYTHING, Topic
from models.workspace import Workspace

LATELY = timedelta(days=7)


def run(words: str, turn: Turn) -> Reply:
    """What the channel's digest would say now: of the same deals unless others are named (a pipeline, `for @bob`,
    `team @ann`), since it last came, or of a week. In the channel, as Slack shares pictures with all or nobody; what
    takes longer to find out follows."""
    topic, pipeline, since = _wanted(words, turn)
    people, say = people_in(topic, turn), turn.say
    funnel = turn.funnel.owned_by(people)
    report = funnel.report(pipeline, at=turn.now, since=since)
    if topic.owner_id is not None:
        owner = turn.members.get(topic.owner_id)
        report = replace(report, pipeline=f"{pipeline.name} · {whose(owner, say, with_team=topic.with_team)}")
    put_off = delays(topic, pipeline, turn, since=since)
    picture = picture_of(
        draw=lambda: funnel_picture(report, say),
        title=say.plain("funnel.title", pipeline=report.pipeline),
        alt=funnel_alt_text(report, say),
        say=say,
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


def _wanted(words: str, turn: Turn) -> tuple[Topic, Pipeline, datetime]:
    """Of which deals, and since when."""
    topic, named = topic_and_rest(words, turn)
    digests = [each for each in turn.schedules.digests(turn.channel) if not each.paused_because]
    if topic is None:
        topic = digests[0].topic if digests and not named else EVERYTHING
    pipeline = turn.pipelines.named(unquoted(named)) if named else pipeline_of(topic, turn) or turn.pipeline
    about = replace(topic, pipeline_id=None if pipeline.is_default else pipeline.id)
    last = [turn.deliveries.last_posted(each) for each in digests if each.topic == about]
    since = max((each.as_of for each in last if each), default=turn.now - LATELY)
    return replace(topic, pipeline_id=pipeline.id), pipeline, min(since, turn.now)


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
