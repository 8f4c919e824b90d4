"""Trains a team's models because a person asked for it, and tells what came of it."""

from datetime import datetime

from bot.reply import Reply
from bot.say import Say
from bot.views.blocks import section
from bot.views.model import trained_line
from models.database import Database
from models.workspace import Workspace
from scoring import recording, training
from scoring.past import past_of


def train_now(database: Database, team_id: str, *, by: str, at: datetime, say: Say) -> Reply:
    """It takes from seconds to two minutes, and holds no transaction open meanwhile."""
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        past, incumbents = past_of(session, workspace, at=at), recording.incumbents_of(session, workspace)
    trained = training.train(past, at=at, incumbents=incumbents)
    lines = []
    with database.begin() as session:
        workspace = session.get_one(Workspace, team_id)
        for question, each in trained.items():
            came = recording.record(session, workspace, each, trained_by=by, at=at)
            lines.append(trained_line(question, came.report.verdict, came.number, say, lacking=came.report.lacking))
    title = say("model.trained.title")
    return Reply(title, (section("\n".join([title, *lines])),))
