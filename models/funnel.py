"""How the funnel stands: what waits in each stage, how much of it moves on, how long it takes, what changed lately."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from moneyed import Money
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models.deal import Deal
from models.exchange import ExchangeRates
from models.history import Change, StageChange, kept_moves
from models.member import Member
from models.pipeline import Pipeline, Stage, StageKind
from models.pricing import Basis, Lot, Pricing, Worth
from models.workspace import Workspace, day_in

CLOSED_WINDOW = timedelta(days=90)
"""A closed deal is part of the funnel this long after it was closed."""

RATE_WINDOW = timedelta(days=365)
"""Conversions and times in stage are taken from the deals of this long."""


@dataclass(frozen=True)
class Tally:
    """Some deals: how many, and their amounts in each currency, the workspace's own first.

    `unpriced` deals have no amount yet. `worth` is what the amounts are worth together, by the rates of `pricing`; None
    where they are all in the workspace's currency.
    """

    count: int
    amounts: tuple[Money, ...]
    unpriced: int
    worth: Worth | None = None

    @property
    def told(self) -> tuple[Money, ...]:
        """The amounts as one where there are rates, and beside it those without a rate, each in its currency."""
        return self.worth.told if self.worth else self.amounts


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
    basis: Basis | None = None
    """By which rates the deals in the funnel were added up; None where they are all in the workspace's currency."""


class Funnel:
    """The funnels of one workspace; no query here can see another's deals.

    count
        The deals that are in a stage now. Of the closed stages only those closed within the last 90 days: an open
        stage is what waits there, a closed one is what came out of the funnel lately.
    conversion
        How many of a stage's deals move on to a later one. Among the deals created within the last 365 days, let a
        deal's reach be the latest stage it was ever in, lost not counting. Of stage S

            moved on = the deals that reach beyond S, also if they skipped S
            dropped  = the deals that reach S and are lost now
            decided  = moved on + dropped
            conversion = moved on / decided, or None where nothing is decided

        Deals that reach S and are still open count neither way, so a young stage does not look worse than it is.
    median_days
        The median length, in days, of the stays in a stage that ended within the last 365 days.
    worth
        All amounts in the workspace's currency: of open deals at the rates of the report's day, of closed ones at those
        of the day they were closed; see models/pricing.

    A stage that was retired is read as the one that took it over. Moves that were undone count nowhere. "Within the
    last n days" leaves out its first moment and has its last, so that periods which follow each other share nothing.
    """

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def report(self, pipeline: Pipeline, *, at: datetime, since: datetime) -> FunnelReport:
        """The funnel now, which is `at`, and what has changed after `since`."""
        standing = self._standing(pipeline, at)
        reaches, stays = self._past_year(pipeline, at)
        every = [part for stage in pipeline.stages for part in standing[stage.id]]
        pricing = self._pricing(every, at)

        def tally(*kinds: StageKind) -> Tally:
            parts = (part for stage in pipeline.stages if stage.kind in kinds for part in standing[stage.id])
            return _tally(parts, pricing)

        return FunnelReport(
            pipeline=pipeline.name,
            at=at,
            currency=self._workspace.currency,
            rows=tuple(
                _row(stage, _tally(standing[stage.id], pricing), reaches, stays[stage.id])
                for stage in pipeline.stages
                if stage.kind is not StageKind.LOST
            ),
            open=tally(StageKind.OPEN),
            won=tally(StageKind.WON, StageKind.AFTER_SALES),
            lost=tally(StageKind.LOST),
            since=since,
            changes=self.changes(pipeline, since=since, until=at),
            basis=pricing.basis(_lots(every)),
        )

    def changes(self, pipeline: Pipeline, *, since: datetime, until: datetime) -> Changes:
        """What was moved after `since` and up to `until`, with the deals' amounts as they are known now, those of open
        deals at the rates of `until`."""
        moved: dict[Change, set[int]] = defaultdict(set)
        for deal_id, moves in self._histories(pipeline, since):
            for move in moves:
                if since < move.at <= until:
                    moved[move.change].add(deal_id)
        worth = self._worth(pipeline, since)
        pricing = self._pricing(worth.values(), until)

        def tally(change: Change) -> Tally:
            return _tally((worth[deal_id] for deal_id in moved[change]), pricing)

        return Changes(
            new=tally(Change.CREATED),
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
        parts: dict[int, list[_Part]] = defaultdict(list)
        for stage_id, currency, count, priced, amount in self._session.execute(query):
            parts[stage_id].append(_Part(currency, count, priced, amount))
        pricing = self._pricing([part for each in parts.values() for part in each], at)
        return {stage_id: _tally(each, pricing) for stage_id, each in parts.items()}

    def _standing(self, pipeline: Pipeline, at: datetime) -> dict[int, list["_Part"]]:
        """The deals of each stage that belong to the funnel at a moment, one part per currency; closed deals in
        another currency than the workspace's each by themselves, as each has its own day's rate."""
        query = (
            select(Deal.stage_id, Deal.currency, func.count(), func.count(Deal.amount), func.sum(Deal.amount))
            .join(Stage, Deal.stage_id == Stage.id)
            .where(self._of(pipeline), or_(Stage.kind == StageKind.OPEN, Deal.closed_at > at - CLOSED_WINDOW))
            .group_by(Deal.stage_id, Deal.currency)
        )
        open_stages = {stage.id for stage in pipeline.stages if stage.is_open}
        parts: dict[int, list[_Part]] = defaultdict(list)
        is_abroad = False
        for stage_id, currency, count, priced, amount in self._session.execute(query):
            if stage_id in open_stages or currency == self._workspace.currency:
                parts[stage_id].append(_Part(currency, count, priced, amount))
            else:
                is_abroad = True
        if is_abroad:
            for stage_id, part in self._closed_abroad(pipeline, at):
                parts[stage_id].append(part)
        return parts

    def _closed_abroad(self, pipeline: Pipeline, at: datetime) -> Iterator[tuple[int, "_Part"]]:
        query = select(Deal.stage_id, Deal.currency, Deal.amount, Deal.closed_at).where(
            self._of(pipeline), Deal.closed_at > at - CLOSED_WINDOW, Deal.currency != self._workspace.currency
        )
        for stage_id, currency, amount, closed_at in self._session.execute(query):
            yield stage_id, self._part(currency, amount, closed_at)

    def _worth(self, pipeline: Pipeline, since: datetime) -> dict[int, "_Part"]:
        """What each deal is worth that was moved after `since`."""
        columns = (Deal.id, Deal.currency, Deal.amount, Deal.closed_at)
        query = select(*columns).where(self._of(pipeline), Deal.entered_stage_at > since)
        return {
            deal_id: self._part(currency, amount, closed_at)
            for deal_id, currency, amount, closed_at in self._session.execute(query)
        }

    def _part(self, currency: str, amount: Decimal | None, closed_at: datetime | None) -> "_Part":
        is_abroad = currency != self._workspace.currency
        closed_on = day_in(self._workspace.time_zone, closed_at) if closed_at and is_abroad else None
        return _Part(currency, count=1, priced=int(amount is not None), amount=amount, closed_on=closed_on)

    def _pricing(self, parts: Iterable["_Part"], at: datetime) -> Pricing:
        """With the rates that these deals need; a team that sells in one currency needs none."""
        abroad = [part for part in parts if part.currency != self._workspace.currency and part.priced]
        if not abroad:
            return Pricing.without_rates(self._workspace, at=at)
        since = min((part.closed_on for part in abroad if part.closed_on), default=None)
        return ExchangeRates(self._session, self._workspace).pricing(at=at, since=since)

    def _past_year(self, pipeline: Pipeline, at: datetime) -> tuple["Counter[_Reach]", dict[int, list[float]]]:
        """How far the deals created within RATE_WINDOW came, and by stage the days of the stays that ended in it."""
        begin = at - RATE_WINDOW
        positions = {stage.id: stage.position for stage in pipeline.stages if stage.kind is not StageKind.LOST}
        reaches: Counter[_Reach] = Counter()
        stays: dict[int, list[float]] = defaultdict(list)
        for _, moves in self._histories(pipeline, begin):
            passed = [positions[move.to_stage_id] for move in moves if move.to_stage_id in positions]
            if moves[0].at > begin and passed:
                reaches[_Reach(max(passed), is_lost=moves[-1].to_stage_id not in positions)] += 1
            for entered, left in pairwise(moves):
                if left.at > begin:
                    stays[entered.to_stage_id].append((left.at - entered.at) / timedelta(days=1))
        return reaches, stays

    def _histories(self, pipeline: Pipeline, since: datetime) -> Iterator[tuple[int, list["_Move"]]]:
        """The kept moves of each deal that made one after `since`.

        Such a deal entered its stage after `since`: its latest kept move brought it there.
        """
        query = (
            select(StageChange.deal_id, StageChange.change, StageChange.to_stage_id, StageChange.at)
            .join(Deal, StageChange.deal_id == Deal.id)
            .where(self._of(pipeline), Deal.entered_stage_at > since)
            .order_by(StageChange.deal_id, StageChange.at, StageChange.id)
        )
        now = pipeline.stages_by_id()
        moves = (_Move(deal_id, change, now[to].id, at) for deal_id, change, to, at in self._session.execute(query))
        for deal_id, own in groupby(moves, key=attrgetter("deal_id")):
            yield deal_id, _entries(kept_moves(own))

    def _of(self, pipeline: Pipeline) -> ColumnElement[bool]:
        return and_(Deal.workspace_id == self._workspace.id, Deal.pipeline_id == pipeline.id)


@dataclass(frozen=True)
class _Part:
    """Some deals of one currency: how many, how many of them have an amount, and the sum of those; None without.

    `closed_on` is the day on which they were closed; None for open ones, and where no rate of that day is needed.
    """

    currency: str
    count: int
    priced: int
    amount: Decimal | None
    closed_on: date | None = None


class _Move(NamedTuple):
    deal_id: int
    change: Change
    to_stage_id: int
    at: datetime


class _Reach(NamedTuple):
    """The latest position that a deal was ever in, and whether it is lost now."""

    position: int
    is_lost: bool


def _tally(parts: Iterable[_Part], pricing: Pricing) -> Tally:
    count = unpriced = 0
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    some = list(parts)
    for part in some:
        count += part.count
        unpriced += part.count - part.priced
        if part.amount is not None:
            amounts[part.currency] += part.amount
    own_first = sorted(amounts, key=lambda currency: (currency != pricing.currency, currency))
    told = tuple(Money(amounts[currency], currency) for currency in own_first)
    return Tally(count, told, unpriced, pricing.total(_lots(some)))


def _lots(parts: Iterable[_Part]) -> list[Lot]:
    """One of each currency and day."""
    priced: dict[tuple[str, date | None], int] = defaultdict(int)
    amounts: dict[tuple[str, date | None], Decimal] = defaultdict(Decimal)
    for part in parts:
        if part.amount is not None:
            priced[part.currency, part.closed_on] += part.priced
            amounts[part.currency, part.closed_on] += part.amount
    return [Lot(priced[each], each[0], amount, each[1]) for each, amount in amounts.items()]


def _entries(moves: Sequence[_Move]) -> list[_Move]:
    """The moves that led into another stage: between two that were merged since there was none."""
    return [moves[0], *(later for earlier, later in pairwise(moves) if later.to_stage_id != earlier.to_stage_id)]


def _row(stage: Stage, standing: Tally, reaches: Counter[_Reach], stays: Sequence[float]) -> StageRow:
    moved_on = dropped = 0
    if stage.is_open:
        moved_on = sum(deals for reach, deals in reaches.items() if reach.position > stage.position)
        dropped = reaches[_Reach(stage.position, is_lost=True)]
    decided = moved_on + dropped
    return StageRow(
        stage_id=stage.id,
        name=stage.name,
        kind=stage.kind,
        count=standing.count,
        amounts=standing.amounts,
        unpriced=standing.unpriced,
        conversion=moved_on / decided if decided else None,
        decided=decided,
        median_days=median(stays) if stays else None,
        worth=standing.worth,
    )
