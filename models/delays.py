"""Which close dates were put off in a time, and by how much."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.activity import Revision
from models.deal import IS_OPEN, Deal, DealField
from models.pipeline import Pipeline, Stage
from models.workspace import Workspace


@dataclass(frozen=True)
class Delay:
    """A deal that is open, and by how long its close date is later than it was."""

    deal: Deal
    by: timedelta


class Delays:
    """The close dates of one workspace's deals; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def of(self, pipeline: Pipeline, people: frozenset[int] | None, *, since: datetime, until: datetime) -> list[Delay]:
        """Those put off after `since` and up to `until`, of these members' open deals or of all, the longest first. Of
        a date that was moved several times, from what it was at first to what it is."""
        mine = Deal.workspace_id == self._workspace.id, Deal.pipeline_id == pipeline.id, IS_OPEN
        theirs = [] if people is None else [Deal.owner_id.in_(people)]
        moved = (
            select(Revision.old, Deal)
            .join(Deal, Revision.deal_id == Deal.id)
            .join(Stage, Deal.stage_id == Stage.id)
            .where(*mine, *theirs, Revision.workspace_id == self._workspace.id)
            .where(Revision.field == DealField.CLOSE_DATE, Revision.at > since, Revision.at <= until)
            .order_by(Revision.at.desc(), Revision.id.desc())
        )
        first = {deal: old for old, deal in self._session.execute(moved)}
        delays = [Delay(deal, later) for deal, old in first.items() if (later := _later(old, deal)) > timedelta()]
        return sorted(delays, key=lambda delay: (-delay.by, delay.deal.id))


def _later(old: str, deal: Deal) -> timedelta:
    """By how long; none where there was no date, or is none."""
    return deal.close_date - date.fromisoformat(old) if old and deal.close_date else timedelta()
