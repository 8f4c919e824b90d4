"""Deals added up by the database, in parts that can be priced: one of each currency and, where they are closed, of each
day, as each day has its own rates."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    cast,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from models.deal import Deal
from models.exchange import ExchangeRates
from models.local_days import date_told, local_day
from models.pricing import Pricing
from models.tally import Part
from models.workspace import Workspace

_NO_DAY = cast(null(), BigInteger)


class Sums:
    """Of the deals of one workspace."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def parts(self, deals: Select[Any], since: datetime, until: datetime) -> Iterator[tuple[Any, Part]]:
        """The deals of a query by its columns, one part per currency; of closed deals in another currency than the
        workspace's one for each day, where they were closed between two moments, as most of them should be."""
        is_apart = and_(Deal.closed_at.is_not(None), Deal.currency != self._workspace.currency)
        closed_on = case((is_apart, self._closed_on(since, until)))
        return self._read(self._added_up(deals, closed_on))

    def parts_of_both(
        self, waiting: Select[Any], closed: Select[Any], since: datetime, until: datetime
    ) -> Iterator[tuple[Any, Part]]:
        """The same of open deals and of closed ones in one query. Of these an index finds those in the workspace's own
        currency apart from the others, which are below and above it, and so their days cost nothing."""
        own, closed_on = self._workspace.currency, self._closed_on(since, until)
        as_one = [self._added_up(each, _NO_DAY) for each in (waiting, closed.where(Deal.currency == own))]
        abroad = [closed.where(Deal.currency < own), closed.where(Deal.currency > own)]
        return self._read(union_all(*as_one, *(self._added_up(each, closed_on) for each in abroad)))

    def _closed_on(self, since: datetime, until: datetime) -> ColumnElement[Any]:
        return local_day(Deal.closed_at, since, until, ZoneInfo(self._workspace.time_zone))

    def _added_up(self, deals: Select[Any], closed_on: ColumnElement[Any]) -> Select[Any]:
        mine = deals.where(Deal.workspace_id == self._workspace.id)
        each = mine.add_columns(Deal.currency, Deal.amount, closed_on.label("closed_on")).subquery()
        *by, currency, amount, closed = each.columns
        return select(*by, currency, closed, func.count(), func.count(amount), func.sum(amount)).group_by(
            *by, currency, closed
        )

    def _read(self, sums: Select[Any] | CompoundSelect[Any]) -> Iterator[tuple[Any, Part]]:
        zone = ZoneInfo(self._workspace.time_zone)
        for row in self._session.execute(sums):
            *of, currency, told, count, priced, total = row
            yield of, Part(currency, count, priced, total, None if told is None else date_told(told, zone))

    def pricing(self, parts: Iterable[Part], at: datetime) -> Pricing:
        """With the rates that these deals need; a team that sells in one currency needs none."""
        abroad = [part for part in parts if part.currency != self._workspace.currency and part.priced]
        if not abroad:
            return Pricing.without_rates(self._workspace, at=at)
        since = min((part.closed_on for part in abroad if part.closed_on), default=None)
        return ExchangeRates(self._session, self._workspace).pricing(at=at, since=since)
