"""Every night all open deals are scored anew, because time passing is itself news about a deal."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from models.receipt import Receipts
from models.workspace import Workspace
from scoring.scorer import Scorers, rescore

Chore = Callable[[Session, Workspace, Scorers, datetime], None]
"""Work of the night, in one transaction that may write."""


def rescore_all(session: Session, workspace: Workspace, scorers: Scorers, now: datetime) -> None:
    """Keeps today's score of every open deal, and drops the receipts of what Slack can no longer repeat."""
    Receipts(session, workspace).forget_old(now)
    rescore(session, workspace, scorers.scorer_for(session, workspace, at=now), at=now)
