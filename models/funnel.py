"""How the funnel stands: what waits in each stage, how much of it moves on, how long it takes, what changed lately."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from moneyed import Money
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, or_, select
from sqlalchemy.orm import Session

from models.deal import Deal
from models.exchange import ExchangeRates
from models.history import Change, StageChange, kept_moves, moves_here
from models.local_days import date_told, local_day
from models.member import Member
from models.pipeline import Pipeline, Stage, StageKind
from models.pricing import Basis, Pricing, Worth
from models.stage_counts import Pace, StageCounts
from models.tally import Part, Tally, lots_of, tally_of
from models.workspace import Workspace, day_in

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
class Changes:
    """The deals that were moved in a period, by how. One that was moved in two ways counts under both."""

    new: Tally
    forward: Tally
    back: Tally
    won: Tally
    lost: Tally
    reopened: Tally

    @property
    def is_empty(self) -> bool:
        return not any(each.count for each in (self.new, self.forward, self.back, self.won, self.lost, self.reopened))


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


class Funnel:
    """The funnels of one workspace; no query here can see another's deals.

    count
        The deals that are in a stage now. Of the closed stages only those closed within the last 90 days: an open
        stage is what waits there, a closed one is what came out of the funnel lately.
    conversion
        How many of a stage's deals move on to a later one. Among the deals created since the running month began a
        year ago, let a deal's reach be the latest stage it was ever in, lost not counting. Of stage S

            moved on = the deals that reach beyond S, also if they skipped S
            dropped  = the deals that reach S and are lost now
            decided  = moved on + dropped
            conversion = moved on / decided, or None where nothing is decided

        Deals that reach S and are still open count neither way, so a young stage does not look worse than it is.
    median_days
        The median length, in whole days, of the stays in a stage that ended since the running month began a year ago.
    worth
        All amounts in the workspace's currency: of open deals at the rates of the report's day, of closed ones at those
        of the day they were closed; see models/pricing.

    A stage that was retired is read as the one that took it over. Moves that were undone count nowhere. "Within the
    last n days" leaves out its first moment and has its last, so that periods which follow each other share nothing.
    """

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace
        self._owners: frozenset[int] | None = None

    def owned_by(self, people: frozenset[int] | None) -> "Funnel":
        """The same of those deals alone that these members own now; of all where there are none named."""
        theirs = Funnel(self._session, self._workspace)
        theirs._owners = people
        return theirs

    def report(self, pipeline: Pipeline, *, at: datetime, since: datetime) -> FunnelReport:
        """The funnel now, which is `at`, and what has changed after `since`."""
        standing = self._standing(pipeline, at)
        paces = StageCounts(self._session, self._workspace).paces(pipeline, at=at)
        every = [part for stage in pipeline.stages for part in standing[stage.id]]
        pricing = self._pricing(every, at)

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
        )

    def changes(self, pipeline: Pipeline, *borders: datetime) -> list[Changes]:
        """What was moved in each of the periods that follow each other, after the one border and up to the next, with
        the deals' amounts as they are known now, those of open deals at the rates of the period's end."""
        moved = self._moved(pipeline, borders)
        return [self._changes(moved[place], until) for place, until in enumerate(borders[1:])]

    def _changes(self, moved: Mapping[Change, list[Part]], until: datetime) -> Changes:
        pricing = self._pricing([part for parts in moved.values() for part in parts], until)

        def tally(*changes: Change) -> Tally:
            return tally_of([part for change in changes for part in moved[change]], pricing)

        return Changes(
            new=tally(Change.CREATED, Change.TRANSFERRED),
            forward=tally(Change.FORWARD),
            back=tally(Change.BACK),
            won=tally(Change.WON),
            lost=tally(Change.LOST),
            reopened=tally(Change.REOPENED),
        )

    def open_by_stage(self, *, owner: Member | None, at: datetime) -> dict[int, Tally]:
        """The open deals of an owner, or of all, in each stage by its id, at the rates of a moment; a stage without
        any is left out."""
        query = (
            select(Deal.stage_id, Deal.currency, func.count(), func.count(Deal.amount), func.sum(Deal.amount))
            .join(Stage, Deal.stage_id == Stage.id)
            .where(Deal.workspace_id == self._workspace.id, Stage.kind == StageKind.OPEN)
            .where(Deal.owner_id == owner.id if owner else Deal.id == Deal.id)
            .group_by(Deal.stage_id, Deal.currency)
        )
        parts: dict[int, list[Part]] = defaultdict(list)
        for stage_id, currency, count, priced, amount in self._session.execute(query):
            parts[stage_id].append(Part(currency, count, priced, amount))
        pricing = self._pricing([part for each in parts.values() for part in each], at)
        return {stage_id: tally_of(each, pricing) for stage_id, each in parts.items()}

    def _standing(self, pipeline: Pipeline, at: datetime) -> dict[int, list[Part]]:
        """The deals of each stage that belong to the funnel at a moment."""
        closed = [stage.id for stage in pipeline.stages if not stage.is_open]
        waiting = [stage.id for stage in pipeline.stages if stage.is_open]
        since = at - CLOSED_WINDOW
        lately = and_(Deal.stage_id.in_(closed), Deal.closed_at > since)
        parts: dict[int, list[Part]] = defaultdict(list)
        day = local_day(Deal.closed_at, since, at, ZoneInfo(self._workspace.time_zone))
        for where in (Deal.stage_id.in_(waiting), lately):
            deals = select(Deal.stage_id).where(self._of(pipeline), where)
            for (stage_id,), part in self._parts(deals, day, date_told):
                parts[stage_id].append(part)
        return parts

    def _moved(self, pipeline: Pipeline, borders: Sequence[datetime]) -> list[dict[Change, list[Part]]]:
        """The deals that were moved in each period, by how, in parts as above. Of deals with an undone move those count
        that were not taken back, of those that came from another pipeline the moves since.

        Such a deal entered its stage after the first border: its latest kept move brought it there.
        """
        since, until = borders[0], borders[-1]
        periods: list[dict[Change, list[Part]]] = [defaultdict(list) for _ in borders[1:]]
        recent = and_(StageChange.workspace_id == self._workspace.id, StageChange.at > since)
        one_by_one = select(StageChange.deal_id).where(
            recent, StageChange.change.in_((Change.UNDONE, Change.TRANSFERRED))
        )
        place = case(*((StageChange.at <= border, number) for number, border in enumerate(borders[1:])))
        moved = (
            select(place.label("place"), StageChange.change, StageChange.deal_id)
            .where(recent, StageChange.at <= until, StageChange.deal_id.not_in(one_by_one), *_leads_on(pipeline))
            .distinct()
            .subquery()
        )
        deals = select(moved.c.place, moved.c.change).join(Deal, Deal.id == moved.c.deal_id)
        plain = self._parts(
            deals.where(self._of(pipeline), Deal.entered_stage_at > since),
            Deal.closed_at,
            partial(day_in, self._workspace.time_zone),
        )
        for (number, change), part in [*plain, *self._moved_one_by_one(pipeline, one_by_one, borders)]:
            periods[number][change].append(part)
        return periods

    def _parts(
        self, deals: Select[Any], closed_on: SQLColumnExpression[Any], read: Callable[[Any], date]
    ) -> Iterator[tuple[Any, Part]]:
        """The deals of a query by its columns, one part per currency; of closed deals in another currency than the
        workspace's one for each `closed_on`, which tells the day by `read`, as each day has its own rate."""
        is_apart = and_(Deal.currency != self._workspace.currency, Deal.closed_at.is_not(None))
        each = deals.add_columns(Deal.currency, Deal.amount, case((is_apart, closed_on)).label("closed_on")).subquery()
        *by, currency, amount, closed = each.columns
        sums = select(*by, currency, closed, func.count(), func.count(amount), func.sum(amount))
        for row in self._session.execute(sums.group_by(*by, currency, closed)):
            *of, of_currency, told, count, priced, total = row
            yield of, Part(of_currency, count, priced, total, None if told is None else read(told))

    def _moved_one_by_one(
        self, pipeline: Pipeline, chosen: Select[int], borders: Sequence[datetime]
    ) -> Iterator[tuple[tuple[int, Change], Part]]:
        ends = (StageChange.from_stage_id, StageChange.to_stage_id)
        query = (
            select(StageChange.deal_id, StageChange.change, StageChange.at, *ends)
            .add_columns(Deal.currency, Deal.closed_at, Deal.amount)
            .join(Deal, StageChange.deal_id == Deal.id)
            .where(self._of(pipeline), Deal.entered_stage_at > borders[0], StageChange.deal_id.in_(chosen))
            .order_by(StageChange.deal_id, StageChange.at, StageChange.id)
        )
        now = pipeline.stages_by_id()
        for _, own in groupby(self._session.execute(query), key=attrgetter("deal_id")):
            here = moves_here(kept_moves(own))
            moves = [move for move in here if now.get(move.from_stage_id) is not now[move.to_stage_id]]
            deal = moves[0]
            for change in {
                (bisect_left(borders, move.at) - 1, move.change)
                for move in moves
                if borders[0] < move.at <= borders[-1]
            }:
                yield change, self._part(deal.currency, deal.amount, deal.closed_at)

    def _part(self, currency: str, amount: Decimal | None, closed_at: datetime | None) -> Part:
        is_abroad = currency != self._workspace.currency
        closed_on = day_in(self._workspace.time_zone, closed_at) if closed_at and is_abroad else None
        return Part(currency, count=1, priced=int(amount is not None), amount=amount, closed_on=closed_on)

    def _pricing(self, parts: Iterable[Part], at: datetime) -> Pricing:
        """With the rates that these deals need; a team that sells in one currency needs none."""
        abroad = [part for part in parts if part.currency != self._workspace.currency and part.priced]
        if not abroad:
            return Pricing.without_rates(self._workspace, at=at)
        since = min((part.closed_on for part in abroad if part.closed_on), default=None)
        return ExchangeRates(self._session, self._workspace).pricing(at=at, since=since)

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


def _leads_on(pipeline: Pipeline) -> list[ColumnElement[bool]]:
    """Of a move: that its two stages were not merged since."""
    names: dict[int, list[int]] = defaultdict(list)
    for stage_id, stage in pipeline.stages_by_id().items():
        names[stage.id].append(stage_id)
    came, went = StageChange.from_stage_id, StageChange.to_stage_id
    return [or_(came.is_(None), came.not_in(ids), went.not_in(ids)) for ids in names.values() if len(ids) > 1]
