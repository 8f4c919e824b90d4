"""`/funnel coaching Shop` tells a manager where their people's deals go on otherwise than those of the others."""

from datetime import datetime, timedelta

from bot.faults import NobodyReports
from bot.grammar import unquoted
from bot.reply import Labour, Reply
from bot.say import Say, escaped
from bot.services import Turn
from bot.views.coaching import coaching_text, coaching_view
from models.database import Database
from models.known_deals import stages_of
from models.timelines import Timelines
from models.workspace import Workspace
from scoring.people import LOOKED_BACK, differences


def run(words: str, turn: Turn) -> Reply:
    """To the manager alone, about nobody else's people; of the default pipeline, or the one that is named. With a chart
    of Slack's own, as a picture is a file, which a channel would see. Raises NobodyReports, PipelineNotFound."""
    names = {each.id: each.name for each in turn.members.all() if each.manager_id == turn.member.id}
    if not names:
        raise NobodyReports
    pipeline = turn.pipelines.named(unquoted(words)) if words else turn.pipeline
    team_id, pipeline_id, at, say = turn.workspace.id, pipeline.id, turn.now, turn.say
    labour = Labour(
        do=lambda database: _now(database, team_id, pipeline_id, names, at=at, say=say), sorry=say("coaching.failed")
    )
    return Reply(say("targets.begun"), labour=labour)


def _now(database: Database, team_id: str, pipeline_id: int, names: dict[int, str], *, at: datetime, say: Say) -> Reply:
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        timelines, zone = Timelines(session, workspace), workspace.time_zone
        histories = timelines.in_pipeline_since(pipeline_id, at - LOOKED_BACK - timedelta(days=1))
        stages = stages_of(timelines.stages().values(), pipeline_id)
    found = differences(histories, stages, sorted(names), at=at, zone=zone)
    return Reply(
        escaped(coaching_text(found, names, say)),
        coaching_view(found, names, say, with_chart=True),
        plain=coaching_view(found, names, say, with_chart=False),
    )
