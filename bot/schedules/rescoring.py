"""Every night all open deals are scored anew, as time passing is itself news about a deal, what is told of the year
before is added up, and the quarter of very large teams is forecast."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.schedules.chore import Think, Write
from models.kept_forecast import KeptForecasts
from models.receipt import Receipts
from models.score import Scores
from models.stage_counts import StageCounts
from models.timelines import Timelines
from models.workspace import Workspace
from scoring.glances import Glances
from scoring.scorer import Scorers, estimates_of


def rescore(session: Session, workspace: Workspace, scorers: Scorers, now: datetime) -> Think:
    """Keeps today's score of every open deal and forecast of every large pipeline, and drops what nobody asks for any
    more."""
    scorer = scorers.scorer_for(session, workspace, at=now)
    histories = Timelines(session, workspace).open()
    glances_now = Glances(session, workspace, at=now).to_keep()

    def think() -> Write:
        estimates = estimates_of(histories, scorer, at=now)
        glances = glances_now()

        def write(session: Session, workspace: Workspace) -> None:
            Receipts(session, workspace).forget_old(now)
            scores = Scores(session, workspace)
            scores.forget_old(now)
            scores.keep(estimates, at=now)
            StageCounts(session, workspace).fold(at=now)
            KeptForecasts(session, workspace).keep(glances, at=now)

        return write

    return think
