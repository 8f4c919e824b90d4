"""How the funnel stands: what waits in each stage, how much of it moves on, how long it takes, what changed lately."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from moneyed import Money
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from models.changes import Changes, Periods
from models.deal import IS_OPEN, Deal
from models.member import Member
from models.pipeline import Pipeline, Stage, StageKind
from models.pricing import Basis, Worth
from models.stage_counts import Pace, StageCounts
from models.sums import Sums
from models.tally import Part, Tally, lots_of, tally_of
from models.workspace import Workspace

CLOSED_WINDOW = timedelta(days=90)
"""A closed deal is part of the funnel this long after it was closed."""


@dataclass(frozen=True)
class StageRow:
    """One stage of a funnel; for what the figures mean see Funnel."""

    stage_id: int
    name: str
    kind: StageKind
    count: int
    amounts: tuple[Money, ...]
    unpriced: int
    conversion: float | None
    decided: int
    median_days: float | None
    worth: Worth | None = None

    @property
    def tally(self) -> Tally:
        return Tally(self.count, self.amounts, self.unpriced, self.worth)


@dataclass(frozen=True)
class FunnelReport:
    """A pipeline at one moment; for what the figures mean see Funnel."""

    pipeline: str
    at: datetime
    currency: str
    rows: tuple[StageRow, ...]
    """The open stages in their order, then won and after-sales."""
    open: Tally
    won: Tally
    """Closed within CLOSED_WINDOW and now in won or after-sales."""
    lost: Tally
    """Lost within CLOSED_WINDOW."""
    since: datetime
    changes: Changes
    """Between `since` and `at`."""
    before: Changes
    """In as long a time before `since`."""
    basis: Basis | None = None
    """By which rates the deals in the funnel were added up; None where they are all in the workspace's currency."""
    is_of_some: bool = False
    """Whether it is of some people's deals; conversion and days are of everybody's all the same."""


class Funnel:
    """The funnels of one workspace; no query here can see another's deals.

    count
        The deals that are in a stage now. Of the closed stages only those closed within the last 90 days: an open
        stage is what waits there, a closed one is what came out of the funnel lately.
    conversion
        How many of a stage's deals move on to a later one. Among the deals created since the running month began a
        year ago, let a deal's reach be the latest stage it was ever in; lost does not count, and a win that was
        reopened is none. Of stage S

            moved on = the deals that reach beyond S, also if they skipped S
            dropped  = the deals that reach S and are lost now
            decided  = moved on + dropped
            conversion = moved on / decided, or None where nothing is decided

        Deals that reach S and are still open count neither way, so a young stage does not look worse than it is.
    median_days
        The median length, in whole days, of the stays in a stage that ended since the running month began a year ago,
        but for those that ended the moment the deal began.
    worth
        All amounts in the workspace's currency: of open deals at the rates of the report's day, of closed ones at those
        of the day they were closed; see models/pricing.

    A stage that was retired is read as the one that took it over. Moves that were undone count nowhere. "Within the
    last n days" leaves out its first moment and has its last, so that periods which follow each other share nothing.
    """

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace
        self._sums = Sums(session, workspace)
        self._owners: frozenset[int] | None = None

    def owned_by(self, people: frozenset[int] | None) -> "Funnel":
        """The same of those deals alone that these members own now; of all where there are none named. Conversion and
        days, whose counts know no owners, stay those of everybody's."""
        theirs = Funnel(self._session, self._workspace)
        theirs._owners = people
        return theirs

    def report(self, pipeline: Pipeline, *, at: datetime, since: datetime) -> FunnelReport:
        """The funnel now, which is `at`, and what has changed after `since`."""
        standing = self._standing(pipeline, at)
        paces = StageCounts(self._session, self._workspace).paces(pipeline, at=at)
        every = [part for stage in pipeline.stages for part in standing[stage.id]]
        pricing = self._sums.pricing(every, at)

        def tally(*kinds: StageKind) -> Tally:
            parts = (part for stage in pipeline.stages if stage.kind in kinds for part in standing[stage.id])
            return tally_of(parts, pricing)

        before, changes = self.changes(pipeline, since - (at - since), since, at)
        return FunnelReport(
            pipeline=pipeline.name,
            at=at,
            currency=self._workspace.currency,
            rows=tuple(
                _row(stage, tally_of(standing[stage.id], pricing), paces.get(stage.id, Pace()))
                for stage in pipeline.stages
                if stage.kind is not StageKind.LOST
            ),
            open=tally(StageKind.OPEN),
            won=tally(StageKind.WON, StageKind.AFTER_SALES),
            lost=tally(StageKind.LOST),
            since=since,
            changes=changes,
            before=before,
            basis=pricing.basis(lots_of(every)),
            is_of_some=self._owners is not None,
        )

    def changes(self, pipeline: Pipeline, *borders: datetime) -> list[Changes]:
        """What was moved in each of the periods that follow each other, after the one border and up to the next."""
        return Periods(self._session, self._workspace, pipeline, self._of(pipeline), borders).changes()

    def open_by_stage(self, *, owner: Member | None, at: datetime) -> dict[int, Tally]:
        """The open deals of an owner, or of all, in each stage by its id, at the rates of a moment; a stage without
        any is left out."""
        query = (
            select(Deal.stage_id, Deal.currency, func.count(), func.count(Deal.amount), func.sum(Deal.amount))
            .join(Stage, Deal.stage_id == Stage.id)
            .where(Deal.workspace_id == self._workspace.id, IS_OPEN)
            .where(Deal.owner_id == owner.id if owner else Deal.id == Deal.id)
            .group_by(Deal.stage_id, Deal.currency)
        )
        parts: dict[int, list[Part]] = defaultdict(list)
        for stage_id, currency, count, priced, amount in self._session.execute(query):
            parts[stage_id].append(Part(currency, count, priced, amount))
        pricing = self._sums.pricing([part for each in parts.values() for part in each], at)
        return {stage_id: tally_of(each, pricing) for stage_id, each in parts.items()}

    def _standing(self, pipeline: Pipeline, at: datetime) -> dict[int, list[Part]]:
        """The deals of each stage that belong to the funnel at a moment."""
        deals = select(Deal.stage_id).where(self._of(pipeline))
        waiting = deals.where(Deal.stage_id.in_([stage.id for stage in pipeline.stages if stage.is_open]))
        closed = deals.where(Deal.stage_id.in_([stage.id for stage in pipeline.stages if not stage.is_open]))
        since = at - CLOSED_WINDOW
        parts: dict[int, list[Part]] = defaultdict(list)
        for (stage_id,), part in self._sums.parts_of_both(waiting, closed.where(Deal.closed_at > since), since, at):
            parts[stage_id].append(part)
        return parts

    def _of(self, pipeline: Pipeline) -> ColumnElement[bool]:
        mine = and_(Deal.workspace_id == self._workspace.id, Deal.pipeline_id == pipeline.id)
        return mine if self._owners is None else and_(mine, Deal.owner_id.in_(self._owners))


def _row(stage: Stage, standing: Tally, pace: Pace) -> StageRow:
    return StageRow(
        stage_id=stage.id,
        name=stage.name,
        kind=stage.kind,
        count=standing.count,
        amounts=standing.amounts,
        unpriced=standing.unpriced,
        conversion=pace.conversion,
        decided=pace.decided,
        median_days=pace.median_days,
        worth=standing.worth,
    )
