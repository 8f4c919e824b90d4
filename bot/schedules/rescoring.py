"""Every night all open deals are scored anew, because time passing is itself news about a deal."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from models.receipt import Receipts
from models.score import Scores
from models.timeline import Timelines
from models.workspace import Workspace
from scoring.scorer import Scorers, estimates_of

Write = Callable[[Session, Workspace], None]
Chore = Callable[[Session, Workspace, Scorers, datetime], Write]
"""Work of the night: it reads and thinks in a transaction that only reads, for that may take long, and returns what is
left to be written, in a short transaction of its own."""


def rescore(session: Session, workspace: Workspace, scorers: Scorers, now: datetime) -> Write:
    """Keeps today's score of every open deal, and drops the receipts of what Slack can no longer repeat."""
    scorer = scorers.scorer_for(session, workspace, at=now)
    estimates = estimates_of(Timelines(session, workspace).open(), scorer, at=now)

    def write(session: Session, workspace: Workspace) -> None:
        Receipts(session, workspace).forget_old(now)
        Scores(session, workspace).keep(estimates, at=now)

    return write
